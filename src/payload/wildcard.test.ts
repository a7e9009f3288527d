import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesWildcard, nameWildcard, queryWildcard } from './wildcard.ts';

it.each([
  ['gpt-*', 'gpt-5', true],
  ['gpt-*', 'GPT-5', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['', '', false],
  ['', 'x', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['*5', 'gpt-5', true],
  ['gpt', 'gpt-5', false],
  ['a?c', 'abc', false],
  ['a?c', 'a?c', true],
  [String.raw`a\*`, String.raw`a\bc`, true],
])('name %s, %s: %s', (pattern, text, expected) => {
  expect(matchesWildcard(nameWildcard(pattern), text)).toBe(expected);
});

it.each([
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  [String.raw`a\?c`, 'abc', false],
  [String.raw`a\?c`, 'a?c', true],
  [String.raw`a\\*`, String.raw`a\bc`, true],
  ['?', '😀', true],
])('query %s, %s: %s', (pattern, text, expected) => {
  expect(matchesWildcard(queryWildcard(pattern), text)).toBe(expected);
});

it('agrees with a regular expression', () => {
  const char = fc.constantFrom('a', 'b', '*');
  fc.assert(
    fc.property(
      fc.array(char, { minLength: 1, maxLength: 8 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 12 }),
      (pattern, text) => {
        const model = new RegExp(`^${pattern.join('').replaceAll('*', '.*')}$`);
        expect(matchesWildcard(nameWildcard(pattern.join('')), text.join(''))).toBe(model.test(text.join('')));
      },
    ),
  );
});

it('takes no time for a hostile text', () => {
  const started = performance.now();
  expect(matchesWildcard(nameWildcard('*a*a*a*a*a*a*b'), 'a'.repeat(20_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
