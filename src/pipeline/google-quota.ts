/** What Google's errors say of quotas. https://ai.google.dev/gemini-api/docs/rate-limits */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import { durationMs } from './retry-after.ts';

/** A quota that is used up. */
export interface GoogleQuota {
  /** `requests-per-day`, `input-tokens-per-minute`, ... */
  readonly limitName: string;
  /** Until it starts anew, where that is known better than from the answer. */
  readonly retryAfterMs: number | undefined;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * The quota that an error names: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. A quota per day comes back at
 * midnight in California; the delay that comes with it is of another limit.
 */
export function googleQuota(body: JsonValue | undefined, nowMs: number): GoogleQuota | undefined {
  const ids = quotaIds(body);
  if (ids.length === 0) return planQuota(body);
  const daily = ids.find((id) => /PerDay/.test(id));
  const id = daily ?? ids[0];
  if (id === undefined) return undefined;
  const unit = /InputTokens/.test(id) ? 'input-tokens' : /Tokens/.test(id) ? 'tokens' : 'requests';
  if (daily !== undefined) return { limitName: `${unit}-per-day`, retryAfterMs: untilMidnightMs(nowMs) };
  return { limitName: `${unit}-per-minute`, retryAfterMs: undefined };
}

/** Code Assist: the allowance of a plan, which says itself when it starts anew. */
function planQuota(body: JsonValue | undefined): GoogleQuota | undefined {
  const spent = detailsOf(body).find(({ reason }) => reason === 'QUOTA_EXHAUSTED');
  if (spent === undefined) return undefined;
  const { metadata } = spent;
  const delay = isJsonObject(metadata) ? metadata['quotaResetDelay'] : undefined;
  return { limitName: 'plan', retryAfterMs: typeof delay === 'string' ? durationMs(delay) : undefined };
}

function quotaIds(body: JsonValue | undefined): readonly string[] {
  return detailsOf(body)
    .flatMap((detail) => objectsIn(detail['violations']))
    .flatMap(({ quotaId }) => (typeof quotaId === 'string' ? [quotaId] : []));
}

function detailsOf(body: JsonValue | undefined): readonly JsonObject[] {
  const outer = isJsonArray(body) ? body[0] : body;
  const error = isJsonObject(outer) ? outer['error'] : undefined;
  return isJsonObject(error) ? objectsIn(error['details']) : [];
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function untilMidnightMs(nowMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]));
  const seconds = ((parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0)) * 60 + (parts.get('second') ?? 0);
  return DAY_MS - seconds * 1000 - (nowMs % 1000);
}
