import { readdir, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { ProxyError } from '../errors.ts';
import { type AccountsConfig, DEFAULT_AUTH_DIR } from './schema/accounts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the accounts of this machine's CLIProxyAPI lie unless it was told otherwise. */
const REFERENCE_DIR = '~/.cli-proxy-api';

/** A path with `~` expanded; undefined where it needs a home directory and there is none. */
export function expandHome(path: string, env: Environment): string | undefined {
  if (path !== '~' && !/^~[/\\]/.test(path)) return resolve(path);
  const home = homeOf(env);
  return home === undefined ? undefined : resolve(join(home, path.slice(1)));
}

/**
 * The directory of accounts; undefined: there is no home directory to have it in. Throws `invalid_config` for one that
 * holds everything else as well: permissions of its files are repaired, and damaged ones set aside.
 */
export function accountDirectory(config: AccountsConfig, env: Environment): string | undefined {
  const directory = expandHome(config['auth-dir'], env);
  if (directory === undefined) return undefined;
  const home = homeOf(env);
  const isAbove = home !== undefined && `${resolve(home)}/`.startsWith(`${directory === '/' ? '' : directory}/`);
  if (isAbove || parse(directory).root === directory) {
    const hint = `give accounts a directory of their own, such as ${DEFAULT_AUTH_DIR}`;
    throw new ProxyError('invalid_config', `auth-dir: ${directory} holds more than accounts; ${hint}`, {
      path: 'auth-dir',
    });
  }
  return directory;
}

/** What to tell somebody whose accounts of CLIProxyAPI lie where nobody looks for them; undefined: nothing. */
export async function forgottenAccounts(config: AccountsConfig, env: Environment): Promise<string | undefined> {
  if (config['auth-dir'] !== DEFAULT_AUTH_DIR) return undefined;
  const own = expandHome(DEFAULT_AUTH_DIR, env);
  const other = expandHome(REFERENCE_DIR, env);
  if (own === undefined || other === undefined || (await exists(own))) return undefined;
  const names = await readdir(other).catch(() => []);
  if (!names.some((name) => name.endsWith('.json'))) return undefined;
  return `${other} has accounts of CLIProxyAPI, which are not used; to use them, set auth-dir: ${REFERENCE_DIR}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function homeOf(env: Environment): string | undefined {
  return env['HOME'] || env['USERPROFILE'] || undefined;
}
