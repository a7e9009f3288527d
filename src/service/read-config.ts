import { Worker } from 'node:worker_threads';
import type { Synthesis } from '../config/compatibility.ts';
import type { LoadedConfig, LoadOptions } from '../config/load.ts';
import type { Credential } from '../credentials/credential.ts';
import { type ErrorCode, ProxyError } from '../errors.ts';
import { fromParts, type Parts } from './config-parts.ts';
import { inSlices } from './slices.ts';

/** What the thread is asked. */
export type ConfigRequest = Omit<LoadOptions, 'env'> & { readonly env: Record<string, string | undefined> };

/** What it answers. */
export type ConfigReply =
  | { readonly parts: Parts }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly path: string | undefined } };

/** A configuration and what follows from it. */
export interface ReadConfig {
  readonly loaded: LoadedConfig;
  readonly found: Synthesis<Credential>;
}

/** A file on a disk that does not answer must not hold up every later change. */
const MAX_MS = 60_000;
/** Changes come in rows while somebody edits; the thread's memory is given back when there was none for so long. */
const IDLE_MS = 10_000;

/** Reads configurations in a thread of its own, one at a time. */
export class ConfigReader {
  #worker: Worker | undefined;
  #waiting: { done(reply: ConfigReply): void; fail(cause: unknown): void } | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Throws ProxyError `invalid_config` with one clear line. */
  async read(options: LoadOptions): Promise<ReadConfig> {
    clearTimeout(this.#idle);
    const reply = await this.#ask({ ...options, env: { ...options.env } });
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
    if ('failure' in reply) {
      const { code, message, path } = reply.failure;
      throw new ProxyError(code, message, path === undefined ? {} : { path });
    }
    // cast: the parts of what the thread made as exactly this
    return (await inSlices(fromParts(reply.parts))) as ReadConfig;
  }

  close(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #ask(request: ConfigRequest): Promise<ConfigReply> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        this.close();
        const message = 'the configuration could not be read; see the log for details';
        reject(new ProxyError('internal', message, { cause }));
      };
      const timer = setTimeout(() => this.#waiting?.fail(`no answer within ${MAX_MS / 1000} s`), MAX_MS).unref();
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
        done();
      };
      this.#waiting = {
        done: (reply) => settle(() => resolve(reply)),
        fail: (cause) => settle(() => fail(cause)),
      };
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    // Bundled, the thread's file lies beside the one that holds this.
    const file = import.meta.url.endsWith('.ts') ? './config-worker.ts' : './config-worker.js';
    const worker = new Worker(new URL(file, import.meta.url));
    worker.unref();
    const lost = (cause: unknown): void => {
      if (this.#worker === worker) this.#waiting?.fail(cause);
    };
    worker.on('message', (reply: ConfigReply) => this.#waiting?.done(reply));
    worker.on('error', lost);
    worker.on('exit', () => lost('the thread ended'));
    return worker;
  }
}
