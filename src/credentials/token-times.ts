import type { AccountFields } from '../providers/provider.ts';

/** When an account's token ends, and when it was made; undefined: nobody knows. */
export interface TokenTimes {
  readonly expiresAtMs: number | undefined;
  readonly refreshedAtMs: number | undefined;
  /** The user wants it renewed so often, in milliseconds. */
  readonly intervalMs: number | undefined;
}

const EXPIRY = ['expired', 'expire', 'expires_at', 'expiresAt', 'expiry', 'expires'];
const REFRESHED = ['last_refresh', 'lastRefresh', 'last_refreshed_at', 'lastRefreshedAt'];
const INTERVAL = ['refresh_interval', 'refresh_interval_seconds', 'refreshInterval', 'refreshIntervalSeconds'];

/** Reads the moments in a record, in all spellings that programs have used. */
export function tokenTimes(fields: AccountFields): TokenTimes {
  const nested = isFields(fields['token']) ? fields['token'] : {};
  return {
    expiresAtMs: first(fields, EXPIRY, momentOf) ?? first(nested, EXPIRY, momentOf) ?? stampedExpiry(fields),
    refreshedAtMs: first(fields, REFRESHED, momentOf) ?? momentOf(fields['timestamp']),
    intervalMs: first(fields, INTERVAL, intervalOf),
  };
}

function first(
  fields: AccountFields,
  names: readonly string[],
  read: (value: unknown) => number | undefined,
): number | undefined {
  for (const name of names) {
    const found = read(fields[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `expires_in` counts from `timestamp`, which is in milliseconds. */
function stampedExpiry({ expires_in: seconds, timestamp }: AccountFields): number | undefined {
  const stampMs = momentOf(timestamp);
  return stampMs === undefined || typeof seconds !== 'number' ? undefined : stampMs + seconds * 1000;
}

/** A date in words, Unix seconds or milliseconds. */
function momentOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  if (typeof number === 'number') {
    if (!Number.isFinite(number) || number <= 0) return undefined;
    return number < 1e11 ? number * 1000 : number;
  }
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  // Go writes year 1 for "never".
  return parsed > 0 ? parsed : undefined;
}

/** Seconds, or a duration as Go writes it. */
function intervalOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? secondsIn(value.trim()) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

const UNIT_S: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

function secondsIn(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = 's'] of text.matchAll(/([\d.]+)([hms])/g)) sum += Number(amount) * (UNIT_S[unit] ?? 1);
  return sum;
}

function isFields(value: unknown): value is AccountFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
