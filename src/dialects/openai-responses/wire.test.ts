import { describe, expect, test } from 'vitest';
import { decodeUsage, findUsage } from './usage.ts';
import { objects, optionalNumber, optionalText, shortenId, text, withoutAbsent } from './wire.ts';

describe('a value of an upstream', () => {
  test.each([
    ['a', 'a', 'a'],
    ['', '', undefined],
    [7, '', undefined],
    [null, '', undefined],
    [undefined, '', undefined],
    [['a'], '', undefined],
  ])('%j as a text', (value, whole, optional) => {
    expect([text(value), optionalText(value)]).toStrictEqual([whole, optional]);
  });

  test.each([
    [0, 0],
    [-1.5, -1.5],
    ['1', undefined],
    [null, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('%j as a number', (value, number) => {
    expect(optionalNumber(value)).toBe(number);
  });

  test.each([
    [undefined, []],
    [{ a: 1 }, []],
    ['ab', []],
    [
      [{ a: 1 }, 1, null, [], 'x', {}],
      [{ a: 1 }, {}],
    ],
  ])('the objects of %j', (value, list) => {
    expect(objects(value)).toStrictEqual(list);
  });
});

test('absent fields are left out, false and empty ones are not', () => {
  expect(withoutAbsent({ a: undefined, b: null, c: false, d: '', e: 0 })).toStrictEqual({ c: false, d: '', e: 0 });
});

test('an id over 64 characters is cut, and told from others by the hash of the whole', () => {
  expect(shortenId('i'.repeat(64))).toBe('i'.repeat(64));
  // FNV-1a, 64 bits: reckoned with another program.
  expect(shortenId('i'.repeat(65))).toBe(`${'i'.repeat(47)}_5bd30f2badab08e4`);
  expect(shortenId(`${'i'.repeat(64)}3100`)).toBe(`${'i'.repeat(47)}_071d1b5dec487111`);
});

test('usage: cached tokens are no others, and counts below zero are none', () => {
  const none = { inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  expect(decodeUsage(undefined)).toStrictEqual(none);
  expect(decodeUsage({ input_tokens: -3, output_tokens: 'x' })).toStrictEqual(none);
  const cached = { cached_tokens: 4, cache_write_tokens: 5 };
  expect(decodeUsage({ input_tokens: 10, input_tokens_details: cached, output_tokens: 2 })).toStrictEqual({
    ...none,
    ...{ inputTokens: 1, cachedReadTokens: 4, cacheWriteTokens: 5, outputTokens: 2 },
  });
  expect(decodeUsage({ input_tokens: 8, input_tokens_details: cached }).inputTokens).toBe(0);
  expect(decodeUsage({ output_tokens_details: { reasoning_tokens: 6 } }).reasoningTokens).toBe(6);
});

test('usage is found by its fields', () => {
  expect(findUsage('{"usage":{"input_tokens":1}, "tool":{"usage":{"type":"object"}}}')?.inputTokens).toBe(1);
  expect(findUsage('{"usage":{"type":"object"}}')).toBe(undefined);
});
