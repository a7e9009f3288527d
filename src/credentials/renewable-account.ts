import type { OauthClient } from '../auth/login.ts';
import type { ErrorCode } from '../errors.ts';
import type { AccountRules } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import { withNewFields } from './merge-account.ts';
import { renewalDueAtMs } from './refresh-schedule.ts';
import type { UnsavedTokens } from './renewal.ts';
import { servedTimes, servedToken } from './served-account.ts';
import { refreshTokenOf } from './token-fields.ts';
import type { TokenTimes } from './token-times.ts';

/** An account whose tokens can be renewed. */
export interface RenewableAccount {
  readonly record: CredentialRecord;
  readonly rules: AccountRules & Required<Pick<AccountRules, 'refresh'>>;
  /** For people; no secret. */
  readonly label: string;
  /** Goes through the account's own proxy. */
  readonly fetch: typeof fetch;
  /** See `AccountIo.client`. */
  readonly client?: OauthClient | undefined;
}

/** How an account's tokens fare. */
export interface AccountStatus {
  readonly recordId: string;
  readonly label: string;
  readonly state: 'active' | 'refreshing' | 'error';
  /** Of an error; no secret. */
  readonly message: string;
  /** Nothing but a new login helps: nobody tries again before its tokens have changed. */
  readonly needsLogin: boolean;
  /** New tokens are in memory only, as they could not be written. */
  readonly isUnsaved: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds since the epoch, as the others. */
  readonly expiresAtMs: number | undefined;
  readonly refreshedAtMs: number | undefined;
  /** When its tokens are renewed next; undefined: not by itself. */
  readonly dueAtMs: number | undefined;
}

/** Why the last renewal failed. */
interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly atMs: number;
  /** Infinity: until its tokens change. */
  readonly pauseMs: number;
}

/** What a refresher remembers of an account. */
export interface Tracked {
  account: RenewableAccount;
  /** With the newest tokens, also those that could not be written. */
  record: CredentialRecord;
  /** 0 to 1, drawn for each token. */
  jitter: number;
  flight: Promise<CredentialRecord | undefined> | undefined;
  failure: Failure | undefined;
  failures: number;
  /** The last renewal of this process. */
  renewedAtMs: number;
  unsaved: UnsavedTokens | undefined;
  saveTimer: NodeJS.Timeout | undefined;
}

/** After a renewal that leaves a token due again nobody tries for so long. */
const LEAST_APART_MS = 60_000;

/** An account as it comes in. */
export function track(account: RenewableAccount, jitter: number): Tracked {
  const never = Number.NEGATIVE_INFINITY;
  const none = { flight: undefined, failure: undefined, unsaved: undefined, saveTimer: undefined };
  return { account, record: account.record, jitter, failures: 0, renewedAtMs: never, ...none };
}

/** Takes what the store has now. Tokens of ours that it does not have yet stay, until it has others than it had. */
export function replaceAccount(tracked: Tracked, account: RenewableAccount): void {
  const { record } = account;
  tracked.account = account;
  // Our own tokens, on their way through the gateway: they are still not written.
  if (tracked.unsaved !== undefined && record === tracked.record) return;
  if (tracked.unsaved !== undefined && refreshTokenOf(record.fields) === tracked.unsaved.spent) {
    tracked.record = { ...record, fields: withNewFields(record.fields, tracked.unsaved.changes) };
    return;
  }
  tracked.unsaved = undefined;
  if (tokensOf(record, account.rules) !== tokensOf(tracked.record, account.rules)) {
    tracked.failure = undefined;
    tracked.failures = 0;
  }
  tracked.record = record;
}

function tokensOf({ fields }: CredentialRecord, rules: AccountRules): string {
  return `${servedToken(fields, rules)} ${refreshTokenOf(fields)}`;
}

const knownTimes = new WeakMap<CredentialRecord, TokenTimes>();

/** Read once: thousands of accounts are looked through again and again. */
function timesOf(record: CredentialRecord, rules: AccountRules): TokenTimes {
  let times = knownTimes.get(record);
  if (times === undefined) {
    times = servedTimes(record.fields, rules);
    knownTimes.set(record, times);
  }
  return times;
}

/** When its token is to be renewed; Infinity: not by itself. */
export function dueAtMs(tracked: Tracked, nowMs: number): number {
  const { record, account, jitter, renewedAtMs } = tracked;
  const times = timesOf(record, account.rules);
  const hasToken = servedToken(record.fields, account.rules) !== undefined;
  const due = renewalDueAtMs({ ...times, hasToken, leadMs: account.rules.refreshLeadMs, jitter }, nowMs);
  const apart = renewedAtMs <= nowMs ? renewedAtMs + LEAST_APART_MS : 0;
  return Math.max(due, apart, pauseEndsAtMs(tracked, nowMs));
}

/** Until when nobody tries after a failure. A clock that has gone back makes no pause longer. */
export function pauseEndsAtMs({ failure }: Tracked, nowMs: number): number {
  if (failure === undefined) return 0;
  if (failure.pauseMs === Number.POSITIVE_INFINITY) return failure.pauseMs;
  return failure.atMs > nowMs ? 0 : failure.atMs + failure.pauseMs;
}

/** When its token ends; 0: it has none, Infinity: nobody knows. */
export function tokenEndsAtMs({ record, account: { rules } }: Tracked): number {
  if (servedToken(record.fields, rules) === undefined) return 0;
  return timesOf(record, rules).expiresAtMs ?? Number.POSITIVE_INFINITY;
}

/** For operators. */
export function statusOf(tracked: Tracked, nowMs: number): AccountStatus {
  const { record, account, failure, failures, flight, unsaved } = tracked;
  const due = dueAtMs(tracked, nowMs);
  const { expiresAtMs, refreshedAtMs } = timesOf(record, account.rules);
  const state = failure === undefined ? 'active' : 'error';
  return {
    recordId: record.id,
    label: account.label,
    state: flight === undefined ? state : 'refreshing',
    message: failure?.message ?? '',
    needsLogin: failure?.pauseMs === Number.POSITIVE_INFINITY,
    isUnsaved: unsaved !== undefined,
    failures,
    expiresAtMs,
    refreshedAtMs,
    dueAtMs: due === Number.POSITIVE_INFINITY ? undefined : due,
  };
}
