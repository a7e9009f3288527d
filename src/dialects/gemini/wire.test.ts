import { expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { camelKeys, definedFields, numberOf, objectOf, objectsOf, stringOf } from './wire.ts';

it.each<[JsonObject, JsonObject]>([
  [{ system_instruction: { in_side: 1 } }, { systemInstruction: { in_side: 1 } }],
  [
    { a_b_c: 1, top_1: 2, v1_x: 3 },
    { aBC: 1, top1: 2, v1X: 3 },
  ],
  [
    { _private: 1, trailing_: 2, a__b: 3, A_B: 4 },
    { _private: 1, trailing_: 2, a__b: 3, A_B: 4 },
  ],
  [
    { _lead_in: 1, tail_in_: 2, x_Y_z: 3 },
    { _leadIn: 1, tailIn_: 2, x_YZ: 3 },
  ],
])('%j in camelCase', (wire, expected) => expect(camelKeys(wire)).toStrictEqual(expected));

it('of two spellings the camelCase one counts, wherever it stands', () => {
  expect(camelKeys({ top_k: 1, topK: 2 })).toStrictEqual({ topK: 2 });
  expect(camelKeys({ topK: 2, top_k: 1 })).toStrictEqual({ topK: 2 });
});

it('an object with nothing to rename stays the same', () => {
  const object = { topK: 1, _x: 2 };
  expect(camelKeys(object)).toBe(object);
});

it('values of any other type are none', () => {
  const object = { text: 'a', number: 1, object: { a_b: 1 }, list: [] };
  expect(Object.keys(object).map((key) => stringOf(object, key))).toEqual(['a', undefined, undefined, undefined]);
  expect(Object.keys(object).map((key) => numberOf(object, key))).toEqual([undefined, 1, undefined, undefined]);
  expect(Object.keys(object).map((key) => objectOf(object, key))).toEqual([undefined, undefined, { aB: 1 }, undefined]);
  expect(objectsOf([{ a_b: 1 }, 5, null, []])).toEqual([{ aB: 1 }]);
  expect(objectsOf({ a: 1 })).toEqual([]);
  expect(objectsOf(undefined)).toEqual([]);
});

it('undefined values are left out, and nothing is left of nothing', () => {
  expect(definedFields({ a: undefined, b: null, c: 0 })).toStrictEqual({ b: null, c: 0 });
  expect(definedFields({ a: undefined })).toBeUndefined();
  expect(definedFields({})).toBeUndefined();
});
