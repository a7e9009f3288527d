/** CLIProxyAPI's flags, with one dash or two, as spellings of our commands. */
import type { LoginProvider } from '../index.ts';

/** Flags of its own that go along with a login, and ours. */
const COMPANIONS: Readonly<Record<string, { readonly name: string; readonly takesValue: boolean }>> = {
  'no-browser': { name: '--no-browser', takesValue: false },
  'oauth-callback-port': { name: '--port', takesValue: true },
  config: { name: '--config', takesValue: true },
  project_id: { name: '--project', takesValue: true },
  'vertex-import-prefix': { name: '--prefix', takesValue: true },
  'kiro-idc-start-url': { name: '--start-url', takesValue: true },
  'kiro-idc-region': { name: '--region', takesValue: true },
};
/** As Go writes false. */
const FALSE = /^(0|f|false)$/i;

/** Whose logins there are flags for. */
export type OldFlagProvider = Pick<LoginProvider, 'id' | 'oldFlags'>;

interface Flag {
  readonly name: string;
  readonly value: string | undefined;
}

/**
 * The arguments as our commands spell them: `-claude-login -no-browser` becomes `login claude --no-browser`. Arguments
 * without such a login stay as they are, but for `-config`, which a server takes as well.
 */
export function withOldFlags(args: readonly string[], providers: readonly OldFlagProvider[]): readonly string[] {
  const login = args.flatMap((text) => loginOf(flagOf(text), providers) ?? [])[0];
  if (login === undefined) return args.map((text) => (/^-config(=|$)/.test(text) ? `-${text}` : text));
  const command: string[] = ['login', login.provider];
  for (let index = 0; index < args.length; index++) {
    const text = args[index] ?? '';
    const flag = flagOf(text);
    // Nothing where the value is missing: the command says so.
    const next = (): string[] => [flag?.value ?? args[++index] ?? []].flat();
    const own = loginOf(flag, providers);
    const companion = COMPANIONS[flag?.name ?? ''];
    // A flag of CLIProxyAPI's may be given a value, as in -no-browser=false.
    if (own !== undefined) command.push(...own.options, ...(own.takesFile ? next() : []));
    else if (companion === undefined) command.push(text);
    else if (companion.takesValue) command.push(...valued(companion.name, next()));
    else if (!isFalse(flag)) command.push(companion.name);
  }
  return command;
}

/** Its port 0 is the usual one, ours any that is free. */
function valued(name: string, value: readonly string[]): readonly string[] {
  return name === '--port' && value[0] === '0' ? [] : [name, ...value];
}

interface OldLogin {
  readonly provider: string;
  readonly options: readonly string[];
  /** The path of one follows. */
  readonly takesFile: boolean;
}

/** `codex-device-login`, `claude-login`, `vertex-import`, and what a provider has beside these. */
function loginOf(flag: Flag | undefined, providers: readonly OldFlagProvider[]): OldLogin | undefined {
  if (flag === undefined || isFalse(flag)) return undefined;
  for (const { id: provider, oldFlags } of providers) {
    const options = Object.hasOwn(oldFlags, flag.name) ? oldFlags[flag.name] : undefined;
    if (options !== undefined) return { provider, options, takesFile: false };
    switch (flag.name) {
      case `${provider}-login`:
        return { provider, options: [], takesFile: false };
      case `${provider}-device-login`:
        return { provider, options: ['--device'], takesFile: false };
      case `${provider}-import`:
        return { provider, options: ['--file'], takesFile: true };
    }
  }
  return undefined;
}

function isFalse(flag: Flag | undefined): boolean {
  return FALSE.test(flag?.value ?? '');
}

function flagOf(text: string): Flag | undefined {
  const [, name, value] = /^--?([a-z][a-z_-]*)(?:=(.*))?$/s.exec(text) ?? [];
  return name === undefined ? undefined : { name, value };
}
