import type { LoginProvider, LoginWay } from '../index.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Which of the flags of `llmproxy login` decide how to log in. */
export interface WayFlags {
  readonly method?: string | undefined;
  readonly device?: boolean | undefined;
  /** False: --no-browser. */
  readonly browser?: boolean | undefined;
  readonly port?: number | undefined;
  readonly file?: string | undefined;
}

/** The provider of that name, or the one the person picks. Undefined: the person gave up. Throws {@link UsageError}. */
export async function chooseProvider(
  name: string | undefined,
  known: readonly LoginProvider[],
  terminal: Terminal,
): Promise<LoginProvider | undefined> {
  if (name !== undefined) return findProvider(name, known);
  if (!terminal.isInteractive)
    throw new UsageError(`name the provider: llmproxy login <provider>, one of ${idsOf(known)}`);
  const choices = known.map(({ id, label }) => ({ value: id, label }));
  const picked = await terminal.select('Which provider?', choices);
  return known.find(({ id }) => id === picked);
}

/** Throws {@link UsageError}. */
export function findProvider(name: string, known: readonly LoginProvider[]): LoginProvider {
  const wanted = name.toLowerCase();
  const found =
    known.find(({ id }) => id === wanted) ??
    known.find(({ aliases, label }) => [...aliases, label].some((other) => other.toLowerCase() === wanted));
  if (found !== undefined) return found;
  throw new UsageError(`nobody can log in to ${JSON.stringify(name)}; providers with a login: ${idsOf(known)}`);
}

/** The way that the flags name, or the one the person picks. Undefined: the person gave up. Throws {@link UsageError}. */
export async function chooseWay(
  provider: LoginProvider,
  flags: WayFlags,
  terminal: Terminal,
): Promise<LoginWay | undefined> {
  const { ways } = provider;
  if (ways.length === 0)
    throw new UsageError(`${provider.id} has no login of its own; llmproxy import ${provider.id} takes one over`);
  const fitting = ways.filter((way) => fits(way, flags));
  // Of --no-browser where nothing but a secret is asked for.
  const possible = fitting.length === 0 && isOnlyBrowser(flags) ? ways : fitting;
  const [first, ...others] = possible;
  if (first === undefined) throw new UsageError(noWay(provider, flags));
  if (others.length === 0 || flags.method !== undefined) return first;
  if (!terminal.isInteractive) {
    const ids = others.map(({ id }) => `--method ${id}`).join(', ');
    terminal.out(`Logging in ${first.label} (other ways: ${ids}).`);
    return first;
  }
  const picked = await terminal.select(
    'How?',
    possible.map(({ id, label }) => ({ value: id, label })),
  );
  return ways.find(({ id }) => id === picked);
}

function fits({ id, type }: LoginWay, { method, device, browser, port, file }: WayFlags): boolean {
  if (method !== undefined) return id === method;
  if (device === true) return type === 'device';
  if (file !== undefined) return type === 'file' || type === 'secret';
  // Both flags are about the browser; without one they change nothing.
  if (port !== undefined) return type === 'browser';
  return browser !== false || type === 'browser' || type === 'device';
}

function isOnlyBrowser({ method, device, port, file }: WayFlags): boolean {
  return method === undefined && device !== true && port === undefined && file === undefined;
}

function noWay({ id, ways }: LoginProvider, { method, device, file }: WayFlags): string {
  const known = ways.map((way) => `--method ${way.id} (${way.label})`).join(', ');
  if (method !== undefined) return `${id} has no login method ${JSON.stringify(method)}; it has ${known}`;
  if (device === true) return `${id} has no login with a device code; it has ${known}`;
  if (file !== undefined) return `${id} takes no secret and no file; it has ${known}`;
  return `${id} has no login with the browser, so --port means nothing; it has ${known}`;
}

function idsOf(known: readonly LoginProvider[]): string {
  return known.map(({ id }) => id).join(', ');
}
