import { expect, it } from 'vitest';
import {
  effortBudgets,
  effortOfBudget,
  nearestLevel,
  readEffort,
  reasoningEfforts,
  unknownEffort,
} from './reasoning-effort.ts';

it('ascends, in tokens too', () => {
  const budgets = reasoningEfforts.map((effort) => effortBudgets[effort]);
  expect(budgets).toEqual(budgets.toSorted((a, b) => a - b));
});

it.each([
  [undefined, undefined],
  [-1, undefined],
  [0, 'none'],
  [1, 'minimal'],
  [1024, 'low'],
  [1025, 'medium'],
  [24_576, 'high'],
  [24_577, 'xhigh'],
  [1_000_000, 'xhigh'],
])('%s tokens mean %s', (budget, effort) => expect(effortOfBudget(budget)).toBe(effort));

it.each([
  ['high', ['low', 'high'], 'high'],
  ['medium', ['high', 'low'], 'low'],
  ['max', ['low', 'medium'], 'medium'],
  ['minimal', ['none', 'low'], 'low'],
  ['none', ['none', 'low'], 'none'],
  ['none', ['low', 'high'], 'low'],
  ['low', ['none'], undefined],
  ['low', ['later'], undefined],
  ['low', [], undefined],
] as const)('%s of %j is %s', (wanted, levels, level) => expect(nearestLevel(wanted, levels)).toBe(level));

it('knows its own names only', () => {
  expect(reasoningEfforts.map(readEffort)).toEqual(reasoningEfforts);
  expect(readEffort('ultra')).toBeUndefined();
  expect(readEffort(undefined)).toBeUndefined();
});

it.each([undefined, '', 'auto', 'high'])('%j is no unknown effort', (name) => expect(unknownEffort(name)).toEqual({}));
it('an effort of the future is unknown', () => expect(unknownEffort('ultra')).toEqual({ unknownEffort: 'ultra' }));
