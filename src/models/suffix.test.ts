import { expect, it } from 'vitest';
import { parseModelSuffix } from './suffix.ts';

it.each([
  ['gpt-5', 'gpt-5', undefined],
  ['gpt-5(high)', 'gpt-5', { effort: 'high' }],
  ['gpt-5(XHigh)', 'gpt-5', { effort: 'xhigh' }],
  ['m(none)', 'm', { effort: 'none' }],
  ['m(0)', 'm', { effort: 'none' }],
  ['m(8192)', 'm', { budgetTokens: 8192 }],
  ['m(auto)', 'm', { budgetTokens: -1 }],
  ['m(-1)', 'm', { budgetTokens: -1 }],
  ['m(a)(low)', 'm(a)', { effort: 'low' }],
  ['m(high', 'm(high', undefined],
  ['(high)', '(high)', undefined],
])('%s', (name, base, reasoning) => {
  expect(parseModelSuffix(name)).toEqual({ base, reasoning });
});

it.each([
  ['m( Huge )', 'Huge'],
  ['m(-2)', '-2'],
  ['m()', ''],
  ['m(99999999999999999999)', '99999999999999999999'],
])('%s: parentheses that mean nothing', (name, unknown) => {
  expect(parseModelSuffix(name)).toEqual({ base: 'm', reasoning: undefined, unknown });
});
