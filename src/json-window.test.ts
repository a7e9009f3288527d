import { describe, expect, test } from 'vitest';
import { itemsAt, membersAt, textAt } from './json-window.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('members', () => {
  const read = (text: string): string[] => {
    const window = bytes(text);
    return membersAt(window, 0).map(
      ({ key, valueStart, valueEnd }) => `${key}=${window.toString('utf8', valueStart, valueEnd)}`,
    );
  };

  test.each<[string, string[]]>([
    ['{"a":1,"b":"x"}', ['a=1', 'b="x"']],
    [' {}', []],
    ['{}', []],
    ['[1]', []],
    ['{ "a" : [1, {"b":2}] , "c":null }', ['a=[1, {"b":2}]', 'c=null']],
    ['{"a":1,"b":"cut off', ['a=1', 'b="cut off']],
    ['{"a":1,"b":[1,2', ['a=1', 'b=[1,2']],
    ['{"a":1,"b":', ['a=1']],
    ['{"a":1,"b', ['a=1']],
    ['{"a":1,', ['a=1']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe('items', () => {
  test.each<[string, number[]]>([
    ['[]', []],
    ['[ ]', []],
    ['{}', []],
    ['[1,"b",{}]', [1, 3, 7]],
    ['[ 1 , 2 ]', [2, 6]],
    ['[1,"cut', [1, 3]],
    ['[1,', [1]],
  ])('%s', (text, starts) => {
    expect([...itemsAt(bytes(text), 0)]).toEqual(starts);
  });
});

describe('text', () => {
  test.each<[string, number, string | undefined]>([
    ['"abc"', 10, 'abc'],
    ['"abc"', 2, 'ab'],
    ['""', 2, ''],
    ['7', 2, undefined],
    ['"a\\"b\\\\"', 10, 'a"b\\'],
    ['"\\u0041\\n\\t\\b\\f\\r\\/"', 10, 'A\n\t\b\f\r/'],
    ['"é€😀x"', 3, 'é€😀'],
    ['"cut', 10, 'cut'],
    ['"\\u0041bc"', 1, 'A'],
  ])('%s, %i', (text, most, expected) => {
    expect(textAt(bytes(text), 0, most)).toBe(expected);
  });
});
