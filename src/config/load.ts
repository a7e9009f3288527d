import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ProxyError } from '../errors.ts';
import { refuseExampleKeys } from './example-keys.ts';
import { checkExposure } from './exposure.ts';
import { type ConfigPlaces, type LoadedConfig, parseConfigWithPlaces } from './parse.ts';
import { parsePath } from './walk.ts';

export type { LoadedConfig } from './parse.ts';

/** Where to look for the file and what overrides it. */
export interface LoadOptions {
  /** From `--config`. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory by default. */
  readonly directory?: string;
  /** Flags by key: `{ port: '8080' }`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
}

/** Tells whether a configuration file is still the same. */
export function contentHash(text: string | Uint8Array): string {
  return hash('sha256', text);
}

/** `$XDG_CONFIG_HOME/llmproxy/config.yaml`, by default below `~/.config`. */
export function userConfigFile(env: LoadOptions['env']): string {
  const configured = env['XDG_CONFIG_HOME'];
  // The XDG specification says to ignore relative paths.
  const usable = configured !== undefined && isAbsolute(configured);
  return join(usable ? configured : join(env['HOME'] ?? homedir(), '.config'), 'llmproxy', 'config.yaml');
}

/** The file to load: `--config`, `$LLMPROXY_CONFIG`, `./config.yaml`, the user's. Undefined: there is none. */
export function findConfigFile(options: LoadOptions): string | undefined {
  const directory = options.directory ?? process.cwd();
  const named = options.file ?? (options.env['LLMPROXY_CONFIG'] || undefined);
  if (named !== undefined) return resolve(directory, named);
  return [join(directory, 'config.yaml'), userConfigFile(options.env)].find((file) => existsSync(file));
}

/** Finds, reads, layers and validates the configuration. Throws `invalid_config` with one clear line. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = findConfigFile(options);
  const text = file === undefined ? undefined : await readConfig(file);
  const { placeOf, originOf, ...loaded } = parseConfigWithPlaces({
    text,
    file,
    env: options.env,
    flags: options.flags ?? {},
  });
  try {
    refuseExampleKeys(loaded.config);
    checkExposure(loaded.config);
  } catch (error) {
    throw withPlace(error, file, { placeOf, originOf });
  }
  return text === undefined ? loaded : { ...loaded, revision: contentHash(text) };
}

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ProxyError('invalid_config', `${file}: ${readProblem(error)}`, { cause: error });
  }
}

function readProblem(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
      return 'no permission to read this file';
    case 'EISDIR':
      return 'this is a directory, not a file';
    default:
      return 'cannot read this file';
  }
}

function withPlace(error: unknown, file: string | undefined, { placeOf, originOf }: ConfigPlaces): unknown {
  if (!(error instanceof ProxyError) || error.path === undefined) return error;
  const path = parsePath(error.path);
  const place = placeOf(path);
  const where = originOf(path) ?? (place === undefined ? file : `${file}:${place.line}:${place.column}`);
  if (where === undefined) return error;
  return new ProxyError(error.code, `${where}: ${error.message}`, { path: error.path, cause: error });
}
