import { describe, expect, test } from 'vitest';
import { JsonWindow } from './json-window.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('members', () => {
  const read = (text: string): string[] => {
    const window = new JsonWindow(bytes(text));
    const found: string[] = [];
    for (let isFirst = true; window.nextMember(isFirst); isFirst = false) {
      const start = window.at;
      const key = ['a', 'b', 'c'].find((one) => window.isUnder(one));
      window.skip();
      found.push(`${key}=${window.bytes.toString('utf8', start, window.at)}`);
    }
    return [...found, `@${window.at}`];
  };

  test.each<[string, string[]]>([
    ['{"a":1,"b":"x"}', ['a=1', 'b="x"', '@15']],
    [' {}', ['@3']],
    ['{}', ['@2']],
    ['{"ab":1,"":2}', ['undefined=1', 'undefined=2', '@13']],
    ['[1]', ['@0']],
    ['{ "a" : [1, {"b":2}] , "c":null }', ['a=[1, {"b":2}]', 'c=null', '@33']],
    ['{"a":1,"b":"cut off', ['a=1', 'b="cut off', '@19']],
    ['{"a":1,"b":[1,2', ['a=1', 'b=[1,2', '@15']],
    ['{"a":1,"b":', ['a=1', '@11']],
    ['{"a":1,"b', ['a=1', '@9']],
    ['{"a":1,', ['a=1', '@7']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe('items', () => {
  test.each<[string, number[], number]>([
    ['[]', [], 2],
    ['[ ]', [], 3],
    ['{}', [], 0],
    ['[1,"b",{}]x', [1, 3, 7], 10],
    ['[ 1 , 2 ]', [2, 6], 9],
    ['[1,"cut', [1, 3], 7],
    ['[1,', [1], 3],
  ])('%s', (text, starts, end) => {
    const window = new JsonWindow(bytes(text));
    const found: number[] = [];
    for (let isFirst = true; window.nextItem(isFirst); isFirst = false) {
      found.push(window.at);
      window.skip();
    }
    expect([found, window.at]).toEqual([starts, end]);
  });
});

describe('text', () => {
  test.each<[string, number, string | undefined, number]>([
    ['"abc"', 10, 'abc', 5],
    ['"abc",', 2, 'ab', 5],
    ['"abc",', 3, 'abc', 5],
    ['""', 2, '', 2],
    ['7', 2, undefined, 0],
    ['"a\\"b\\\\"', 10, 'a"b\\', 8],
    ['"a\\"b\\\\"1', 2, 'a"', 8],
    ['"\\u0041\\n\\t\\b\\f\\r\\/"', 10, 'A\n\t\b\f\r/', 20],
    ['"é€😀x"', 3, 'é€😀', 12],
    ['"cut', 10, 'cut', 4],
    ['"cut', 3, 'cut', 4],
    ['"\\u0041bc"', 1, 'A', 10],
  ])('%s, %i', (text, most, expected, end) => {
    const window = new JsonWindow(bytes(text));
    expect([window.text(most), window.at]).toEqual([expected, end]);
  });
});
