import type { Clock } from '../clock.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import type { AccountFields, AccountIo } from '../providers/provider.ts';
import type { CredentialRecord, CredentialRecords } from '../storage/ports.ts';
import { withNewFields } from './merge-account.ts';
import { renewalPauseMs } from './refresh-schedule.ts';
import {
  type AccountStatus,
  dueAtMs,
  pauseEndsAtMs,
  type RenewableAccount,
  replaceAccount,
  statusOf,
  type Tracked,
  tokenEndsAtMs,
  track,
} from './renewable-account.ts';
import { type Renewed, renewRecord, renewUnsaved } from './renewal.ts';
import { servedToken } from './served-account.ts';
import { createSlots } from './slots.ts';
import { SpentTokens } from './spent-tokens.ts';
import { refreshTokenOf } from './token-fields.ts';
import { TokenSaver } from './token-saver.ts';

export type { AccountStatus, RenewableAccount } from './renewable-account.ts';

/** What a refresher works with. */
export interface RefresherOptions {
  readonly records: CredentialRecords;
  readonly clock: Clock;
  readonly random: () => number;
  /** Renewals at the same time; read for each. */
  workers(): number;
  /** An account has new tokens, whoever got them. */
  renewed(record: CredentialRecord): void;
  /** Hears each change of an account once: that it cannot be renewed, or can be again. */
  warn(message: string): void;
}

/** Also without anything due: the clock may have jumped. */
const LOOK_EVERY_MS = 5 * 60_000;
const SHORTEST_LOOK_MS = 1000;
const SOON_MS = 100;
const RENEWAL_TIMEOUT_MS = 30_000;
/** At the end a renewal that is spending its token may take so long: what it gets would be lost for good. */
const GRACE_MS = 3000;
/** To take the marks away that broken off renewals have left. */
const TIDY_MS = 1000;
/** On average; thousands of accounts that are due at once, after a jump of the clock, take their time. */
const APART_MS = 150;
/** A token that was renewed just now and is refused: another one will not be better. */
const JUST_RENEWED_MS = 30_000;

/** A renewal under way. */
interface Flight {
  readonly abort: AbortController;
  /** The provider has been asked. */
  isSpending: boolean;
}

/** Keeps the tokens of accounts fresh, whatever else is wrong with them: an exhausted quota is no reason not to. */
export class Refresher {
  readonly #options: RefresherOptions;
  readonly #accounts = new Map<string, Tracked>();
  readonly #slots = createSlots(() => this.#options.workers());
  readonly #saver: TokenSaver;
  readonly #flights = new Set<Flight>();
  readonly #spent = new SpentTokens();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isClosed = false;
  #isDispatching = false;

  constructor(options: RefresherOptions) {
    this.#options = options;
    const { records } = options;
    const warn = (message: string): void => options.warn(message);
    this.#saver = new TokenSaver({ records, warn, taken: (record) => options.renewed(record) });
  }

  /**
   * Adds an account, or puts it in place of the one with its record. Returns the record to use: newer than the given one
   * while new tokens cannot be written.
   */
  put(account: RenewableAccount): CredentialRecord {
    const { id } = account.record;
    const known = this.#accounts.get(id);
    if (known !== undefined) replaceAccount(known, account);
    const tracked = known ?? track(account, this.#options.random());
    this.#accounts.set(id, tracked);
    // A renewal under way looks for itself.
    if (tracked.flight === undefined) this.#bringBack(tracked);
    // Thousands come at once.
    this.#soon ??= setTimeout(() => this.#plan(), SOON_MS).unref();
    return tracked.record;
  }

  /** For records that were deleted, or whose accounts are switched off. */
  remove(recordId: string): void {
    const tracked = this.#accounts.get(recordId);
    if (tracked !== undefined) this.#saver.drop(tracked);
    this.#accounts.delete(recordId);
  }

  /**
   * The record with a token other than the refused one; undefined when there is none to be had now. Whoever asks at the
   * same time shares one renewal. Never rejects.
   */
  renew(recordId: string, refused: string | undefined): Promise<CredentialRecord | undefined> {
    const tracked = this.#accounts.get(recordId);
    if (tracked === undefined) return Promise.resolve(undefined);
    const token = servedToken(tracked.record.fields, tracked.account.rules);
    if (token !== undefined && token !== refused) return Promise.resolve(tracked.record);
    if (tracked.flight !== undefined) return tracked.flight;
    return this.#isHopeless(tracked) ? Promise.resolve(undefined) : this.#launch(tracked, { isRefused: true });
  }

  /** How all accounts fare. */
  statuses(): readonly AccountStatus[] {
    return [...this.#accounts.values()].map((tracked) => statusOf(tracked, this.#options.clock.now()));
  }

  /** How one account fares. */
  status(recordId: string): AccountStatus | undefined {
    const tracked = this.#accounts.get(recordId);
    return tracked === undefined ? undefined : statusOf(tracked, this.#options.clock.now());
  }

  /** Begins to renew tokens ahead of their end. */
  start(): void {
    this.#isRunning = true;
    this.#plan();
  }

  /** Renewals that have begun to spend a token may end, within bounds; all others are broken off. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    const all = [...this.#accounts.values()];
    const ended = Promise.all(all.map(({ flight }) => flight));
    for (const { abort, isSpending } of this.#flights) if (!isSpending) abort.abort();
    await Promise.race([ended, pause(GRACE_MS)]);
    for (const { abort } of this.#flights) abort.abort();
    await Promise.race([ended, pause(TIDY_MS)]);
    await Promise.all(all.map((tracked) => this.#saver.save(tracked)));
    for (const { saveTimer } of all) clearTimeout(saveTimer);
  }

  /** Somebody has written a token that this process has spent: the newest one goes on, and into the store again. */
  #bringBack(tracked: Tracked): void {
    const { record } = tracked;
    const spent = refreshTokenOf(record.fields);
    const changes = this.#spent.newest(spent);
    if (changes === undefined || tracked.unsaved !== undefined) return;
    // It is not what the store has under that revision.
    const revision = `${record.revision} unsaved`;
    tracked.record = { ...record, revision, fields: withNewFields(record.fields, changes) };
    this.#saver.restore(tracked, { recordId: record.id, spent, changes });
    this.#options.renewed(tracked.record);
  }

  #isHopeless(tracked: Tracked): boolean {
    const nowMs = this.#options.clock.now();
    const sinceMs = nowMs - tracked.renewedAtMs;
    const isFresh = sinceMs >= 0 && sinceMs < JUST_RENEWED_MS;
    return this.#isClosed || isFresh || pauseEndsAtMs(tracked, nowMs) > nowMs;
  }

  #plan(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (!this.#isRunning || this.#isClosed || this.#isDispatching) return;
    clearTimeout(this.#timer);
    const nowMs = this.#options.clock.now();
    let waitMs = LOOK_EVERY_MS;
    for (const tracked of this.#accounts.values())
      if (tracked.flight === undefined) waitMs = Math.min(waitMs, dueAtMs(tracked, nowMs) - nowMs);
    this.#timer = setTimeout(() => void this.#dispatch(), Math.max(SHORTEST_LOOK_MS, waitMs));
    this.#timer.unref();
  }

  async #dispatch(): Promise<void> {
    this.#isDispatching = true;
    const due = [...this.#accounts.values()].filter((tracked) => this.#isDue(tracked));
    for (const next of due.sort((a, b) => tokenEndsAtMs(a) - tokenEndsAtMs(b))) {
      await pause(this.#options.random() * 2 * APART_MS);
      await this.#slots.acquire(false);
      if (this.#isDue(next)) void this.#launch(next, { hasSlot: true });
      else this.#slots.release();
    }
    this.#isDispatching = false;
    this.#plan();
  }

  /** Also looked at after a wait: much may have happened. */
  #isDue(tracked: Tracked): boolean {
    if (this.#isClosed || tracked.flight !== undefined) return false;
    const nowMs = this.#options.clock.now();
    return this.#accounts.get(tracked.record.id) === tracked && dueAtMs(tracked, nowMs) <= nowMs;
  }

  #launch(tracked: Tracked, how: { isRefused?: boolean; hasSlot?: boolean }): Promise<CredentialRecord | undefined> {
    tracked.flight = this.#fly(tracked, how);
    return tracked.flight;
  }

  async #fly(
    tracked: Tracked,
    { isRefused = false, hasSlot = false }: { isRefused?: boolean; hasSlot?: boolean },
  ): Promise<CredentialRecord | undefined> {
    if (!hasSlot) await this.#slots.acquire(true);
    try {
      const isUrgent = isRefused || tokenEndsAtMs(tracked) <= this.#options.clock.now();
      return this.#settle(tracked, await this.#attempt(tracked, isUrgent));
    } catch (error) {
      this.#fail(tracked, toProxyError(error));
      return undefined;
    } finally {
      this.#slots.release();
      tracked.flight = undefined;
      this.#plan();
    }
  }

  async #attempt(tracked: Tracked, isUrgent: boolean): Promise<Renewed> {
    const { account, record, unsaved } = tracked;
    const { records, clock } = this.#options;
    const flight: Flight = { abort: new AbortController(), isSpending: false };
    const timer = setTimeout(() => flight.abort.abort(), RENEWAL_TIMEOUT_MS);
    this.#flights.add(flight);
    try {
      this.#refuseAtEnd();
      const run = unsaved === undefined ? renewRecord : renewUnsaved;
      return await run({
        records,
        clock,
        record,
        rules: { ...account.rules, refresh: (fields, io) => this.#refresh(account, flight, fields, io) },
        fetch: account.fetch,
        client: account.client,
        signal: flight.abort.signal,
        isUrgent,
        warn: (message) => this.#options.warn(message),
      });
    } finally {
      clearTimeout(timer);
      this.#flights.delete(flight);
    }
  }

  async #refresh(
    { rules }: RenewableAccount,
    flight: Flight,
    fields: AccountFields,
    io: AccountIo,
  ): Promise<AccountFields> {
    this.#refuseAtEnd();
    const token = refreshTokenOf(fields);
    const known = this.#spent.newest(token);
    if (known !== undefined) return known;
    flight.isSpending = true;
    const gain = await rules.refresh(fields, io);
    this.#spent.remember(token, gain);
    return gain;
  }

  #refuseAtEnd(): void {
    if (this.#isClosed) throw new ProxyError('upstream_timeout', 'llmproxy ends');
  }

  #settle(tracked: Tracked, outcome: Renewed): CredentialRecord | undefined {
    if (outcome.state === 'gone') {
      this.remove(tracked.record.id);
      // Renamed in the meantime, perhaps, and then it waits for this renewal to end.
      for (const other of this.#accounts.values()) this.#bringBack(other);
      return undefined;
    }
    if (tracked.failure !== undefined) this.#options.warn(`${tracked.account.label}: its token is renewed again`);
    tracked.failure = undefined;
    tracked.failures = 0;
    tracked.jitter = this.#options.random();
    tracked.record = outcome.record;
    tracked.renewedAtMs = this.#options.clock.now();
    if (outcome.state === 'unsaved') this.#saver.keep(tracked, outcome.unsaved, outcome.why);
    else this.#saver.drop(tracked);
    this.#options.renewed(outcome.record);
    return outcome.record;
  }

  #fail(tracked: Tracked, error: ProxyError): void {
    // It says nothing about the account.
    if (this.#isClosed && error.code === 'upstream_timeout') return;
    const { clock, random, warn } = this.#options;
    const isFinal = error.code === 'upstream_unauthorized';
    tracked.failures++;
    const pauseMs = isFinal ? Number.POSITIVE_INFINITY : renewalPauseMs(tracked.failures, error.retryAfterMs, random());
    const outcome = isFinal ? 'it needs a new login' : 'trying again later';
    if (tracked.failure?.code !== error.code)
      warn(`${tracked.account.label}: its token cannot be renewed (${error.message}); ${outcome}`);
    tracked.failure = { code: error.code, message: error.message, atMs: clock.now(), pauseMs };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms).unref();
  });
}
