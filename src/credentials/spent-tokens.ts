import type { AccountFields } from '../providers/provider.ts';

/** Accounts have two or three renewals between the reads of anybody who could bring an old token back. */
const MOST = 10_000;

/**
 * What this process got for refresh tokens that are worth nothing any more. An editor that saves what it read before a
 * renewal, a file that was renamed or copied during one: the account would be lost with the old token.
 */
export class SpentTokens {
  readonly #gains = new Map<string, AccountFields>();

  /** A provider that leaves the old token valid has spent nothing. */
  remember(spent: string | undefined, gain: AccountFields): void {
    const next = gain['refresh_token'];
    if (spent === undefined || typeof next !== 'string' || next === '' || next === spent) return;
    this.#gains.delete(spent);
    this.#gains.set(spent, gain);
    const [oldest] = this.#gains.keys();
    if (this.#gains.size > MOST && oldest !== undefined) this.#gains.delete(oldest);
  }

  /** The newest that came of a token; undefined: it is not spent, as far as this process knows. */
  newest(token: string | undefined): AccountFields | undefined {
    let found: AccountFields | undefined;
    const seen = new Set<string>();
    for (let next = token; next !== undefined && !seen.has(next); ) {
      seen.add(next);
      const gain = this.#gains.get(next);
      if (gain === undefined) break;
      found = gain;
      next = typeof gain['refresh_token'] === 'string' ? gain['refresh_token'] : undefined;
    }
    return found;
  }
}
