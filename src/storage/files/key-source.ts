import { readFile } from 'node:fs/promises';
import { ProxyError } from '../../errors.ts';
import { parseKeyFile, parseSecretKey, type SecretKey } from './secret-key.ts';
import { systemReason } from './storage-error.ts';

/** Where keys may stand; each may be absent. */
export interface KeySource {
  /** The key itself; it comes before the file. */
  readonly key?: string | undefined;
  readonly file?: string | undefined;
  /** Keys that only decrypt, one per line. */
  readonly previous?: string | undefined;
}

/** The keys of a user: `current` encrypts, all of them decrypt. */
export interface SecretKeys {
  /** Undefined: nothing is encrypted. */
  readonly current: SecretKey | undefined;
  readonly others: readonly SecretKey[];
}

/** Reads the keys. Throws `invalid_config` for a file that cannot be read, and for what is no key. */
export async function loadSecretKeys({ key, file, previous }: KeySource): Promise<SecretKeys> {
  const first = key === undefined || key.trim() === '' ? await keysOfFile(file) : [await parseSecretKey(key)];
  const older = previous === undefined ? [] : await parseKeyFile(Buffer.from(previous));
  const [current, ...others] = first;
  return { current, others: [...others, ...older] };
}

async function keysOfFile(file: string | undefined): Promise<readonly SecretKey[]> {
  if (file === undefined || file === '') return [];
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new ProxyError('invalid_config', `cannot read the key file ${file}: ${systemReason(error)}`, {
      cause: error,
    });
  }
  const keys = await parseKeyFile(bytes);
  // To go on without one would write tokens in plain text.
  if (keys.length === 0) throw new ProxyError('invalid_config', `the key file ${file} has no key in it`);
  return keys;
}
