import { loginProviders } from '../../index.ts';
import { findProvider } from '../choose-login.ts';
import { type TakeOverFlags, takeOverFound } from '../take-over.ts';
import { type LoginContext, withDesk } from '../with-desk.ts';

/** Flags of `llmproxy import` as the command line gave them. */
export interface ImportFlags extends TakeOverFlags {
  readonly config?: string | undefined;
}

/** `llmproxy import`: resolves with the exit code. */
export function importLogins(name: string | undefined, flags: ImportFlags, context: LoginContext): Promise<number> {
  return withDesk(flags, context, async (desk) => {
    const provider = name === undefined ? undefined : findProvider(name, loginProviders());
    return takeOverFound(desk, provider?.id, flags, context);
  });
}
