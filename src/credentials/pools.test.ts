import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { ProxyError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { createCredentialManager } from './manager.ts';
import { markTried, stillAllowed } from './pool.ts';
import { createStrategy, type StrategyName } from './strategies/index.ts';

function target(id: string, model: string, priority = 0): Target {
  return { credential: credential(id, { priority }), provider: echo, model, info: undefined, forceMapping: false };
}

// As the registry lists them: model by model.
const targets = [target('a', '1'), target('b', '1'), target('a', '2'), target('b', '2'), target('a', '3')];

function manager(strategy: StrategyName) {
  return createCredentialManager({
    clock: { now: () => 1000 },
    strategy: createStrategy(strategy),
    settings: { transientMs: 60_000, disableCooling: false },
  });
}

const shown = (one: Target | undefined): string => (one === undefined ? '-' : one.credential.id + one.model);

describe('an alias with several models', () => {
  it.each<[StrategyName, string]>([
    ['round-robin', 'a1 b1 a2 b2 a3 b1 a1'],
    ['weighted-round-robin', 'a1 b1 a2 b2 a3 b1 a1'],
    ['fill-first', 'a1 a2 a3 a1 a2 a3 a1'],
  ])('%s: the strategy picks the credential, its models take turns', (strategy, order) => {
    const pool = manager(strategy);
    const picks = Array.from({ length: 7 }, () => shown(pool.pick({ model: 'm', targets, tried: new Set() })));
    expect(picks.join(' ')).toBe(order);
  });

  it('a failure goes to the next model of the credential, then to the next credential', () => {
    const pool = manager('round-robin');
    const tried = new Set<string>();
    const order: string[] = [];
    for (let index = 0; index < 6; index++) {
      const picked = pool.pick({ model: 'm', targets, tried });
      order.push(shown(picked));
      if (picked !== undefined) markTried(tried, picked, targets, 'model');
    }
    expect(order).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', '-']);
  });

  it('a refused credential is refused for all its models', () => {
    const pool = manager('round-robin');
    const tried = new Set<string>();
    markTried(tried, targets[0] as Target, targets, 'credential');
    expect(shown(pool.pick({ model: 'm', targets, tried }))).toBe('b1');
    expect(tried.has('a')).toBe(true);
  });

  it('a model that cools down loses its turn, the credential does not', () => {
    const pool = manager('fill-first');
    pool.failed(targets[0] as Target, new ProxyError('upstream_rate_limited', 'slow down', { retryAfterMs: 5000 }));
    expect([1, 2, 3].map(() => shown(pool.pick({ model: 'm', targets, tried: new Set() })))).toEqual([
      'a2',
      'a3',
      'a2',
    ]);
  });

  it('priorities stay above it', () => {
    const pool = manager('round-robin');
    const mixed = [target('low', '1'), target('high', '1', 5), target('low', '2'), target('high', '2', 5)];
    expect([1, 2, 3].map(() => shown(pool.pick({ model: 'm', targets: mixed, tried: new Set() })))).toEqual([
      'high1',
      'high2',
      'high1',
    ]);
  });
});

describe('the limit of credentials per round', () => {
  it('counts credentials, not models', () => {
    const tried = new Set<string>();
    expect(stillAllowed(targets, tried, 1)).toBe(targets);
    markTried(tried, targets[0] as Target, targets, 'model');
    expect(tried.has('a')).toBe(false);
    expect(stillAllowed(targets, tried, 1).map(shown)).toEqual(['a1', 'a2', 'a3']);
    expect(stillAllowed(targets, tried, 2)).toBe(targets);
    expect(stillAllowed(targets, tried, 0)).toBe(targets);
  });
});
