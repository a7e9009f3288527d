import { expect, test } from 'vitest';
import { parseJsonObject, readNumber, unknownFields } from './read.ts';

test('a number must be finite: JSON can say 1e999, which no dialect can be sent', () => {
  expect(readNumber({ n: 1.5 }, 'n', '')).toBe(1.5);
  expect(readNumber({ n: null }, 'n', '')).toBeUndefined();
  for (const n of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '1', true, [], {}])
    expect(() => readNumber({ n }, 'n', 'at')).toThrow('at.n: must be a number');
});

test.for([
  ['{"a":1}', { a: 1 }],
  [' \n\t{"a":1} ', { a: 1 }],
  ['{"a":', undefined],
  ['[{}]', undefined],
  ['plain text {"a":1}', undefined],
  ['', undefined],
  ['null', undefined],
] as const)('%j as an object: %j', ([text, value]) => {
  expect(parseJsonObject(text)).toEqual(value);
});

test('the fields that a decoder does not know, in their order; __proto__ stays data', () => {
  const known = new Set(['a', 'toString']);
  expect(unknownFields({ a: 1 }, known)).toBeUndefined();
  expect(unknownFields({}, known)).toBeUndefined();
  const unknown = unknownFields(JSON.parse('{"z":1,"a":2,"__proto__":{"b":3},"y":null}'), known) ?? {};
  expect(Object.entries(unknown)).toEqual([
    ['z', 1],
    ['__proto__', { b: 3 }],
    ['y', null],
  ]);
  expect(Object.getPrototypeOf(unknown)).toBe(Object.prototype);
});
