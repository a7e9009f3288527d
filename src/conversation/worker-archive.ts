import { ProxyError } from '../errors.ts';
import { threadFile, WorkerThread } from '../storage/worker-thread.ts';
import type { ArchiveCall, ArchiveSettings, ArchiveValue } from './archive-messages.ts';
import type { FinishedTurn, Found, ResponseArchive } from './response-archive.ts';

/** The archive in a worker thread, which starts at the first call. */
export class WorkerArchive implements ResponseArchive {
  readonly #thread: WorkerThread<ArchiveCall, ArchiveValue>;

  /** `warn` hears what the operator should know. */
  constructor(settings: ArchiveSettings, warn: (message: string) => void, answerWithinMs?: number) {
    const file = threadFile('archive-worker', import.meta.url);
    const name = 'the store of responses';
    const thread = { file, data: settings, name, warn, failure, answerWithinMs };
    this.#thread = new WorkerThread(thread, { method: 'close' });
  }

  save(turn: FinishedTurn): void {
    // One allocation of its own for both bodies, which moves to the worker instead of being copied once more.
    const bytes = new Uint8Array(turn.request.length + turn.answer.length);
    bytes.set(turn.request);
    bytes.set(turn.answer, turn.request.length);
    const request = bytes.subarray(0, turn.request.length);
    const answer = bytes.subarray(turn.request.length);
    this.#thread.post({ method: 'save', turn: { ...turn, request, answer } }, [bytes.buffer]);
  }

  find(owner: string, id: string): Promise<Found<Uint8Array>> {
    return this.#thread.call({ method: 'find', owner, id }).then(asFound);
  }

  inputOf(owner: string, id: string): Promise<Found<Uint8Array>> {
    return this.#thread.call({ method: 'inputOf', owner, id }).then(asFound);
  }

  continue(owner: string, id: string, input: Uint8Array): Promise<Found<Uint8Array>> {
    // A view of a pooled buffer would take the whole pool along.
    return this.#thread.call({ method: 'continue', owner, id, input: new Uint8Array(input) }).then(asFound);
  }

  async remove(owner: string, id: string): Promise<boolean> {
    return (await this.#thread.call({ method: 'remove', owner, id })) === true;
  }

  /** Waits until everything is written. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

function asFound(value: ArchiveValue): Found<Uint8Array> {
  return typeof value === 'object' ? value : { kind: 'unknown' };
}

function failure(cause: string): ProxyError {
  return new ProxyError('internal', 'the store of responses failed; see the log of llmproxy for details', { cause });
}
