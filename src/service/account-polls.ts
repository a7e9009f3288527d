import type { OauthClient } from '../auth/login.ts';
import type { Clock } from '../clock.ts';
import { createSlots } from '../credentials/slots.ts';
import { type ProxyError, toProxyError } from '../errors.ts';
import type { AccountFields, AccountIo, AccountRules, Manifest } from '../providers/provider.ts';

/** An account whose provider can be asked about it. */
export interface AskedAccount {
  readonly recordId: string;
  readonly fields: AccountFields;
  readonly manifest: Manifest;
  readonly rules: AccountRules;
  /** Goes through the account's own proxy. */
  readonly fetch: typeof fetch;
  readonly client: OauthClient | undefined;
}

/** What is asked, and who hears it. */
export interface PollOptions<T> {
  /** Rejects with ProxyError. */
  ask(account: AskedAccount, io: AccountIo): Promise<T>;
  readonly everyMs: number;
  /** Accounts that nobody uses are looked at so often; absent: as the others. */
  readonly lookEveryMs?: number;
  /** Asked again only while somebody uses the account; the first time always, if `isEager`. */
  isUsed(recordId: string): boolean;
  readonly isEager: boolean;
  got(account: AskedAccount, answer: T): void;
  failed(account: AskedAccount, error: ProxyError): void;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Polled {
  account: AskedAccount;
  dueAtMs: number;
  failures: number;
  isAsking: boolean;
  /** At least once. */
  wasAsked: boolean;
}

const AT_A_TIME = 2;
/** Thousands of accounts at a start take their time. */
const APART_MS = 200;
const TIMEOUT_MS = 20_000;
const FIRST_PAUSE_MS = 60_000;
const SHORTEST_WAIT_MS = 100;
/** A clock may jump. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Asks providers about accounts now and then, a few at a time, behind the back of requests. Nothing before its start. */
export class AccountPolls<T> {
  readonly #options: PollOptions<T>;
  readonly #accounts = new Map<string, Polled>();
  readonly #slots = createSlots(() => AT_A_TIME);
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isDispatching = false;

  constructor(options: PollOptions<T>) {
    this.#options = options;
  }

  /** Adds an account, or puts it in place of the one with its record. */
  put(account: AskedAccount): void {
    const known = this.#accounts.get(account.recordId);
    const nowMs = this.#options.clock.now();
    if (known === undefined) {
      this.#accounts.set(account.recordId, { account, dueAtMs: nowMs, failures: 0, isAsking: false, wasAsked: false });
    } else {
      known.account = account;
      // What failed may have failed for the token.
      if (known.failures > 0) known.dueAtMs = nowMs;
    }
    this.#plan();
  }

  /** An account was asked about by the process before. */
  asked(recordId: string, atMs: number): void {
    const polled = this.#accounts.get(recordId);
    if (polled === undefined) return;
    polled.wasAsked = true;
    polled.dueAtMs = Math.min(atMs, this.#options.clock.now()) + this.#options.everyMs;
  }

  remove(recordId: string): void {
    this.#accounts.delete(recordId);
  }

  start(): void {
    this.#isRunning = true;
    this.#plan();
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  #plan(): void {
    const isIdle = this.#accounts.size === 0 || !this.#isRunning;
    if (isIdle || this.#isDispatching || this.#end.signal.aborted) return;
    clearTimeout(this.#timer);
    const nowMs = this.#options.clock.now();
    let waitMs = LONGEST_WAIT_MS;
    for (const { dueAtMs, isAsking } of this.#accounts.values())
      if (!isAsking) waitMs = Math.min(waitMs, dueAtMs - nowMs);
    this.#timer = setTimeout(() => void this.#dispatch(), Math.max(SHORTEST_WAIT_MS, waitMs)).unref();
  }

  async #dispatch(): Promise<void> {
    this.#isDispatching = true;
    const nowMs = this.#options.clock.now();
    for (const polled of [...this.#accounts.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs)) {
      if (polled.isAsking || !this.#isThere(polled)) continue;
      if (!this.#isWanted(polled)) polled.dueAtMs = nowMs + (this.#options.lookEveryMs ?? this.#options.everyMs);
      else {
        await this.#slots.acquire(false);
        if (this.#end.signal.aborted) return;
        polled.isAsking = true;
        void this.#ask(polled);
        await pause(APART_MS);
      }
    }
    this.#isDispatching = false;
    this.#plan();
  }

  #isThere(polled: Polled): boolean {
    return this.#accounts.get(polled.account.recordId) === polled;
  }

  #isWanted({ account, wasAsked }: Polled): boolean {
    const { isEager, isUsed } = this.#options;
    return (isEager && !wasAsked) || isUsed(account.recordId);
  }

  async #ask(polled: Polled): Promise<void> {
    const { clock, ask, got, failed } = this.#options;
    const { account } = polled;
    polled.wasAsked = true;
    try {
      const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const { fetch, client } = account;
      const answer = await ask(account, { fetch, nowMs: clock.now(), signal, client });
      polled.failures = 0;
      polled.dueAtMs = this.#next(1);
      if (this.#isThere(polled)) got(account, answer);
    } catch (error) {
      polled.failures++;
      polled.dueAtMs = this.#next(Math.min(1, (FIRST_PAUSE_MS * 2 ** (polled.failures - 1)) / this.#options.everyMs));
      if (this.#isThere(polled) && !this.#end.signal.aborted) failed(account, toProxyError(error));
    } finally {
      polled.isAsking = false;
      this.#slots.release();
      this.#plan();
    }
  }

  /** A part of the usual time from now; not all at once after a start. */
  #next(share: number): number {
    const { clock, everyMs, random } = this.#options;
    return clock.now() + everyMs * share * (0.8 + 0.4 * random());
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms).unref();
  });
}
