import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { upstreamError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import { type ChoiceSettings, DEFAULT_CHOICE } from './chooser.ts';
import type { Credential } from './credential.ts';
import { createCredentialManager } from './manager.ts';
import { createStrategy, type StrategyName } from './strategies/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function target(id: string, change: Partial<Credential> = {}, model = 'm'): Target {
  return { credential: credential(id, change), provider: echo, model, info: undefined, forceMapping: false };
}

function setUp(choice: Partial<ChoiceSettings> = {}, strategy: StrategyName = 'round-robin') {
  const time = { nowMs: 1_000_000 };
  const manager = createCredentialManager({
    clock: { now: () => time.nowMs },
    strategy: createStrategy(strategy),
    settings: { transientMs: MINUTE, disableCooling: false },
    choice: { ...DEFAULT_CHOICE, ...choice },
  });
  const ask = (targets: readonly Target[], session: string | SessionKey, tried = new Set<string>()): string => {
    const key = typeof session === 'string' ? { key: session } : session;
    return manager.pick({ model: 'm', targets, tried, session: () => key })?.credential.id ?? '-';
  };
  const limit = (one: Target, retryAfterMs: number): void =>
    manager.failed(one, upstreamError({ status: 429, message: 'limit', retryAfterMs }));
  return { time, manager, ask, limit };
}

const [a, b, c] = [target('a'), target('b'), target('c')];
const abc = [a, b, c];

describe('a conversation', () => {
  it('stays where it began, while others begin elsewhere', () => {
    const { ask } = setUp();
    expect(['s1', 's2', 's3', 's1', 's2', 's3', 's1'].map((session) => ask(abc, session)).join('')).toBe('abcabca');
    expect(['s3', 's2', 's2', 's1'].map((session) => ask(abc, session)).join('')).toBe('cbba');
  });

  it('takes turns as everybody when affinity is off', () => {
    const { ask } = setUp({ affinityMs: 0 });
    expect([1, 2, 3, 4].map(() => ask(abc, 's')).join('')).toBe('abca');
  });

  it('moves when its account is limited, and stays there', () => {
    const { ask, limit, time } = setUp();
    expect(ask(abc, 's')).toBe('a');
    limit(a, MINUTE);
    const moved = ask(abc, 's', new Set(['a']));
    expect(moved).toBe('b');
    time.nowMs += 2 * MINUTE;
    expect([1, 2, 3].map(() => ask(abc, 's')).join('')).toBe('bbb');
  });

  it('is placed anew when its time is over, which every request renews', () => {
    const { ask, time } = setUp({ affinityMs: HOUR });
    expect(ask(abc, 's')).toBe('a');
    time.nowMs += 50 * MINUTE;
    expect(ask(abc, 's')).toBe('a');
    time.nowMs += 50 * MINUTE;
    expect(ask(abc, 's')).toBe('a');
    time.nowMs += 61 * MINUTE;
    expect(ask(abc, 's')).toBe('b');
  });

  it('follows the time that its request asks of the cache', () => {
    const { ask, time } = setUp();
    const session = { key: 's', ttlMs: 5 * MINUTE };
    expect(ask(abc, session)).toBe('a');
    time.nowMs += 5 * MINUTE;
    expect(ask(abc, session)).toBe('a');
    time.nowMs += 5 * MINUTE + 1;
    expect(ask(abc, session)).toBe('b');
  });

  it('survives a clock that is put back or forth by less than its time', () => {
    const { ask, time } = setUp();
    expect(ask(abc, 's')).toBe('a');
    time.nowMs -= 24 * HOUR;
    expect(ask(abc, 's')).toBe('a');
    time.nowMs += 30 * MINUTE;
    expect(ask(abc, 's')).toBe('a');
    time.nowMs += 24 * HOUR;
    expect(ask(abc, 's')).toBe('b');
  });

  it('is found under its weaker name, and goes on under the stronger one', () => {
    const { ask } = setUp();
    expect(ask(abc, 'short')).toBe('a');
    expect(ask(abc, { key: 'long', fallback: 'short' })).toBe('a');
    expect(ask(abc, 'other')).toBe('b');
    expect(ask(abc, 'long')).toBe('a');
  });

  it('asks two models of one account where both are served', () => {
    const { ask } = setUp();
    const other = [target('x'), target('b', {}, 'n'), target('a', {}, 'n')];
    expect(ask(abc, 's')).toBe('a');
    expect(ask(other, 's')).toBe('a');
    expect(ask(abc, 's')).toBe('a');
  });

  it('is bound to an account of each provider that it asks', () => {
    const { ask } = setUp();
    const others = [target('x'), target('y')];
    expect(ask(abc, 's0')).toBe('a');
    expect([ask(abc, 's'), ask(others, 's'), ask(abc, 's'), ask(others, 's')]).toEqual(['b', 'x', 'b', 'x']);
  });

  it('keeps the model of a pool that its prefix was sent to', () => {
    const { manager } = setUp();
    const pool = [target('a', {}, 'm1'), target('a', {}, 'm2'), target('b', {}, 'm1')];
    const models = [1, 2, 3].map(
      () => manager.pick({ model: 'm', targets: pool, tried: new Set(), session: () => ({ key: 's' }) })?.model,
    );
    expect(models).toEqual(['m1', 'm1', 'm1']);
  });

  it('is not looked up where there is no choice', () => {
    const { manager } = setUp();
    const session = (): SessionKey => {
      throw new Error('asked');
    };
    expect(manager.pick({ model: 'm', targets: [a], tried: new Set(), session })?.credential.id).toBe('a');
  });

  it('without a name takes turns', () => {
    const { manager } = setUp();
    const picked = [1, 2, 3, 4].map(
      () => manager.pick({ model: 'm', targets: abc, tried: new Set(), session: () => undefined })?.credential.id,
    );
    expect(picked).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('load', () => {
  it('a conversation that asks much keeps others from beginning beside it, and is not moved itself', () => {
    const { ask } = setUp();
    const targets = [a, b];
    expect(ask(targets, 'busy')).toBe('a');
    for (let index = 0; index < 30; index++) expect(ask(targets, 'busy')).toBe('a');
    expect([1, 2, 3, 4, 5, 6].map((index) => ask(targets, `new${index}`)).join('')).toBe('bbbbbb');
  });

  it('counts what is under way as well', () => {
    const { ask, manager } = setUp();
    for (let index = 0; index < 8; index++) manager.begun(a);
    expect([1, 2].map((index) => ask([a, b], `new${index}`)).join('')).toBe('bb');
  });

  it('is shared by weight where the strategy goes by weight', () => {
    const { ask } = setUp({}, 'weighted-round-robin');
    const targets = [target('a', { weight: 3 }), target('b', { weight: 1 })];
    const counts = { a: 0, b: 0, '-': 0 };
    for (let index = 0; index < 40; index++) counts[ask(targets, `s${index}`) as 'a' | 'b']++;
    expect(counts).toEqual({ a: 30, b: 10, '-': 0 });
  });

  it('is not spread by a strategy that fills one account first', () => {
    const { ask } = setUp({}, 'fill-first');
    expect([1, 2, 3, 4, 5, 6].map((index) => ask(abc, `s${index}`)).join('')).toBe('aaaaaa');
  });

  it('is forgotten with time', () => {
    const { ask, time } = setUp();
    for (let index = 0; index < 8; index++) ask([a, b], 'busy');
    time.nowMs += 3 * HOUR;
    expect([1, 2, 3, 4].map((index) => ask([a, b], `new${index}`)).join('')).toBe('baba');
  });

  it('beginnings that are alike do not all go to one account', () => {
    const { ask } = setUp();
    const alike = { key: 'same', shared: true };
    const picked = Array.from({ length: 12 }, () => ask([a, b], alike));
    expect(picked.filter((id) => id === 'a').length).toBeGreaterThanOrEqual(4);
    expect(picked.filter((id) => id === 'b').length).toBeGreaterThanOrEqual(4);
  });
});

describe('tiers', () => {
  const account = target('account', { kind: 'account' });
  const key = target('key');

  it('accounts come before keys of the same priority', () => {
    const { ask, limit } = setUp();
    expect([1, 2, 3].map((index) => ask([key, account], `s${index}`))).toEqual(['account', 'account', 'account']);
    limit(account, HOUR);
    expect(ask([key, account], 's4')).toBe('key');
  });

  it('they take turns when that is switched off, and a priority stands above it', () => {
    const { ask } = setUp({ accountsFirst: false });
    expect([1, 2, 3, 4].map((index) => ask([key, account], `s${index}`)).join(' ')).toBe('key account key account');
    const first = target('key', { priority: 1 });
    expect([1, 2].map((index) => setUp().ask([account, first], `s${index}`))).toEqual(['key', 'key']);
  });

  it('a conversation that fell to a paid key returns when the account is usable and its cache is cold', () => {
    const { ask, limit, time, manager } = setUp();
    const targets = [key, account];
    const session = { key: 's', ttlMs: 5 * MINUTE };
    expect(ask(targets, session)).toBe('account');
    limit(account, 2 * MINUTE);
    expect(ask(targets, session)).toBe('key');
    time.nowMs += 3 * MINUTE;
    // Usable again, but the key has the warm cache.
    expect(ask(targets, session)).toBe('key');
    time.nowMs += 3 * MINUTE;
    expect(ask(targets, session)).toBe('account');
    manager.succeeded(account);
    expect(ask(targets, session)).toBe('account');
  });

  it('it stays with the key as long as the account is not usable', () => {
    const { ask, limit, time } = setUp();
    const targets = [key, account];
    limit(account, HOUR);
    for (let index = 0; index < 5; index++) {
      expect(ask(targets, 's')).toBe('key');
      time.nowMs += 6 * MINUTE;
    }
    time.nowMs += HOUR;
    expect(ask(targets, 's')).toBe('account');
  });
});
