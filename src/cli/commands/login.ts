import {
  type LocalLogin,
  type LocalLoginRun,
  type LoginWay,
  loginProviders,
  ProxyError,
  type SavedAccount,
} from '../../index.ts';
import { chooseProvider, chooseWay, type WayFlags } from '../choose-login.ts';
import { followBrowser, followDevice } from '../follow-login.ts';
import { afterwards, reportSaved } from '../login-report.ts';
import { readSecret } from '../read-secret.ts';
import { takeOverFound } from '../take-over.ts';
import { givenUp, type LoginContext, withDesk } from '../with-desk.ts';

/** Flags of `llmproxy login` as the command line gave them. */
export interface LoginFlags extends WayFlags {
  /** --import. */
  readonly takesOver?: boolean | undefined;
  readonly project?: string | undefined;
  readonly region?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly option?: Readonly<Record<string, string>> | undefined;
  readonly proxyUrl?: string | undefined;
  readonly label?: string | undefined;
  readonly note?: string | undefined;
  readonly prefix?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly config?: string | undefined;
}

/** `llmproxy login`: resolves with the exit code. */
export async function login(name: string | undefined, flags: LoginFlags, context: LoginContext): Promise<number> {
  return withDesk(flags, context, async (desk) => {
    const { terminal } = context;
    const provider = await chooseProvider(name, loginProviders(), terminal);
    if (provider === undefined) return givenUp(terminal);
    if (flags.takesOver === true) return takeOverFound(desk, provider.id, flags, context);
    const way = await chooseWay(provider, flags, terminal);
    if (way === undefined) return givenUp(terminal);
    for (const notice of provider.notices) terminal.out(`Note: ${notice}`);
    const run = await runOf(way, flags, context);
    const saved = await follow(await desk.logIn(provider.id, way.id, run), way, flags, context);
    if (saved === undefined) return givenUp(terminal);
    const { label, note, prefix } = flags;
    const words = { ...(label && { label }), ...(note && { note }), ...(prefix && { prefix }) };
    if (Object.keys(words).length > 0) await desk.describe(saved.recordId, words);
    await reportSaved(saved, desk, terminal, context.now());
    terminal.out(afterwards());
    return 0;
  });
}

/** What the login is run with; the person is asked for what the flags do not say. */
async function runOf(way: LoginWay, flags: LoginFlags, { terminal, signal }: LoginContext): Promise<LocalLoginRun> {
  const options: Record<string, string> = { ...flags.option };
  for (const [option, value] of [
    ['project', flags.project],
    ['region', flags.region],
    ['start-url', flags.startUrl],
  ] as const)
    if (value !== undefined) options[option] = value;
  for (const { name, label, example } of way.asks) {
    if (options[name] !== undefined || !terminal.isInteractive) continue;
    const hint = example === undefined ? '' : `, such as ${example}`;
    const answer = await terminal.text(`${label}${hint} (Enter alone: the usual)`);
    if (answer !== undefined && answer.trim() !== '') options[name] = answer.trim();
  }
  return {
    signal,
    options,
    port: flags.port,
    proxyUrl: flags.proxyUrl,
    progress: (line) => terminal.out(line),
    ...(terminal.isInteractive && {
      async choose(question, choices) {
        const picked = await terminal.select(question, choices);
        if (picked === undefined) throw new ProxyError('client_closed', 'the login was given up');
        return picked;
      },
    }),
  };
}

/** Undefined: the person gave up. */
async function follow(
  started: LocalLogin,
  way: LoginWay,
  flags: LoginFlags,
  context: LoginContext,
): Promise<SavedAccount | undefined> {
  const { terminal, now } = context;
  const openBrowser = (url: string): Promise<boolean> => context.openBrowser(url);
  const person = { terminal, usesBrowser: flags.browser !== false, openBrowser, now };
  switch (started.type) {
    case 'browser':
      return followBrowser(started, person);
    case 'device':
      return followDevice(
        {
          url: started.verificationUrl,
          userCode: started.userCode,
          completeUrl: started.completeUrl,
          expiresAtMs: started.expiresAtMs,
          done: started.done,
        },
        person,
      );
    case 'secret':
    case 'file': {
      const text = await readSecret(started, way, flags.file, terminal);
      return text === undefined ? undefined : started.finish(text);
    }
  }
}
