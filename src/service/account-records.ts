import type { Clock } from '../clock.ts';
import { accountDirectory, expandHome, forgottenAccounts } from '../config/account-directory.ts';
import type { AccountsConfig } from '../config/schema/accounts.ts';
import { ProxyError } from '../errors.ts';
import { createRecordCipher } from '../storage/files/cipher.ts';
import { loadSecretKeys, type SecretKeys } from '../storage/files/key-source.ts';
import { createFileRecords, type FileRecords } from '../storage/files/records.ts';
import type { RecordProblem } from '../storage/ports.ts';

/** What the directory of accounts is opened with. */
export interface AccountRecordsOptions {
  readonly config: AccountsConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  /** For the operator, one line; no secrets. */
  readonly warn: (message: string) => void;
}

/** What became of the files of all accounts. */
export interface ChangedAccounts {
  readonly directory: string;
  readonly changed: number;
  /** Files that were left as they are. */
  readonly problems: readonly RecordProblem[];
}

/**
 * Opens the directory of accounts that the configuration names, with the keys of the environment and the configuration.
 * Undefined: there is no home directory to have it in. Throws `invalid_config` when directory or keys cannot be.
 */
export async function openAccountRecords(
  options: AccountRecordsOptions,
): Promise<{ readonly directory: string; readonly records: FileRecords } | undefined> {
  const directory = accountDirectory(options.config, options.env);
  if (directory === undefined) return undefined;
  const hint = await forgottenAccounts(options.config, options.env);
  if (hint !== undefined) options.warn(hint);
  return { directory, records: openWith(options, directory, await configuredKeys(options)) };
}

/**
 * Encrypts every account file with the first key of `newKeyFile`, without one with the key that is set. Stopped in the
 * middle it leaves files of both keys; doing it again goes on. Throws `invalid_config`, `storage_failed`.
 */
export async function rotateAccountKeys(
  options: AccountRecordsOptions & { readonly newKeyFile?: string | undefined },
): Promise<ChangedAccounts> {
  const old = await configuredKeys(options);
  const fresh = options.newKeyFile === undefined ? old : await loadSecretKeys({ file: options.newKeyFile });
  if (fresh.current === undefined)
    throw new ProxyError('invalid_config', 'there is no key; `llmproxy keys new` makes one');
  return reseal(options, { current: fresh.current, others: [...fresh.others, ...listed(old)] });
}

/** Turns every account file that the keys open into plain JSON. Throws `invalid_config`, `storage_failed`. */
export async function decryptAccounts(options: AccountRecordsOptions): Promise<ChangedAccounts> {
  return reseal(options, { current: undefined, others: listed(await configuredKeys(options)) });
}

async function reseal(options: AccountRecordsOptions, keys: SecretKeys): Promise<ChangedAccounts> {
  const directory = accountDirectory(options.config, options.env);
  if (directory === undefined) throw new ProxyError('invalid_config', 'auth-dir: there is no home directory');
  const records = openWith(options, directory, keys);
  try {
    return { directory, ...(await records.reseal()) };
  } finally {
    await records.close();
  }
}

function openWith({ clock, warn }: AccountRecordsOptions, directory: string, keys: SecretKeys): FileRecords {
  const encryption = createRecordCipher(keys.current, keys.others);
  return createFileRecords({ directory, encryption, warn, ...(clock === undefined ? {} : { clock }) });
}

function configuredKeys({ config, env }: AccountRecordsOptions): Promise<SecretKeys> {
  const file = env['LLMPROXY_SECRET_KEY_FILE'] || config['auth-encryption']['key-file'];
  return loadSecretKeys({
    key: env['LLMPROXY_SECRET_KEY'],
    file: file === '' ? undefined : expandHome(file, env),
    previous: env['LLMPROXY_SECRET_KEY_PREVIOUS'],
  });
}

function listed({ current, others }: SecretKeys): SecretKeys['others'] {
  return current === undefined ? others : [current, ...others];
}
