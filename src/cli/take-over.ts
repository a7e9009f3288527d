import { type AccountDesk, type FoundLogin, loginProviders, type SavedAccount } from '../index.ts';
import { afterwards, reportSaved } from './login-report.ts';
import { UsageError } from './usage-error.ts';
import { givenUp, type LoginContext } from './with-desk.ts';

/** How logins of other programs are taken over. */
export interface TakeOverFlags {
  /** Only says what is found. */
  readonly list?: boolean | undefined;
  /** Asks nobody. */
  readonly yes?: boolean | undefined;
  readonly proxyUrl?: string | undefined;
}

/** Offers what is found and takes over what the person picks. Throws UsageError where nobody can be asked. */
export async function takeOverFound(
  desk: AccountDesk,
  provider: string | undefined,
  flags: TakeOverFlags,
  context: LoginContext,
): Promise<number> {
  const { terminal } = context;
  const found = await desk.findImports(provider);
  if (found.length === 0) {
    terminal.warn(`llmproxy: no login of another program was found here; looked for ${programs(provider)}`);
    return 1;
  }
  if (flags.list === true || (flags.yes !== true && !terminal.isInteractive)) {
    for (const login of found) terminal.out(`found: ${login.label} (${login.provider}) in ${login.paths.join(', ')}`);
    if (flags.list === true) return 0;
    throw new UsageError('nobody can be asked here; add --yes to take over what is found');
  }
  const picked = flags.yes === true ? found : await pick(found, context);
  if (picked === undefined) return givenUp(terminal);
  const known = loginProviders().filter(({ id }) => picked.some((login) => login.provider === id));
  for (const notice of known.flatMap(({ notices }) => notices)) terminal.out(`Note: ${notice}`);
  let failures = 0;
  for (const login of picked) if (!(await takeOver(login, desk, flags, context))) failures++;
  if (picked.length > failures) terminal.out(afterwards());
  return failures === 0 ? 0 : 1;
}

async function pick(
  found: readonly FoundLogin[],
  { terminal }: LoginContext,
): Promise<readonly FoundLogin[] | undefined> {
  const choices = found.map(({ label, provider, paths }, index) => ({
    value: String(index),
    label: `${label} (${provider}): ${paths.join(', ')}`,
  }));
  const picked = await terminal.selectMany('Which logins are to be taken over?', choices);
  return picked && found.filter((_, index) => picked.includes(String(index)));
}

/** False: it could not be. */
async function takeOver(
  login: FoundLogin,
  desk: AccountDesk,
  { proxyUrl }: TakeOverFlags,
  { terminal, signal, now }: LoginContext,
): Promise<boolean> {
  let saved: readonly SavedAccount[];
  try {
    saved = await desk.takeOver(login, { signal, proxyUrl, progress: (line) => terminal.out(line) });
  } catch (error) {
    signal.throwIfAborted();
    terminal.warn(`${login.label}: not taken over: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  if (saved.length === 0) terminal.warn(`${login.label}: there is no login in ${login.paths.join(', ')}`);
  for (const account of saved) await reportSaved(account, desk, terminal, now());
  return saved.length > 0;
}

function programs(provider: string | undefined): string {
  const known = loginProviders().filter(({ id }) => provider === undefined || id === provider);
  const labels = known.flatMap(({ imports }) => imports.map(({ label }) => label));
  return labels.length === 0 ? 'nothing: this provider has no program of its own' : labels.join(', ');
}
