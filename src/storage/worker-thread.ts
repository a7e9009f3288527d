import { type Transferable, Worker } from 'node:worker_threads';
import type { ProxyError } from '../errors.ts';

/** What a thread is sent. Without a number nobody waits for the answer. */
export interface ThreadCall<Call> {
  readonly seq: number | undefined;
  readonly body: Call;
  /** The last one: the thread ends after it. */
  readonly isLast: boolean;
}

/** What comes back. */
export type ThreadReply<Value> =
  | { readonly seq: number; readonly value: Value }
  | { readonly seq: number; readonly error: string }
  /** Something the operator should know; no call waits for it. */
  | { readonly warning: string };

/** What a thread is started with. */
export interface ThreadOptions {
  /** Of the thread's module, see {@link threadFile}. */
  readonly file: URL;
  /** Its `workerData`. */
  readonly data: unknown;
  /** For messages: `the store of responses`. */
  readonly name: string;
  /** Hears what the operator should know. */
  warn(message: string): void;
  /** What a call that failed rejects with. */
  failure(cause: string): ProxyError;
  /** A thread that has not answered a call for so long hangs, on a disk that does not answer, and is given up. */
  readonly answerWithinMs?: number | undefined;
  /** A thread that was not called for so long ends, and with it its ten megabytes; the next call starts one. */
  readonly restAfterMs?: number | undefined;
}

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: ProxyError): void;
  readonly timer: NodeJS.Timeout;
}

const ANSWER_WITHIN_MS = 30_000;

/** The address of a thread's module beside another one: run from the sources, or from the bundle. */
export function threadFile(name: string, besideUrl: string): URL {
  return new URL(`./${name}.${besideUrl.endsWith('.ts') ? 'ts' : 'js'}`, besideUrl);
}

/** Calls into a worker thread, which starts at the first of them: who stores nothing pays nothing. */
export class WorkerThread<Call, Value> {
  readonly #options: ThreadOptions;
  readonly #answerWithinMs: number;
  readonly #waiting = new Map<number, Waiting<Value>>();
  #worker: Worker | undefined;
  #isClosing = false;
  #seq = 0;
  readonly #last: Call;
  #rest: NodeJS.Timeout | undefined;
  /** Ends with the thread that was sent to rest. */
  #resting: Promise<unknown> = Promise.resolve();

  /** `last`: the call after which a thread has nothing left to do. */
  constructor(options: ThreadOptions, last: Call) {
    this.#options = options;
    this.#answerWithinMs = options.answerWithinMs ?? ANSWER_WITHIN_MS;
    this.#last = last;
  }

  /** Sends without waiting; a failure becomes a warning. `moved` no longer belongs to the caller. */
  post(body: Call, moved: readonly Transferable[] = []): void {
    this.#send({ seq: undefined, body, isLast: false }, moved);
  }

  call(body: Call): Promise<Value> {
    return this.#call(body, false);
  }

  /** Waits until everything before it is done, within bounds; nothing when the thread never started. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    await this.#resting;
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    this.#isClosing = true;
    await this.#call(this.#last, true).catch(() => undefined);
    this.#isClosing = false;
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    await worker.terminate();
  }

  #call(body: Call, isLast: boolean): Promise<Value> {
    const seq = ++this.#seq;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(), this.#answerWithinMs);
      timer.unref();
      this.#waiting.set(seq, { resolve, reject, timer });
      this.#send({ seq, body, isLast }, []);
    });
  }

  #send(call: ThreadCall<Call>, moved: readonly Transferable[]): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(call, moved);
    if (!call.isLast) this.#restLater();
  }

  #restLater(): void {
    const { restAfterMs } = this.#options;
    if (restAfterMs === undefined) return;
    this.#rest ??= setTimeout(() => this.#endIdle(), restAfterMs).unref();
    this.#rest.refresh();
  }

  #endIdle(): void {
    this.#rest = undefined;
    const worker = this.#worker;
    if (worker === undefined || this.#isClosing) return;
    if (this.#waiting.size > 0) {
      this.#restLater();
      return;
    }
    this.#worker = undefined;
    worker.ref();
    this.#resting = new Promise((done) => worker.once('exit', done));
    const call: ThreadCall<Call> = { seq: undefined, body: this.#last, isLast: true };
    worker.postMessage(call);
  }

  #start(): Worker {
    const worker = new Worker(this.#options.file, {
      workerData: this.#options.data,
      // Older versions call their SQLite experimental at every start.
      execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    });
    worker.unref();
    worker.on('message', (reply: ThreadReply<Value>) => this.#receive(reply));
    worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#lost(worker, 'it ended'));
    return worker;
  }

  #receive(reply: ThreadReply<Value>): void {
    if ('warning' in reply) {
      this.#options.warn(reply.warning);
      return;
    }
    const waiting = this.#waiting.get(reply.seq);
    this.#waiting.delete(reply.seq);
    clearTimeout(waiting?.timer);
    if ('error' in reply) waiting?.reject(this.#options.failure(reply.error));
    else waiting?.resolve(reply.value);
  }

  /** Not waited for: a thread that hangs in a system call ends when that does. */
  #giveUp(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#lost(worker, `no answer within ${this.#answerWithinMs / 1000} s`);
    worker.unref();
    void worker.terminate();
  }

  /** The next call starts a new one. */
  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    // At the end a thread may be gone before its last answer is heard.
    if (!this.#isClosing) this.#options.warn(`${this.#options.name} broke off: ${why}`);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#options.failure(why));
    }
    this.#waiting.clear();
  }
}
