import { describe, expect, it } from 'vitest';
import { type ConfigChanges, changesBetween } from './changes.ts';
import { parseConfig } from './parse.ts';
import { changedUntilRestart } from './restart-keys.ts';

function compare(before: unknown, after: unknown): ConfigChanges {
  const steps = changesBetween(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe('changesBetween', () => {
  it('names nothing when nothing differs', () => {
    const config = { port: 1, list: [{ key: 'a', at: /x/ }], none: undefined };
    expect(compare({ ...config }, config)).toEqual({ paths: [], count: 0 });
    expect(compare(structuredClone({ a: [1, { b: null }] }), { a: [1, { b: null }] })).toEqual({ paths: [], count: 0 });
  });

  it('names keys in order, down to the value', () => {
    const before = { port: 1, routing: { strategy: 'a' }, keys: [{ key: 'one' }, { key: 'two' }] };
    const after = { port: 2, routing: { strategy: 'b' }, keys: [{ key: 'one' }, { key: 'three' }] };
    expect(compare(before, after)).toEqual({ paths: ['port', 'routing.strategy', 'keys[1].key'], count: 3 });
  });

  it('names keys that come and go', () => {
    expect(compare({ gone: 1 }, { come: 1 })).toEqual({ paths: ['gone', 'come'], count: 2 });
  });

  it('names a list whose length differs as a whole', () => {
    expect(compare({ keys: ['a'] }, { keys: ['a', 'b'] })).toEqual({ paths: ['keys'], count: 1 });
  });

  it('tells lists, sections and patterns apart', () => {
    expect(compare({ a: [], b: /x/, c: {} }, { a: {}, b: /y/, c: null })).toEqual({ paths: ['a', 'b', 'c'], count: 3 });
  });

  it('counts what it does not name', () => {
    const list = (value: number): number[] => Array.from({ length: 30 }, () => value);
    const { paths, count } = compare({ list: list(1) }, { list: list(2) });
    expect(count).toBe(30);
    expect(paths).toHaveLength(20);
    expect(paths[19]).toBe('list[19]');
  });

  it('works in parts', () => {
    const list = Array.from({ length: 1200 }, (_, index) => index);
    const steps = changesBetween(list, [...list]);
    let parts = 0;
    while (steps.next().done !== true) parts++;
    expect(parts).toBe(2);
  });
});

describe('changedUntilRestart', () => {
  it('names the keys that are read once', () => {
    const { config } = parseConfig({ text: '' });
    const now = {
      ...config,
      host: '::1',
      'api-keys': ['another-key'],
      'responses-store': { ...config['responses-store'], 'max-mb': 7 },
    };
    expect(changedUntilRestart(config, now)).toEqual(['host', 'responses-store.max-mb']);
    expect(changedUntilRestart(config, config)).toEqual([]);
  });
});
