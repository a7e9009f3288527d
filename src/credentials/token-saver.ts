import type { ProxyError } from '../errors.ts';
import type { CredentialRecord, CredentialRecords } from '../storage/ports.ts';
import type { Tracked } from './renewable-account.ts';
import { saveTokens, type UnsavedTokens } from './renewal.ts';

/** What a saver works with. */
export interface TokenSaverOptions {
  readonly records: CredentialRecords;
  /** The store has tokens of somebody else, newer than ours. */
  taken(record: CredentialRecord): void;
  warn(message: string): void;
}

const FIRST_SAVE_MS = 1000;
const LONGEST_SAVE_MS = 60_000;

/** Writes tokens that could not be written when they came: the provider has taken the old ones back. */
export class TokenSaver {
  readonly #options: TokenSaverOptions;

  constructor(options: TokenSaverOptions) {
    this.#options = options;
  }

  /** Tries until it is done. */
  keep(tracked: Tracked, unsaved: UnsavedTokens, why: ProxyError): void {
    const wasUnsaved = tracked.unsaved !== undefined;
    tracked.unsaved = unsaved;
    if (wasUnsaved) return;
    const { label } = tracked.account;
    const danger = 'it is in memory only, and lost if llmproxy ends before it can be written';
    this.#options.warn(`${label}: its new token could not be written (${why.message}); ${danger}`);
    this.#tryIn(tracked, FIRST_SAVE_MS);
  }

  /** The same for tokens that were written, and that somebody has written older ones over. */
  restore(tracked: Tracked, unsaved: UnsavedTokens): void {
    tracked.unsaved = unsaved;
    this.#tryIn(tracked, FIRST_SAVE_MS);
  }

  /** Nothing waits any more. */
  drop(tracked: Tracked): void {
    clearTimeout(tracked.saveTimer);
    tracked.unsaved = undefined;
  }

  /** Tries once more, now. */
  async save(tracked: Tracked): Promise<void> {
    const { unsaved, account } = tracked;
    if (unsaved === undefined) return;
    const outcome = await saveTokens(this.#options.records, unsaved).catch(() => undefined);
    // A failure was told when it began. Tokens that a renewal has made meanwhile wait for their own turn.
    if (outcome === undefined || tracked.unsaved !== unsaved) return;
    this.drop(tracked);
    this.#options.warn(`${account.label}: its new token is written now`);
    if (outcome.state !== 'stored') return;
    tracked.record = outcome.record;
    if (outcome.isTaken) this.#options.taken(outcome.record);
  }

  #tryIn(tracked: Tracked, waitMs: number): void {
    tracked.saveTimer = setTimeout(async () => {
      await this.save(tracked);
      if (tracked.unsaved !== undefined) this.#tryIn(tracked, Math.min(LONGEST_SAVE_MS, waitMs * 2));
    }, waitMs);
    tracked.saveTimer.unref();
  }
}
