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
  ['m(huge)', 'm', undefined],
  ['m(-2)', 'm', undefined],
  ['m(99999999999999999999)', 'm', undefined],
  ['m(a)(low)', 'm(a)', { effort: 'low' }],
  ['m(high', 'm(high', undefined],
  ['(high)', '(high)', undefined],
])('%s', (name, base, reasoning) => {
  expect(parseModelSuffix(name)).toEqual({ base, reasoning });
});
