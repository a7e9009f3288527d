import { expect, test } from 'vitest';
import type { ErrorRule } from '../credentials/credential.ts';
import { matchErrorRule } from './error-rules.ts';

const rule = (change: Partial<ErrorRule>): ErrorRule => ({
  status: 400,
  texts: [],
  patterns: [],
  action: 'stop',
  ...change,
});

test('the first rule with the status and a text or pattern of the body decides', () => {
  const other = rule({ status: 500, texts: ['limit'] });
  const text = rule({ texts: ['never', 'limit'] });
  const pattern = rule({ patterns: [/never/, /li.it/i] });
  expect(matchErrorRule([other, text, pattern], 400, 'a limit')).toBe(text);
  expect(matchErrorRule([other, pattern, text], 400, 'a LIMIT')).toBe(pattern);
  expect(matchErrorRule([other, text, pattern], 400, 'something else')).toBeUndefined();
  expect(matchErrorRule([other], 400, 'limit')).toBeUndefined();
  expect(matchErrorRule([], 400, 'limit')).toBeUndefined();
});

test('only the first 8 KiB are looked at', () => {
  const rules = [rule({ texts: ['end'], patterns: [/end/] })];
  expect(matchErrorRule(rules, 400, `${'x'.repeat(8189)}end`)).toBe(rules[0]);
  expect(matchErrorRule(rules, 400, `${'x'.repeat(8190)}end`)).toBeUndefined();
});

test('a pattern that backtracks without end is stopped, and soon not asked again; later rules still count', () => {
  const rules = [rule({ patterns: [/(a+)+$/] }), rule({ texts: ['b'] })];
  const body = `${'a'.repeat(60)}b`;
  const startedAt = performance.now();
  for (let count = 0; count < 20; count++) expect(matchErrorRule(rules, 400, body)).toBe(rules[1]);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
