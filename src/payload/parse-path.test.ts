import { describe, expect, it } from 'vitest';
import { PathError, parsePath } from './parse-path.ts';
import { locate, valuesAt } from './resolve.ts';

const body = {
  model: 'm',
  'a.b': { 'c|d': 1, '*': 2 },
  list: [1, 2, 3],
  numbers: { '0': 'zero', '-1': 'minus' },
  tools: [
    { type: 'function', name: 'read', size: 1, strict: true, tags: ['x', 'y'] },
    { type: 'function', name: 'write "it"', size: 5, strict: false, tags: [] },
    { type: 'web', name: null, size: 10, nested: { list: [{ id: 'deep' }] } },
  ],
  text: '(a || b) "q"',
};

describe('reading', () => {
  it.each([
    ['model', ['m']],
    [String.raw`a\.b.c\|d`, [1]],
    [String.raw`a\.b.\*`, [2]],
    ['list.1', [2]],
    ['list.7', []],
    ['list.x', []],
    ['list.-1', []],
    ['list.#', [3]],
    ['model.#', []],
    ['numbers.0', ['zero']],
    ['numbers.:-1', ['minus']],
    ['tools.#.name', ['read', 'write "it"', null]],
    ['tools.#(type=="function").name', ['read']],
    ['tools.#[type=="function"].name', ['read']],
    ['tools.#(type=="function")#.name', ['read', 'write "it"']],
    ['tools.#(type = function)#.size', [1, 5]],
    ['tools.#(type!="function").size', [10]],
    ['tools.#(size>=5)#.size', [5, 10]],
    ['tools.#(size>5)#.size', [10]],
    ['tools.#(size<5)#.size', [1]],
    ['tools.#(size<=5)#.size', [1, 5]],
    ['tools.#(size==5)#.size', [5]],
    ['tools.#(strict==true)#.size', [1]],
    ['tools.#(strict!=true)#.size', [5]],
    ['tools.#(strict>=true)#.size', [1]],
    ['tools.#(strict!="maybe")#.size', [1, 5]],
    ['tools.#(name==null).size', [10]],
    ['tools.#(name!=null)#.size', [1, 5]],
    ['tools.#(name%"r?a*").size', [1]],
    ['tools.#(type!%"f*").size', [10]],
    [String.raw`tools.#(name=="write \"it\"").size`, [5]],
    ['tools.#(type=="web"||size==1)#.size', [1, 10]],
    ['tools.#(type=="function"&&size==5||type=="web")#.size', [5, 10]],
    ['tools.#(tags.#(=="y")).size', [1]],
    ['tools.#(tags.#>1).size', [1]],
    ['tools.#(nested.list.#(id=="deep")#).size', [10]],
    ['tools.#(nested).size', [10]],
    ['tools.#(size=="abc").size', []],
    ['tools.#(size!="abc")#.size', [1, 5, 10]],
    ['tools.#(tags=="x").size', []],
    ['list.#(>1)#', [2, 3]],
    ['list.#(@this==2)', [2]],
    ['model.#(a==1)', []],
    ['to*.0.name', ['read']],
    ['lis?.0', [1]],
    ['__proto__', []],
    ['constructor.name', []],
    ['model.length', []],
  ])('%s', (path, values) => {
    expect(valuesAt(body, parsePath(path, 'condition'))).toEqual(values);
  });
});

describe('places', () => {
  it.each([
    ['a.b', [['a', 'b']]],
    ['a.0', [['a', 0]]],
    ['numbers.0', [['numbers', '0']]],
    ['a.:0', [['a', '0']]],
    ['list.-1', [['list', 3]]],
    ['fresh.-1', [['fresh', 0]]],
    ['numbers.-1', []],
    ['list.x', []],
    ['list.9', [['list', 9]]],
    ['model.x', [['model', 'x']]],
    [
      'tools.#.strict',
      [
        ['tools', 0, 'strict'],
        ['tools', 1, 'strict'],
        ['tools', 2, 'strict'],
      ],
    ],
    [
      'tools.#(size>1)#.strict',
      [
        ['tools', 1, 'strict'],
        ['tools', 2, 'strict'],
      ],
    ],
    ['tools.#(size>99)#.strict', []],
  ])('to write: %s', (path, places) => {
    expect(locate(body, parsePath(path, 'edit'), 'write')).toEqual(places);
  });

  it.each([
    ['a.b', []],
    ['list.-1', [['list', 2]]],
    ['list.3', []],
    [
      'tools.#.strict',
      [
        ['tools', 0, 'strict'],
        ['tools', 1, 'strict'],
      ],
    ],
  ])('to remove: %s', (path, places) => {
    expect(locate(body, parsePath(path, 'edit'), 'remove')).toEqual(places);
  });
});

describe('what is no path', () => {
  it.each([
    ['', 'has an empty step'],
    ['a..b', 'has an empty step'],
    ['a.', 'has an empty step'],
    ['a|b', 'holds a "|"; write a dot, or a backslash before it when it is part of a key'],
    ['a\\', 'ends with a backslash'],
    ['a.#(b==1', 'has a query that is not closed: "#(b==1"'],
    ['a.#(b=="1)', 'has a query that is not closed: "#(b=="1)"'],
    ['a.#(b==1)x', 'lacks a dot before "x"'],
    ['a.#x', 'lacks a dot before "x"'],
    ['a.#()', 'has an empty condition in a query'],
    ['a.#(b==1&&)', 'has an empty condition in a query'],
    ['a.#((b==1))', 'groups conditions with parentheses; && binds tighter than ||'],
    ['a.#(b=="1"x)', 'has a text that is not closed: "1"x'],
    ['a.*', 'has a wildcard in a key; put a backslash before it if it is meant literally'],
    ['a.#', 'ends with "#", which is a number of elements'],
    ['a.10000', 'has an index above 9999'],
  ])('%s', (path, message) => {
    expect(() => parsePath(path, 'edit')).toThrow(new PathError(message));
  });
});
