import { expect, test } from 'vitest';
import { formatRetryAfter, limitsCredential, readRetryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0.25' }, 250],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9000],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
  [{}, undefined],
  [
    { 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-reset': String(NOW / 1000 + 60) },
    60_000,
  ],
  [
    { 'anthropic-ratelimit-unified-status': 'allowed', 'anthropic-ratelimit-unified-reset': String(NOW / 1000 + 60) },
    undefined,
  ],
  [
    {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(NOW / 1000 + 5),
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': '2026-01-01T00:01:00Z',
      'anthropic-ratelimit-unified-7d-status': 'rejected',
      'anthropic-ratelimit-unified-7d-reset': '2026-01-01T00:02:00Z',
    },
    120_000,
  ],
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20ms' }, 20],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1d1h1m1.5s' }, 90_061_500],
  [{ 'x-ratelimit-remaining-tokens': '5', 'x-ratelimit-reset-tokens': '1s' }, undefined],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '' }, undefined],
])('%j asks for %s ms', (headers, ms) => {
  expect(readRetryAfterMs(headers, NOW)).toBe(ms);
});

test('the header holds whole seconds, never sooner than asked', () => {
  expect([0, 1, 999, 1001, 30_000].map(formatRetryAfter)).toEqual(['1', '1', '1', '2', '30']);
});

test.each([
  ['5h', 'rejected', true],
  ['7d', 'rejected', true],
  ['7d_oi', 'rejected', false],
  ['5h', 'allowed', false],
])('%s %s: the whole credential is limited: %s', (window, status, whole) => {
  expect(limitsCredential({ [`anthropic-ratelimit-unified-${window}-status`]: status })).toBe(whole);
});
