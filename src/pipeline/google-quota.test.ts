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

const plan = (metadata: JsonValue): JsonValue => ({
  error: { details: [{ retryDelay: '3s' }, { reason: 'QUOTA_EXHAUSTED', metadata }] },
});

it.each([
  [plan({ quotaResetDelay: '1h16m0.5s' }), 4_560_500],
  [plan({ quotaResetDelay: '20.25s' }), 20_250],
  [plan({ quotaResetDelay: 'soon' }), undefined],
  [plan({}), undefined],
  [plan('x'), undefined],
])('%j is the allowance of a plan', (body, retryAfterMs) => {
  expect(googleQuota(body, NOW)).toEqual({ limitName: 'plan', retryAfterMs });
});

it('a limit of the rate is no allowance that is spent', () => {
  expect(googleQuota({ error: { details: [{ reason: 'RATE_LIMIT_EXCEEDED' }] } }, NOW)).toBeUndefined();
});

it.each([undefined, 'text', {}, { error: 'x' }, { error: { details: [5, { violations: 'x' }] } }, error(5), error()])(
  '%j names none',
  (body) => {
    expect(googleQuota(body, NOW)).toBeUndefined();
  },
);
