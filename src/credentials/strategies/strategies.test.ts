import { describe, expect, it } from 'vitest';
import { credential } from '../../../test/support/test-target.ts';
import { echo } from '../../providers/echo/index.ts';
import type { Target } from '../../routing/target.ts';
import { createStrategy } from './index.ts';
import type { PoolView, Strategy } from './strategy.ts';

function target(id: string, weight = 1): Target {
  return { credential: credential(id, { weight }), provider: echo, model: 'm', info: undefined, forceMapping: false };
}

const view: PoolView = { inFlight: () => 0, headroom: () => undefined };
const abc = [target('a'), target('b'), target('c')];
const all = (_candidate: Target): boolean => true;
const without =
  (...ids: string[]) =>
  (candidate: Target): boolean =>
    !ids.includes(candidate.credential.id);

function picks(strategy: Strategy, targets: readonly Target[], count: number, usable = all, key = 'm'): string {
  return Array.from({ length: count }, () => strategy.pick(key, targets, usable, view)?.credential.id ?? '-').join('');
}

describe('round-robin', () => {
  it('takes everybody in turn', () => {
    expect(picks(createStrategy('round-robin'), abc, 7)).toBe('abcabca');
  });

  it('stays fair among those that are left', () => {
    expect(picks(createStrategy('round-robin'), abc, 6, without('a'))).toBe('bcbcbc');
  });

  it('keeps the turns of models apart', () => {
    const strategy = createStrategy('round-robin');
    expect(picks(strategy, abc, 2, all, 'one') + picks(strategy, abc, 2, all, 'two')).toBe('abab');
  });

  it('finds nobody when nobody is usable', () => {
    expect(picks(createStrategy('round-robin'), abc, 2, without('a', 'b', 'c'))).toBe('--');
    expect(picks(createStrategy('round-robin'), [], 1)).toBe('-');
  });

  it('forgets names rather than grow without end', () => {
    const strategy = createStrategy('round-robin');
    for (let index = 0; index < 5000; index++) strategy.pick(`model-${index}`, abc, all, view);
    expect(picks(strategy, abc, 3, all, 'model-0')).toBe('abc');
  });
});

describe('fill-first', () => {
  it('stays with the first usable one', () => {
    const strategy = createStrategy('fill-first');
    expect(picks(strategy, abc, 3)).toBe('aaa');
    expect(picks(strategy, abc, 3, without('a'))).toBe('bbb');
    expect(picks(strategy, abc, 1, without('a', 'b', 'c'))).toBe('-');
  });
});

describe('weighted round-robin', () => {
  const weighted = [target('a', 5), target('b', 1), target('c', 1)];

  it('mixes in proportion to the weights', () => {
    expect(picks(createStrategy('weighted-round-robin'), weighted, 14)).toBe('aabacaaaabacaa');
  });

  it('shares the turns of who is missing', () => {
    expect(picks(createStrategy('weighted-round-robin'), weighted, 4, without('a'))).toBe('bcbc');
  });

  it('never uses a weight of 0', () => {
    const strategy = createStrategy('weighted-round-robin');
    expect(picks(strategy, [target('a', 0), target('b', 2)], 3)).toBe('bbb');
    expect(picks(strategy, [target('a', 0)], 1)).toBe('-');
  });

  it('recovers after the set of credentials changes', () => {
    const strategy = createStrategy('weighted-round-robin');
    picks(strategy, weighted, 3);
    expect(picks(strategy, [target('x', 1), target('y', 1)], 4)).toBe('xyxy');
  });
});

describe('weighted round-robin with many', () => {
  it('takes turns while all weigh the same, and keeps credits when the list changes', () => {
    const strategy = createStrategy('weighted-round-robin');
    expect(picks(strategy, [target('a', 2), target('b', 2)], 4)).toBe('abab');
    const two = [target('a', 2), target('b', 1)];
    expect(picks(strategy, two, 2)).toBe('ab');
    // b has had its turn of the round: the newcomer comes before it.
    expect(picks(strategy, [...two, target('c', 1)], 4)).toBe('acab');
  });
});

describe('least-in-flight', () => {
  const busy = (counts: Readonly<Record<string, number>>): PoolView => ({
    inFlight: (id) => counts[id] ?? 0,
    headroom: () => undefined,
  });
  const picksOf = (counts: Readonly<Record<string, number>>, count: number, usable = all): string => {
    const strategy = createStrategy('least-in-flight');
    return Array.from({ length: count }, () => strategy.pick('m', abc, usable, busy(counts))?.credential.id).join('');
  };

  it('takes the least busy', () => {
    expect(picksOf({ a: 2, b: 1, c: 3 }, 3)).toBe('bbb');
    expect(picksOf({ a: 2, b: 1, c: 3 }, 2, without('b'))).toBe('aa');
  });

  it('equals take turns', () => {
    expect(picksOf({}, 4)).toBe('abca');
    expect(picksOf({ a: 1, b: 1, c: 1 }, 4)).toBe('abca');
    expect(picksOf({ b: 1 }, 4)).toBe('acac');
  });

  it('does not look further than the first idle one', () => {
    const asked: string[] = [];
    const view: PoolView = { inFlight: (id) => asked.push(id) - asked.length, headroom: () => undefined };
    createStrategy('least-in-flight').pick('m', abc, all, view);
    expect(asked).toEqual(['a']);
  });

  it('finds nobody when nobody is usable', () => {
    expect(createStrategy('least-in-flight').pick('m', abc, () => false, busy({}))).toBeUndefined();
  });
});

describe('quota-headroom', () => {
  type Left = readonly [leftFraction: number, resetsAtMs: number];
  const picksOf = (left: Readonly<Record<string, Left>>, count: number, usable = all): string => {
    const strategy = createStrategy('quota-headroom');
    const view: PoolView = {
      inFlight: () => 0,
      headroom({ credential }) {
        const known = left[credential.id];
        return known && { leftFraction: known[0], resetsAtMs: known[1] };
      },
    };
    return Array.from({ length: count }, () => strategy.pick('m', abc, usable, view)?.credential.id ?? '-').join('');
  };

  it('takes the plan that is renewed soonest and has room left', () => {
    expect(picksOf({ a: [0.9, 300], b: [0.06, 100], c: [0.5, 200] }, 2)).toBe('bb');
    expect(picksOf({ a: [0.9, 300], b: [0.05, 100], c: [0.5, 200] }, 2)).toBe('cc');
    expect(picksOf({ a: [0.9, 300], b: [0.9, 100], c: [0.5, 200] }, 1, without('b'))).toBe('c');
  });

  it('then those of which nothing is known, then the emptiest last', () => {
    expect(picksOf({ a: [0, 100] }, 3)).toBe('bcb');
    expect(picksOf({ a: [0.01, 100], b: [0.04, 300], c: [0, 50] }, 2)).toBe('bb');
  });

  it('equals take turns, and nobody is found when nobody is usable', () => {
    expect(picksOf({}, 4)).toBe('abca');
    expect(picksOf({ a: [0.5, 100], b: [0.5, 100] }, 3)).toBe('aba');
    expect(picksOf({}, 1, () => false)).toBe('-');
  });
});
