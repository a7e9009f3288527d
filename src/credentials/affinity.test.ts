import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { createAffinity } from './affinity.ts';

const HOUR = 3_600_000;

function target(id: string, model = 'm'): Target {
  return { credential: credential(id), provider: echo, model, info: undefined, forceMapping: false };
}

function setUp(most?: number) {
  const time = { nowMs: 10 * HOUR };
  const affinity = createAffinity({
    clock: { now: () => time.nowMs },
    ttlMs: () => HOUR,
    ...(most === undefined ? {} : { most }),
  });
  const everybody = (): boolean => true;
  const bind = (key: string, id: string): void => affinity.bind({ key }, target(id), everybody);
  const find = (key: string): string | undefined => affinity.find({ key }, everybody)?.credentialId;
  return { time, affinity, bind, find, everybody };
}

describe('bindings', () => {
  it('are bounded: the longest unused go first', () => {
    const { affinity, bind, find, time } = setUp(3);
    for (const key of ['1', '2', '3']) bind(key, 'a');
    time.nowMs += 2000;
    bind('1', 'a');
    bind('4', 'a');
    expect([find('1'), find('2'), find('3'), find('4')]).toEqual(['a', undefined, 'a', 'a']);
    for (let index = 0; index < 100; index++) bind(`n${index}`, 'b');
    expect(affinity.size).toBe(3);
  });

  it('to credentials of other models stay, four of them at most', () => {
    const { affinity } = setUp();
    for (const id of ['a', 'b', 'c', 'd', 'e']) affinity.bind({ key: 's' }, target(id), (other) => other === id);
    expect(affinity.of('s').map(({ credentialId }) => credentialId)).toEqual(['e', 'd', 'c', 'b']);
    expect(affinity.find({ key: 's' }, (id) => id === 'b')?.credentialId).toBe('b');
    expect(affinity.of('nobody')).toEqual([]);
  });

  it('know the model and since when', () => {
    const { affinity, time, everybody } = setUp();
    affinity.bind({ key: 's', ttlMs: 5 }, target('a', 'm1'), everybody);
    const boundAtMs = time.nowMs;
    time.nowMs += 3;
    affinity.bind({ key: 's' }, target('a', 'm2'), everybody);
    expect(affinity.of('s')).toMatchObject([
      { credentialId: 'a', model: 'm2', boundAtMs, usedAtMs: boundAtMs + 3, ttlMs: HOUR },
    ]);
  });
});

describe('what is kept over a restart', () => {
  it('is every new binding, once, and a use of it now and then', () => {
    const { affinity, bind, time } = setUp();
    expect(affinity.source.changed()).toEqual([]);
    bind('s', 'a');
    bind('s', 'a');
    const [change] = affinity.source.changed();
    expect(change).toEqual({
      key: 's',
      value: [{ credentialId: 'a', model: 'm', boundAtMs: time.nowMs, usedAtMs: time.nowMs, ttlMs: HOUR }],
      expiresAtMs: time.nowMs + HOUR,
    });
    expect(affinity.source.changed()).toEqual([]);
    time.nowMs += HOUR / 10;
    bind('s', 'a');
    expect(affinity.source.changed()).toEqual([]);
    time.nowMs += HOUR / 5;
    bind('s', 'a');
    expect(affinity.source.changed()).toMatchObject([{ key: 's', expiresAtMs: time.nowMs + HOUR }]);
    bind('s', 'b');
    expect(affinity.source.changed()).toMatchObject([{ key: 's', value: [{ credentialId: 'b' }] }]);
  });

  it('comes back, shifted when the clock went back', () => {
    const before = setUp();
    before.bind('s', 'a');
    const saved = before.affinity.source.changed().map(({ key, value, expiresAtMs }) => ({
      key,
      value: JSON.parse(JSON.stringify(value)),
      expiresAtMs,
      shiftMs: -HOUR,
    }));
    const { affinity, find, time } = setUp();
    time.nowMs -= HOUR;
    affinity.source.restore(saved);
    expect(find('s')).toBe('a');
    time.nowMs += HOUR + 1;
    expect(find('s')).toBeUndefined();
  });

  it.each([
    7,
    null,
    'x',
    {},
    [7],
    [null],
    [{ credentialId: 'a', model: 'm', boundAtMs: 0, usedAtMs: 'x', ttlMs: 1 }],
    [{ credentialId: 'a', model: 7, boundAtMs: 0, usedAtMs: 0, ttlMs: 1 }],
    [{ model: 'm', boundAtMs: 0, usedAtMs: 0, ttlMs: 1 }],
    [{ credentialId: 'a', model: 'm', boundAtMs: null, usedAtMs: 0, ttlMs: 1 }],
  ])('%j is left out', (value) => {
    const { affinity } = setUp();
    affinity.source.restore([{ key: 's', value, expiresAtMs: 0, shiftMs: 0 }]);
    expect(affinity.size).toBe(0);
  });
});
