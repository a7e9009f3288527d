import type { AccountFields } from '../providers/provider.ts';
import { isFields } from './field-reader.ts';

/** When an account's token ends, and when it was made; undefined: nobody knows. */
export interface TokenTimes {
  readonly expiresAtMs: number | undefined;
  readonly refreshedAtMs: number | undefined;
  /** The user wants it renewed so often, in milliseconds. */
  readonly intervalMs: number | undefined;
}

/** Names under which programs write when a token ends; the first that can be read counts. */
export const expiryNames: readonly string[] = ['expired', 'expire', 'expires_at', 'expiresAt', 'expiry', 'expires'];
const REFRESHED = ['last_refresh', 'lastRefresh', 'last_refreshed_at', 'lastRefreshedAt'];
const INTERVAL = [
  'refresh_interval',
  'refresh-interval',
  'refresh_interval_seconds',
  'refreshInterval',
  'refreshIntervalSeconds',
];

/** Reads the moments in a record, in all spellings that programs have used. */
export function tokenTimes(fields: AccountFields): TokenTimes {
  const nested = isFields(fields['token']) ? fields['token'] : {};
  const refreshedAtMs = first(fields, REFRESHED) ?? first(nested, REFRESHED) ?? momentOf(fields['timestamp']);
  const endMs = first(fields, expiryNames) ?? first(nested, expiryNames);
  return {
    expiresAtMs: endMs ?? afterLifetime(fields['expires_in'] ?? nested['expires_in'], refreshedAtMs),
    refreshedAtMs,
    intervalMs: first(fields, INTERVAL, intervalOf),
  };
}

function first(
  fields: AccountFields,
  names: readonly string[],
  read: (value: unknown) => number | undefined = momentOf,
): number | undefined {
  for (const name of names) {
    const found = read(fields[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `expires_in` counts from the time at which the token was made. */
function afterLifetime(seconds: unknown, sinceMs: number | undefined): number | undefined {
  // Not every value becomes a number without an error: a list, an object.
  const lifeS = typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) : Number.NaN;
  return sinceMs === undefined || !(lifeS > 0) ? undefined : sinceMs + lifeS * 1000;
}

/** The end of the year 9999: what lies behind is no date. */
const LATEST_MS = 253_402_300_799_999;

/** A date, or Unix time in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. */
function momentOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  const ms = typeof number === 'number' ? unixMs(number) : dateMs(value);
  // Go writes the year 1 where it knows no time.
  return ms > 0 && ms <= LATEST_MS ? ms : undefined;
}

function unixMs(unix: number): number {
  // Before 2001 nobody made tokens: it is a year, or a length of time.
  if (unix < 1e9) return Number.NaN;
  if (unix < 1e11) return unix * 1000;
  if (unix < 1e14) return unix;
  return Math.floor(unix < 1e17 ? unix / 1000 : unix / 1e6);
}

/** A year alone, or any word, is no date, whatever the engine makes of it. */
function dateMs(value: unknown): number {
  return typeof value === 'string' && /^\s*\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value.trim()) : Number.NaN;
}

/** Whoever writes 1 does not want a renewal every second. */
const SHORTEST_INTERVAL_MS = 30_000;

/** Seconds, or a duration as Go writes it. */
function intervalOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? secondsIn(value.trim()) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return undefined;
  return Math.max(SHORTEST_INTERVAL_MS, seconds * 1000);
}

const UNIT_S: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };

function secondsIn(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = 's'] of text.matchAll(/([\d.]+)(ms|[dhms])/g))
    sum += Number(amount) * (UNIT_S[unit] ?? 1);
  return sum;
}
