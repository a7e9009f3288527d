import type { LoginMethod, LoginQuestion } from '../auth/login.ts';
import { providers } from '../providers/index.ts';
import { webNames } from '../providers/web-names.ts';

/** A way to log in, for people. */
export interface LoginWay {
  /** Unique within the provider. */
  readonly id: string;
  /** In a list: `with the browser`. */
  readonly label: string;
  readonly type: LoginMethod['type'];
  /** What is asked for, where the person brings something. */
  readonly prompt: string | undefined;
  /** What can be said beforehand. */
  readonly asks: readonly LoginQuestion[];
}

/** A provider at which one can log in. */
export interface LoginProvider {
  readonly id: string;
  readonly label: string;
  /** Other names of it. */
  readonly aliases: readonly string[];
  /** What the person must know before a login, one sentence each. */
  readonly notices: readonly string[];
  /** The first is the usual one. */
  readonly ways: readonly LoginWay[];
  /** Programs whose logins can be taken over. */
  readonly imports: readonly { readonly id: string; readonly label: string }[];
  /** Flags of CLIProxyAPI beside `<id>-login`, and the options of `llmproxy login` that they stand for. */
  readonly oldFlags: Readonly<Record<string, readonly string[]>>;
}

/** Every provider at which one can log in, or whose logins can be taken over. */
export function loginProviders(): readonly LoginProvider[] {
  return providers.flatMap(({ id, label, account }): LoginProvider[] => {
    const { logins = [], imports = [], notices = [], types = [] } = account ?? {};
    if (logins.length === 0 && imports.length === 0) return [];
    const { name = id, aliases: others = [], flags = {} } = webNames.find(({ provider }) => provider === id) ?? {};
    const aliases = [...new Set([...types, name, ...others])].filter((alias) => alias !== id);
    const programs = imports.map((one) => ({ id: one.id, label: one.label }));
    return [{ id, label, aliases, notices, ways: logins.map(wayOf), imports: programs, oldFlags: flags }];
  });
}

function wayOf(method: LoginMethod): LoginWay {
  const { id, label, type, asks = [] } = method;
  return { id, label, type, prompt: 'prompt' in method ? method.prompt : undefined, asks };
}
