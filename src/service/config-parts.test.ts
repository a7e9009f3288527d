import { describe, expect, it } from 'vitest';
import { finishSteps } from '../pipeline/steps.ts';
import { fromParts, toParts } from './config-parts.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('config parts', () => {
  it('bring back what was cut', () => {
    const value = {
      port: 1,
      none: undefined,
      pattern: /a+/i,
      short: [1, 2],
      long: numbers(120),
      nested: [{ keys: numbers(101).map((number) => ({ key: `k${number}`, list: [number] })) }],
      deep: numbers(60).map((number) => ({ number, list: numbers(number) })),
    };
    expect(finishSteps(fromParts(toParts(value)))).toEqual(value);
  });

  it('are small', () => {
    const { trunk, lists } = toParts({ keys: numbers(2000).map((number) => ({ key: `sk-${number}`, weight: 1 })) });
    expect(lists).toHaveLength(100);
    expect(trunk.length).toBeLessThan(50);
    for (const list of lists) expect(list.length).toBeLessThan(2000);
  });
});
