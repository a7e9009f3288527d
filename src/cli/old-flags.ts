/** CLIProxyAPI's flags, with one dash or two, as spellings of our commands. */

/** Flags of its own that go along with a login, and ours. */
const COMPANIONS: Readonly<Record<string, { readonly name: string; readonly takesValue: boolean }>> = {
  'no-browser': { name: '--no-browser', takesValue: false },
  'oauth-callback-port': { name: '--port', takesValue: true },
  config: { name: '--config', takesValue: true },
};

interface Flag {
  readonly name: string;
  readonly value: string | undefined;
}

/**
 * The arguments as our commands spell them: `-claude-login -no-browser` becomes `login claude --no-browser`. Arguments
 * without such a login stay as they are, but for `-config`, which a server takes as well.
 */
export function withOldFlags(args: readonly string[], providers: readonly string[]): readonly string[] {
  const login = args.flatMap((text) => loginOf(flagOf(text), providers) ?? [])[0];
  if (login === undefined) return args.map((text) => (/^-config(=|$)/.test(text) ? `-${text}` : text));
  const command: string[] = ['login', login.provider];
  for (let index = 0; index < args.length; index++) {
    const text = args[index] ?? '';
    const flag = flagOf(text);
    const next = (): string => flag?.value ?? args[++index] ?? '';
    const own = loginOf(flag, providers);
    const companion = COMPANIONS[flag?.name ?? ''];
    // A flag of CLIProxyAPI's may be given a value, as in -no-browser=false.
    if (own !== undefined) command.push(...(own.kind === 'import' ? ['--file', next()] : own.device));
    else if (companion === undefined) command.push(text);
    else if (companion.takesValue) command.push(companion.name, next());
    else if (flag?.value !== 'false') command.push(companion.name);
  }
  return command;
}

interface OldLogin {
  readonly provider: string;
  readonly kind: 'login' | 'import';
  readonly device: readonly string[];
}

/** `codex-device-login`, `claude-login`, `vertex-import`. */
function loginOf(flag: Flag | undefined, providers: readonly string[]): OldLogin | undefined {
  if (flag === undefined || flag.value === 'false') return undefined;
  for (const provider of providers) {
    switch (flag.name) {
      case `${provider}-login`:
        return { provider, kind: 'login', device: [] };
      case `${provider}-device-login`:
        return { provider, kind: 'login', device: ['--device'] };
      case `${provider}-import`:
        return { provider, kind: 'import', device: [] };
    }
  }
  return undefined;
}

function flagOf(text: string): Flag | undefined {
  const [, name, value] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(text) ?? [];
  return name === undefined ? undefined : { name, value };
}
