import { expect, it } from 'vitest';
import type { JsonValue } from '../ir/index.ts';
import { googleQuota } from './google-quota.ts';

// 13:30:15.250 in California.
const NOW = Date.UTC(2026, 0, 15, 21, 30, 15, 250);
const LEFT = (10 * 3600 + 29 * 60 + 44) * 1000 + 750;
const error = (...quotaIds: JsonValue[]): JsonValue => ({
  error: { details: [{ retryDelay: '34s' }, { violations: quotaIds.map((quotaId) => ({ quotaId })) }] },
});

it.each([
  [error('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), 'requests-per-day', LEFT],
  [error('GenerateContentInputTokensPerModelPerMinute-FreeTier'), 'input-tokens-per-minute', undefined],
  [error('TokensPerMinute', 'RequestsPerDay'), 'requests-per-day', LEFT],
  [error('TokensPerMinute'), 'tokens-per-minute', undefined],
  [[error('GenerateRequestsPerMinutePerProjectPerModel')], 'requests-per-minute', undefined],
])('%j is the quota of %s', (body, limitName, retryAfterMs) => {
  expect(googleQuota(body, NOW)).toEqual({ limitName, retryAfterMs });
});

it.each([undefined, 'text', {}, { error: 'x' }, { error: { details: [5, { violations: 'x' }] } }, error(5), error()])(
  '%j names none',
  (body) => {
    expect(googleQuota(body, NOW)).toBeUndefined();
  },
);
