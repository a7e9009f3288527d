import { describe, expect, it } from 'vitest';
import { credential } from '../../../test/support/test-target.ts';
import { echo } from '../../providers/echo/index.ts';
import type { Target } from '../../routing/target.ts';
import type { Credential } from '../credential.ts';
import { createInFlight } from '../in-flight.ts';
import { createLimits } from './limits.ts';
import { type AttemptCost, type LimitSettings, NO_LIMITS, NOBODY_AHEAD } from './rate-limits.ts';
import { TokenBucket } from './token-bucket.ts';

function target(id: string, change: Partial<Credential> = {}): Target {
  return { credential: credential(id, change), provider: echo, model: 'm', info: undefined, forceMapping: false };
}

const cost = (input: number, output = 0): AttemptCost => ({ inputTokens: () => input, tokens: () => input + output });
const spent = (outputTokens: number) => ({
  usage: () => ({ inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens }),
});

function setUp(settings: Partial<LimitSettings>) {
  const time = { nowMs: 0 };
  const inFlight = createInFlight();
  const clock = { now: () => 5e12 - time.nowMs * 1000, elapsedMs: () => time.nowMs };
  return { time, inFlight, limits: createLimits(clock, inFlight, { ...NO_LIMITS, ...settings }) };
}

describe('TokenBucket', () => {
  it('is full at first, fills steadily and never beyond its capacity', () => {
    const bucket = new TokenBucket(60, 10, 0);
    bucket.take(10, 0);
    expect(bucket.waitMs(1, 0)).toBe(1000);
    expect(bucket.waitMs(1, 400)).toBe(600);
    expect(bucket.waitMs(1, 1000)).toBe(0);
    expect(bucket.level(1_000_000)).toBe(10);
  });

  it('waits for what comes ahead as well, and for no more than it can hold', () => {
    const bucket = new TokenBucket(60, 10, 0);
    expect(bucket.waitMs(1, 0, 9)).toBe(0);
    expect(bucket.waitMs(1, 0, 10)).toBe(1000);
    expect(bucket.waitMs(1000, 0)).toBe(0);
  });

  it('takes no harm from a clock that goes back, nor from a debt without end', () => {
    const bucket = new TokenBucket(60, 10, 5000);
    bucket.take(1e9, 1000);
    expect(bucket.level(1000)).toBe(-20);
    bucket.take(-1e9, 1000);
    expect(bucket.level(1000)).toBe(10);
  });
});

describe('limits', () => {
  it('leaves everybody alone without any', () => {
    const { limits } = setUp({});
    const one = target('a');
    for (let count = 0; count < 100; count++) limits.begun(one, cost(1e9));
    expect(limits.hasRoom(one, cost(1e9))).toBe(true);
    expect(limits.waitMs(one, cost(1), NOBODY_AHEAD)).toBe(0);
    expect(limits.mostTokens(one)).toBeUndefined();
    expect(limits.isShared(one)).toBe(false);
  });

  it('counts requests at a time, by the credential before the configuration', () => {
    const { limits, inFlight } = setUp({ maxInFlight: 1 });
    inFlight.begun('a');
    inFlight.begun('b');
    expect(limits.hasRoom(target('a'), undefined)).toBe(false);
    expect(limits.waitMs(target('a'), undefined, NOBODY_AHEAD)).toBeUndefined();
    expect(limits.hasRoom(target('b', { maxInFlight: 2 }), undefined)).toBe(true);
  });

  it('shares the requests of a provider among its credentials, and those of all among all', () => {
    const { limits, time } = setUp({
      byProvider: new Map([['test', { requestsPerMinute: 60, burst: 2 }]]),
      total: { requestsPerMinute: 60, burst: 3 },
    });
    limits.begun(target('a'), undefined);
    limits.begun(target('b'), undefined);
    expect(limits.hasRoom(target('c'), undefined)).toBe(false);
    const other = target('d', { provider: 'other' });
    expect(limits.hasRoom(other, undefined)).toBe(true);
    limits.begun(other, undefined);
    expect(limits.hasRoom(other, undefined)).toBe(false);
    time.nowMs += 999;
    expect(limits.hasRoom(other, undefined)).toBe(false);
    time.nowMs += 1;
    expect(limits.hasRoom(target('c'), undefined)).toBe(true);
  });

  it('reserves tokens and settles for what they were', () => {
    const others = { tokensPerMinute: 1000, burst: 10 };
    const { limits } = setUp({ others });
    const one = target('a');
    limits.begun(one, cost(500, 400));
    expect(limits.hasRoom(one, cost(101))).toBe(false);
    expect(limits.hasRoom(one, cost(100))).toBe(true);
    limits.ended(one, cost(500, 400), spent(50));
    expect(limits.hasRoom(one, cost(950))).toBe(true);
    expect(limits.hasRoom(one, cost(951))).toBe(false);
    limits.begun(one, cost(900));
    // Nobody told what it cost: the estimate stands. Nothing was sent: it comes back.
    limits.ended(one, cost(900), { usage: () => undefined });
    expect(limits.hasRoom(one, cost(51))).toBe(false);
    limits.begun(one, cost(40));
    limits.ended(one, cost(40), undefined);
    expect(limits.hasRoom(one, cost(50))).toBe(true);
  });

  it('knows what is too large, which no wait helps', () => {
    const { limits } = setUp({ others: { maxTokensPerRequest: 100, burst: 10 } });
    const one = target('a');
    expect(limits.isTooLarge(one, cost(101))).toBe(true);
    expect(limits.hasRoom(one, cost(101))).toBe(false);
    expect(limits.hasRoom(one, cost(100, 5000))).toBe(true);
    expect(limits.mostTokens(one)).toBe(100);
  });

  it("takes a credential's own limits instead of its provider's", () => {
    const { limits } = setUp({ others: { requestsPerMinute: 60, burst: 1 } });
    const own = target('a', { limits: { id: 'mine', requestsPerMinute: 60, burst: 2 } });
    limits.begun(own, undefined);
    expect(limits.hasRoom(own, undefined)).toBe(true);
    limits.begun(own, undefined);
    expect(limits.hasRoom(own, undefined)).toBe(false);
    expect(limits.hasRoom(target('b'), undefined)).toBe(true);
  });

  it('keeps what is used up over a new configuration', () => {
    const { limits } = setUp({ others: { requestsPerMinute: 60, burst: 2 } });
    const one = target('a');
    limits.begun(one, undefined);
    limits.begun(one, undefined);
    limits.configure({ ...NO_LIMITS, others: { requestsPerMinute: 60, burst: 20 } });
    expect(limits.hasRoom(one, undefined)).toBe(false);
    limits.configure(NO_LIMITS);
    expect(limits.hasRoom(one, undefined)).toBe(true);
  });
});
