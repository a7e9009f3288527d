import { type AccountDesk, loadConfig, openAccountDesk, ProxyError } from '../index.ts';
import { explainFailure } from './start-error.ts';
import type { Terminal } from './terminal.ts';

/** The process around the command; tests put their own here. */
export interface LoginContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly terminal: Terminal;
  now(): number;
  openBrowser(url: string): Promise<boolean>;
  /** Ends when the person gives up. */
  readonly signal: AbortSignal;
}

/** As programs end that were interrupted. */
const INTERRUPTED = 130;

/** Opens the accounts for a command, says what goes wrong, and resolves with the exit code. */
export async function withDesk(
  flags: { readonly config?: string | undefined },
  context: LoginContext,
  work: (desk: AccountDesk) => Promise<number>,
): Promise<number> {
  const { env, directory, terminal, signal } = context;
  let desk: AccountDesk | undefined;
  try {
    desk = await openAccountDesk({ config: await loadConfig({ file: flags.config, env, directory }), env });
    return await work(desk);
  } catch (error) {
    if (signal.aborted || (error instanceof ProxyError && error.code === 'client_closed')) return givenUp(terminal);
    const { line, exitCode } = explainFailure(error);
    terminal.warn(line);
    return exitCode;
  } finally {
    await desk?.close();
  }
}

/** What is said when the person ends a command. */
export function givenUp(terminal: Terminal): number {
  terminal.warn('llmproxy: given up; nothing was saved');
  return INTERRUPTED;
}
