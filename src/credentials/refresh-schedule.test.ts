import { describe, expect, test } from 'vitest';
import { type RenewalFacts, renewalDueAtMs, renewalPauseMs } from './refresh-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_800_000_000_000;
const due = (facts: Partial<RenewalFacts>): number =>
  (renewalDueAtMs(
    {
      hasToken: true,
      expiresAtMs: undefined,
      refreshedAtMs: undefined,
      intervalMs: undefined,
      leadMs: 0,
      jitter: 0,
      ...facts,
    },
    NOW,
  ) -
    NOW) /
  MINUTE;

describe('minutes from now at which a token is renewed', () => {
  test.each<[string, Partial<RenewalFacts>, number]>([
    ['no token', { hasToken: false }, 0],
    ['no end known', {}, Number.POSITIVE_INFINITY],
    ['ten minutes before its end', { expiresAtMs: NOW + HOUR }, 50],
    ['the provider wants more', { expiresAtMs: NOW + HOUR, leadMs: 20 * MINUTE }, 40],
    ['jitter is never late', { expiresAtMs: NOW + HOUR, jitter: 1 }, 49],
    ['it has ended', { expiresAtMs: NOW - HOUR }, -70],
    ['half of its life at most', { refreshedAtMs: NOW, expiresAtMs: NOW + 8 * MINUTE, leadMs: HOUR }, 4],
    ['made in the future: the clock went back', { refreshedAtMs: NOW + HOUR, expiresAtMs: NOW + 2 * HOUR }, 0],
    ['clocks of two machines', { refreshedAtMs: NOW + MINUTE, expiresAtMs: NOW + HOUR }, 50],
    [
      'the user wants it every 30 minutes',
      { refreshedAtMs: NOW - 10 * MINUTE, intervalMs: 30 * MINUTE, expiresAtMs: NOW + 8 * HOUR },
      20,
    ],
    [
      '... or that long before its end',
      { refreshedAtMs: NOW, intervalMs: 30 * MINUTE, expiresAtMs: NOW + 40 * MINUTE },
      10,
    ],
    ['... and nobody knows when it was', { intervalMs: 30 * MINUTE }, 0],
  ])('%s', (_name, facts, minutes) => {
    expect(due(facts)).toBe(minutes);
  });
});

test.each([
  [1, undefined, 0, 1],
  [1, undefined, 1, 1.1],
  [2, undefined, 0, 2],
  [5, undefined, 0, 16],
  [6, undefined, 0, 30],
  [5000, undefined, 0, 30],
  [1, 5 * MINUTE, 0, 5],
  [3, 1000, 0, 4],
  [1, 24 * HOUR, 0, 60],
])('the pause after %i failures, Retry-After %s', (failures, retryAfterMs, jitter, minutes) => {
  expect(renewalPauseMs(failures, retryAfterMs, jitter)).toBeCloseTo(minutes * MINUTE);
});
