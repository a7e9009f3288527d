import { Worker } from 'node:worker_threads';
import { ProxyError } from '../errors.ts';
import type { CountCall, CountReply } from './token-worker.ts';
import type { Vocabulary } from './tokenize.ts';

/** The vocabulary takes some 100 MB: it is given back when nobody has counted for so long. */
const IDLE_MS = 120_000;

interface Waiting {
  resolve(tokens: number): void;
  reject(error: ProxyError): void;
}

/** Counts in a thread of its own, which starts with the first text and ends when it has been idle. */
class TokenThread {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #seq = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  count(vocabulary: Vocabulary, text: string): Promise<number> {
    const seq = ++this.#seq;
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ seq, vocabulary, text } satisfies CountCall);
    });
  }

  #start(): Worker {
    // Bundled, the thread's file lies beside the one that holds this.
    const file = import.meta.url.endsWith('.ts') ? './token-worker.ts' : './token-worker.js';
    const worker = new Worker(new URL(file, import.meta.url));
    worker.unref();
    worker.on('message', (reply: CountReply) => this.#receive(reply));
    worker.on('error', (error: unknown) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, 'it ended'));
    return worker;
  }

  #receive(reply: CountReply): void {
    const waiting = this.#waiting.get(reply.seq);
    this.#waiting.delete(reply.seq);
    if ('error' in reply) waiting?.reject(failure(reply.error));
    else waiting?.resolve(reply.tokens);
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  /** The next text starts a new one. */
  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(failure(cause));
    this.#waiting.clear();
  }
}

function failure(cause: unknown): ProxyError {
  return new ProxyError('internal', 'counting tokens failed; see the log of llmproxy for details', { cause });
}

const thread = new TokenThread();

/** How many tokens a text has in a vocabulary; the event loop goes on meanwhile. Rejects with ProxyError `internal`. */
export function countInThread(vocabulary: Vocabulary, text: string): Promise<number> {
  return thread.count(vocabulary, text);
}
