import { expect, it } from 'vitest';
import { upstreamError } from '../errors.ts';
import { untilMidnight } from './daily-allowance.ts';

const spent = upstreamError({ status: 403, code: 'free-usage-exhausted', message: 'spent' });
const hours = (count: number): number => count * 60 * 60_000;

it.each([
  // 16:00 UTC is midnight in Shanghai.
  ['2026-03-01T00:00:00Z', hours(16)],
  ['2026-03-01T15:59:00Z', 60_000],
  ['2026-03-01T16:00:00Z', hours(24)],
  ['2026-03-01T17:00:00Z', hours(23)],
])('at %s the allowance of a day is %d ms away', (now, ms) => {
  const error = untilMidnight(spent, { quirks: { freshAtMidnightOf: 8 } }, Date.parse(now));
  expect(error).toMatchObject({ code: 'upstream_rate_limited', status: 429, retryAfterMs: ms, scope: 'credential' });
});

it('says nothing of other limits and other providers', () => {
  const other = upstreamError({ status: 429, message: 'slow down' });
  expect(untilMidnight(other, { quirks: { freshAtMidnightOf: 8 } }, 0)).toBe(other);
  expect(untilMidnight(spent, { quirks: {} }, 0)).toBe(spent);
  expect(untilMidnight(spent, {}, 0)).toBe(spent);
});
