import type { AnswerHeaders } from '../pool.ts';

/** What a provider's answer says of one limit. */
export interface QuotaReading {
  /** `5h`, `7d`, `requests`, `tokens`, ... in the provider's words where it has some. */
  readonly name: string;
  /** 0 (nothing used) to 1 (nothing left). */
  readonly usedFraction: number;
  /** When it starts anew, in milliseconds since the epoch. */
  readonly resetsAtMs: number;
  /** What it is of; plans are the credential's, rates often the model's. */
  readonly of: 'credential' | 'model';
  /**
   * Nothing is served until it starts anew. `told`: the provider says so. `guessed`: nothing remains, but rates fill up
   * little by little.
   */
  readonly spent?: 'told' | 'guessed' | undefined;
}

/** One limit of an account, as it was last told. */
export interface QuotaWindow {
  readonly name: string;
  /** Undefined: of the whole credential. */
  readonly model: string | undefined;
  readonly usedFraction: number;
  readonly resetsAtMs: number;
  readonly observedAtMs: number;
}

/** What a provider said of a limit when it was asked. */
export type ToldQuota = Pick<QuotaReading, 'name' | 'usedFraction' | 'resetsAtMs'>;

/** Reads the limits of one provider's answers; header names are lower case. */
export type QuotaReader = (headers: AnswerHeaders, nowMs: number) => readonly QuotaReading[];

/** A header that holds a plain number. */
export function numberOf(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value.trim())) return undefined;
  return Number(value);
}

/** The share of a limit that is used, from what remains of it; undefined when the headers do not say. */
export function usedOf(limit: number | undefined, remaining: number | undefined): number | undefined {
  if (remaining === undefined) return undefined;
  if (remaining <= 0) return 1;
  return limit === undefined || limit <= 0 ? undefined : clamp(1 - remaining / limit);
}

/** Between 0 and 1. */
export function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}

/** The first moment that counts as one since the epoch in seconds; smaller numbers are durations. */
const EPOCH_S = 1_000_000_000;
const EPOCH_MS = 1_000_000_000_000;

/** When a limit starts anew: a date, seconds or milliseconds since the epoch, seconds from now, or `1m6.5s`. */
export function momentOf(value: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const number = numberOf(value);
  if (number !== undefined) {
    if (number >= EPOCH_MS) return number;
    return number >= EPOCH_S ? number * 1000 : nowMs + Math.max(0, number) * 1000;
  }
  const ms = durationMs(value);
  if (ms !== undefined) return nowMs + ms;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return Math.ceil(total);
}
