import {
  type ChangedAccounts,
  createSecretKey,
  decryptAccounts,
  type LoadedConfig,
  loadConfig,
  rotateAccountKeys,
} from '../../index.ts';
import { explainStartError } from '../start-error.ts';

/** Flags of `llmproxy keys ...` as the command line gave them. */
export interface KeysFlags {
  readonly config?: string | undefined;
  readonly newKeyFile?: string | undefined;
}

/** The process around the command; tests put their own here. */
export interface KeysContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  out(line: string): void;
  warn(line: string): void;
}

/** `llmproxy keys new`: prints a fresh key. */
export function newKey({ out }: Pick<KeysContext, 'out'>): number {
  out(createSecretKey());
  return 0;
}

/** `llmproxy keys rotate`: encrypts every account with the new key. Resolves with the exit code. */
export function rotateKeys(flags: KeysFlags, context: KeysContext): Promise<number> {
  return change(flags, context, 'encrypted with the new key', (options) =>
    rotateAccountKeys({ ...options, newKeyFile: flags.newKeyFile }),
  );
}

/** `llmproxy keys decrypt`: turns every account into plain JSON. Resolves with the exit code. */
export function decryptKeys(flags: KeysFlags, context: KeysContext): Promise<number> {
  return change(flags, context, 'decrypted', decryptAccounts);
}

type Options = Parameters<typeof decryptAccounts>[0];

async function change(
  flags: KeysFlags,
  context: KeysContext,
  done: string,
  run: (options: Options) => Promise<ChangedAccounts>,
): Promise<number> {
  try {
    const { env, directory: folder } = context;
    const loaded: LoadedConfig = await loadConfig({ file: flags.config, env, directory: folder });
    const warn = (message: string): void => context.warn(`warning: ${message}`);
    const { directory, changed, problems } = await run({ config: loaded.config, env, warn });
    context.out(`${changed} account files in ${directory} are ${done} now`);
    for (const { message } of problems) context.warn(`left as it is: ${message}`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    const { line, exitCode } = explainStartError(error, undefined);
    context.warn(line);
    return exitCode;
  }
}
