/** What of an account tells when its token is to be renewed; moments in milliseconds since the epoch. */
export interface RenewalFacts {
  /** There is none yet: a login that only gave a refresh token. */
  readonly hasToken: boolean;
  readonly expiresAtMs: number | undefined;
  readonly refreshedAtMs: number | undefined;
  /** The user wants it renewed so often. */
  readonly intervalMs: number | undefined;
  /** The provider's lead before the end. */
  readonly leadMs: number;
  /** 0 to 1, drawn anew for each token: tokens made together are not renewed together. */
  readonly jitter: number;
}

const LEAST_LEAD_MS = 10 * 60_000;
/** Clocks of two machines on one directory differ by less. */
const FUTURE_MS = 5 * 60_000;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** Whatever a provider's `Retry-After` says. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** When a token is to be renewed; Infinity: only when it is refused. */
export function renewalDueAtMs(facts: RenewalFacts, nowMs: number): number {
  const { hasToken, expiresAtMs, refreshedAtMs, intervalMs } = facts;
  if (!hasToken) return nowMs;
  // The clock has gone back since, so that the end is sooner than it looks.
  if (refreshedAtMs !== undefined && refreshedAtMs > nowMs + FUTURE_MS) return nowMs;
  const beforeEnd = expiresAtMs === undefined ? Number.POSITIVE_INFINITY : expiresAtMs - leadOf(facts, expiresAtMs);
  if (intervalMs === undefined) return beforeEnd;
  const bySince = (refreshedAtMs ?? nowMs - intervalMs) + intervalMs;
  return Math.min(bySince, expiresAtMs === undefined ? bySince : expiresAtMs - intervalMs);
}

/** Half of a token's life at most: one that lives for five minutes is not renewed all the time. */
function leadOf({ refreshedAtMs, leadMs, jitter }: RenewalFacts, expiresAtMs: number): number {
  const wantedMs = Math.max(LEAST_LEAD_MS, leadMs);
  const lifeMs = refreshedAtMs === undefined ? 0 : expiresAtMs - refreshedAtMs;
  const boundMs = lifeMs > 0 ? Math.min(wantedMs, lifeMs / 2) : wantedMs;
  return boundMs * (1 + jitter / 10);
}

/** How long nobody tries again after so many failures in a row; never less than the provider asks for. */
export function renewalPauseMs(failures: number, retryAfterMs: number | undefined, jitter: number): number {
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max(waitMs * (1 + jitter / 10), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}
