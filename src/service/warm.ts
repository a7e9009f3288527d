import type { CredentialManager } from '../credentials/manager.ts';
import type { Steps } from '../pipeline/steps.ts';
import type { Target } from '../routing/target.ts';
import type { Roster } from './roster.ts';

/** Whatever else is asked for costs its first request a few milliseconds, with thousands of credentials. */
const MOST_NAMES = 64;

/**
 * Finds out for the models that are in use who serves them under another roster, so that the first requests after a swap
 * need not.
 */
export function* warmSteps(used: Roster, next: Roster, manager: Pick<CredentialManager, 'prepare'>): Steps<void> {
  for (const name of used.router.names().slice(-MOST_NAMES)) {
    const targets = targetsOf(next, name);
    yield;
    manager.prepare(targets);
    yield;
  }
}

function targetsOf({ router }: Roster, name: string): readonly Target[] {
  try {
    return router.route(name);
  } catch {
    // Nobody serves it any more.
    return [];
  }
}
