import { Worker } from 'node:worker_threads';
import { ProxyError } from '../errors.ts';
import type { ArchiveCall, ArchiveReply, ArchiveSettings } from './archive-messages.ts';
import type { FinishedTurn, Found, ResponseArchive } from './response-archive.ts';

interface Waiting {
  resolve(value: Found<Uint8Array> | boolean | undefined): void;
  reject(error: ProxyError): void;
}

/** The archive in a worker thread, which starts at the first call: who stores nothing pays nothing. */
export class WorkerArchive implements ResponseArchive {
  readonly #settings: ArchiveSettings;
  readonly #warn: (message: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #seq = 0;

  /** `warn` hears what the operator should know. */
  constructor(settings: ArchiveSettings, warn: (message: string) => void) {
    this.#settings = settings;
    this.#warn = warn;
  }

  save(turn: FinishedTurn): void {
    // One allocation of its own for both bodies, which moves to the worker instead of being copied once more.
    const bytes = new Uint8Array(turn.request.length + turn.answer.length);
    bytes.set(turn.request);
    bytes.set(turn.answer, turn.request.length);
    const request = bytes.subarray(0, turn.request.length);
    const answer = bytes.subarray(turn.request.length);
    this.#post({ method: 'save', turn: { ...turn, request, answer } }, [bytes.buffer]);
  }

  find(owner: string, id: string): Promise<Found<Uint8Array>> {
    return this.#call((seq) => ({ method: 'find', seq, owner, id })).then(asFound);
  }

  inputOf(owner: string, id: string): Promise<Found<Uint8Array>> {
    return this.#call((seq) => ({ method: 'inputOf', seq, owner, id })).then(asFound);
  }

  continue(owner: string, id: string, input: Uint8Array): Promise<Found<Uint8Array>> {
    // A view of a pooled buffer would take the whole pool along.
    return this.#call((seq) => ({ method: 'continue', seq, owner, id, input: new Uint8Array(input) })).then(asFound);
  }

  async remove(owner: string, id: string): Promise<boolean> {
    return (await this.#call((seq) => ({ method: 'remove', seq, owner, id }))) === true;
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    await this.#call((seq) => ({ method: 'close', seq })).catch(() => undefined);
    this.#worker = undefined;
    await worker.terminate();
  }

  #call(make: (seq: number) => ArchiveCall): Promise<Found<Uint8Array> | boolean | undefined> {
    const seq = ++this.#seq;
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject });
      this.#post(make(seq), []);
    });
  }

  #post(call: ArchiveCall, moved: readonly ArrayBuffer[]): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(call, moved);
  }

  #start(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './archive-worker.ts' : './archive-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#settings,
      // Older versions call their SQLite experimental at every start.
      execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    });
    worker.unref();
    worker.on('message', (reply: ArchiveReply) => this.#receive(reply));
    worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#lost(worker, 'it ended'));
    return worker;
  }

  #receive(reply: ArchiveReply): void {
    if ('warning' in reply) {
      this.#warn(reply.warning);
      return;
    }
    const waiting = this.#waiting.get(reply.seq);
    this.#waiting.delete(reply.seq);
    if ('error' in reply) waiting?.reject(failure(reply.error));
    else waiting?.resolve(reply.value);
  }

  /** The next call starts a new one. */
  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#warn(`the store of responses broke off: ${why}`);
    for (const { reject } of this.#waiting.values()) reject(failure(why));
    this.#waiting.clear();
  }
}

function asFound(value: Found<Uint8Array> | boolean | undefined): Found<Uint8Array> {
  return typeof value === 'object' ? value : { kind: 'unknown' };
}

function failure(cause: string): ProxyError {
  return new ProxyError('internal', 'the store of responses failed; see the log of llmproxy for details', { cause });
}
