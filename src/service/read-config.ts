import { Worker } from 'node:worker_threads';
import type { Synthesis } from '../config/compatibility.ts';
import type { LoadedConfig, LoadOptions } from '../config/load.ts';
import type { Credential } from '../credentials/credential.ts';
import { type ErrorCode, ProxyError } from '../errors.ts';
import { fromParts, type Parts } from './config-parts.ts';
import { inSlices } from './slices.ts';

/** What the thread is started with. */
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

/** Reads the configuration in a thread of its own. Throws ProxyError `invalid_config` with one clear line. */
export async function readConfig(options: LoadOptions): Promise<ReadConfig> {
  const reply = await askThread({ ...options, env: { ...options.env } });
  if ('failure' in reply) {
    const { code, message, path } = reply.failure;
    throw new ProxyError(code, message, path === undefined ? {} : { path });
  }
  // cast: the parts of what the thread made as exactly this
  return (await inSlices(fromParts(reply.parts))) as ReadConfig;
}

function askThread(request: ConfigRequest): Promise<ConfigReply> {
  // Bundled, the thread's file lies beside the one that holds this.
  const file = import.meta.url.endsWith('.ts') ? './config-worker.ts' : './config-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: request });
  worker.unref();
  return new Promise<ConfigReply>((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new ProxyError('internal', 'the configuration could not be read; see the log for details', { cause }));
    const timer = setTimeout(() => fail(`no answer within ${MAX_MS / 1000} s`), MAX_MS).unref();
    worker.once('message', resolve);
    worker.once('error', fail);
    worker.once('exit', () => {
      clearTimeout(timer);
      fail('the thread ended');
    });
  }).finally(() => void worker.terminate());
}
