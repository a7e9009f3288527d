import { expect, it } from 'vitest';
import { firstObjectOfKey, objectsOfKeyFromEnd } from './json-scan.ts';

const all = (text: string): unknown[] => [...objectsOfKeyFromEnd(text, 'usage')];

it('reads whole objects, last first, out of a text cut anywhere', () => {
  const text = 'xt","usage":{"a":1}}\n{"usage" : \n{"b":{"c":2}},"usage":null,"usage":[{}]} {"usage":{"d":';
  expect(all(text)).toEqual([{ b: { c: 2 } }, { a: 1 }]);
  expect(firstObjectOfKey(text, 'usage')).toEqual({ a: 1 });
});

it('is not misled by braces and quotes in strings', () => {
  const usage = { note: 'a } brace, a " quote and a \\ stroke {' };
  expect(all(`{${JSON.stringify('usage')}:${JSON.stringify(usage)}}`)).toEqual([usage]);
});

it('takes no text for the key', () => {
  expect(all(JSON.stringify({ text: '"usage":{"a":1}' }))).toEqual([]);
  expect(firstObjectOfKey('nothing', 'usage')).toBeUndefined();
});

it('stops at the start of the text', () => expect(all('"usage":{"a":1}')).toEqual([{ a: 1 }]));
