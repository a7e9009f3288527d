import { existsSync } from 'node:fs';
import { ProxyError } from '../../errors.ts';
import type { StateKind, StateName, StateRow, StateStore } from '../ports.ts';
import { threadFile, WorkerThread } from '../worker-thread.ts';
import type { StateCall, StateSettings, StateValue } from './state-messages.ts';

const REST_AFTER_MS = 10_000;

/** State in a SQLite file, written by a worker thread. Calls reject with ProxyError `storage_failed`. */
export class WorkerStateStore implements StateStore {
  readonly #file: string;
  readonly #thread: WorkerThread<StateCall, StateValue>;

  /** `warn` hears what the operator should know. */
  constructor(settings: StateSettings, warn: (message: string) => void, restAfterMs: number = REST_AFTER_MS) {
    this.#file = settings.file;
    const thread = {
      file: threadFile('state-worker', import.meta.url),
      data: settings,
      name: 'the store of state',
      warn,
      failure: (cause: string) => new ProxyError('storage_failed', `${settings.file}: ${cause}`),
      restAfterMs,
    };
    this.#thread = new WorkerThread(thread, { method: 'close' });
  }

  /** A first start does not wait for a thread to find nothing. */
  async load(kind: StateKind): Promise<readonly StateRow[]> {
    if (!existsSync(this.#file)) return [];
    return this.#thread.call({ method: 'load', kind });
  }

  async put(rows: readonly StateRow[]): Promise<void> {
    await this.#thread.call({ method: 'put', rows });
  }

  async delete(names: readonly StateName[]): Promise<void> {
    await this.#thread.call({ method: 'delete', names });
  }

  /** Waits until everything is written. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
