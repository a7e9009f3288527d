import { expect, test } from 'vitest';
import { ProxyError, upstreamError } from '../errors.ts';
import { curableBy, moreCurable, roundsOf, roundWaitMs } from './retry-policy.ts';

const curable = (status: number): string => curableBy(upstreamError({ status, message: 'no' })) ?? 'never';

test('further rounds follow the statuses that pass', () => {
  for (const status of [403, 408, 429, 500, 502, 503, 504, 520, 529])
    expect([status, curable(status)]).toEqual([status, 'round']);
  for (const status of [401, 402]) expect([status, curable(status)]).toEqual([status, 'stream']);
  for (const status of [400, 404, 409, 413, 422, 501, 505])
    expect([status, curable(status)]).toEqual([status, 'never']);
  expect(curableBy(new ProxyError('upstream_unreachable', 'x'))).toBe('round');
  expect(curableBy(new ProxyError('upstream_stream_truncated', 'x'))).toBe('round');
  expect(curableBy(new ProxyError('lossy_translation', 'x'))).toBeUndefined();
});

test('of two failures, the one that a round can cure counts', () => {
  expect(moreCurable('stream', 'round')).toBe('round');
  expect(moreCurable('round', 'stream')).toBe('round');
  expect(moreCurable(undefined, 'stream')).toBe('stream');
  expect(moreCurable('stream', undefined)).toBe('stream');
  expect(moreCurable(undefined, undefined)).toBeUndefined();
});

test("a credential's own number of rounds comes first; streams get the bootstrap rounds as well", () => {
  const settings = { requestRetry: 3, bootstrapRetries: 2 };
  expect(roundsOf({}, settings, false, 'round')).toBe(3);
  expect(roundsOf({ requestRetry: 0 }, settings, false, 'round')).toBe(0);
  expect(roundsOf({ requestRetry: 1 }, settings, true, 'round')).toBe(3);
  expect(roundsOf({}, settings, true, 'stream')).toBe(2);
  expect(roundsOf({}, settings, false, 'stream')).toBe(0);
  expect(roundsOf({ requestRetry: 9 }, settings, true, undefined)).toBe(0);
});

test('the wait is the recovery and up to a quarter more, at most 2 s, never beyond the longest wait', () => {
  expect(roundWaitMs(1000, 30_000, () => 0)).toBe(1000);
  expect(roundWaitMs(1000, 30_000, () => 1)).toBe(1250);
  expect(roundWaitMs(20_000, 30_000, () => 1)).toBe(22_000);
  expect(roundWaitMs(29_000, 30_000, () => 1)).toBe(30_000);
  expect(roundWaitMs(30_000, 30_000, () => 1)).toBe(30_000);
  expect(roundWaitMs(30_001, 30_000, () => 0)).toBeUndefined();
  expect(roundWaitMs(0, 0, () => 1)).toBe(0);
  expect(roundWaitMs(1, 0, () => 0)).toBeUndefined();
});
