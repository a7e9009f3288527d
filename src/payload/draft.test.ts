import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../ir/index.ts';
import { jsonEquals } from './compare.ts';
import { Draft } from './draft.ts';
import { parsePath } from './parse-path.ts';
import type { Location } from './path.ts';
import { locate, valueAt } from './resolve.ts';

function changed(body: JsonObject, change: (draft: Draft) => void): JsonObject {
  const before = JSON.stringify(body);
  const draft = new Draft(body);
  change(draft);
  expect(JSON.stringify(body)).toBe(before);
  return draft.root;
}

describe('writing', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['a', {}, { a: 'v' }],
    ['a.b.c', { a: { x: 1 } }, { a: { x: 1, b: { c: 'v' } } }],
    ['a.b', { a: 'text' }, { a: { b: 'v' } }],
    ['a.b', { a: null }, { a: { b: 'v' } }],
    ['a.2', {}, { a: [null, null, 'v'] }],
    ['a.1.b', { a: [1] }, { a: [1, { b: 'v' }] }],
    ['a.-1', { a: [1] }, { a: [1, 'v'] }],
    ['a.-1.b', {}, { a: [{ b: 'v' }] }],
    ['a.0', { a: { x: 1 } }, { a: { x: 1, '0': 'v' } }],
    ['a.#.b', { a: [{}, { b: 1 }, 2] }, { a: [{ b: 'v' }, { b: 'v' }, { b: 'v' }] }],
    ['a.#(b==1)#.b', { a: [{ b: 1 }, { b: 2 }, { b: 1 }] }, { a: [{ b: 'v' }, { b: 2 }, { b: 'v' }] }],
    ['a.#(b==1).b', { a: [{ b: 1 }, { b: 2 }, { b: 1 }] }, { a: [{ b: 'v' }, { b: 2 }, { b: 1 }] }],
  ])('%s', (path, body, expected) => {
    const places = locate(body, parsePath(path, 'edit'), 'write');
    const after = changed(body, (draft) => {
      for (const place of places) draft.set(place, 'v');
    });
    expect(after).toEqual(expected);
  });

  it('shares what it does not change, and keeps the order of keys', () => {
    const body = { a: { x: [1] }, b: [{ y: 1 }], c: 1 };
    const after = changed(body, (draft) => draft.set(['b', 0, 'z'], 2));
    expect(after['a']).toBe(body.a);
    expect(JSON.stringify(after)).toBe('{"a":{"x":[1]},"b":[{"y":1,"z":2}],"c":1}');
  });

  it('never writes into a value that it was given', () => {
    const value = { deep: [1] };
    const after = changed({}, (draft) => {
      draft.set(['a'], value);
      draft.set(['a', 'deep', 1], 2);
    });
    expect([after, value]).toEqual([{ a: { deep: [1, 2] } }, { deep: [1] }]);
  });

  it('takes __proto__ for a key like any other', () => {
    const after = changed(JSON.parse('{"__proto__":{"x":1}}'), (draft) => {
      draft.set(['__proto__', 'polluted'], true);
      draft.set(['a', '__proto__', 'polluted'], true);
      draft.set(['constructor', 'prototype', 'polluted'], true);
    });
    expect(JSON.stringify(after)).toBe(
      '{"__proto__":{"x":1,"polluted":true},"a":{"__proto__":{"polluted":true}},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

it('removes several elements of a list at once', () => {
  const body = { a: [0, 1, 2, 3, { b: 1, c: 2 }], d: 1 };
  const gone: Location[] = [['a', 0], ['a', 2], ['a', 4, 'b'], ['d']];
  expect(changed(body, (draft) => draft.removeAll(gone))).toEqual({ a: [1, 3, { c: 2 }] });
});

it('changes a list of 10,000 in no time', () => {
  const body = { messages: Array.from({ length: 10_000 }, (_, id) => ({ id, role: 'user' })) };
  const started = performance.now();
  const after = changed(body, (draft) => {
    for (const place of locate(draft.root, parsePath('messages.#.cache', 'edit'), 'write')) draft.set(place, 1);
    draft.removeAll(locate(draft.root, parsePath('messages.#(id>4)#', 'edit'), 'remove'));
  });
  expect(after).toEqual({ messages: [0, 1, 2, 3, 4].map((id) => ({ id, role: 'user', cache: 1 })) });
  expect(performance.now() - started).toBeLessThan(1000);
});

/** The simplest thing that could be right: walks and copies the whole value. */
function modelSet(value: JsonValue | undefined, [key, ...rest]: Location, replacement: JsonValue): JsonValue {
  if (key === undefined) return replacement;
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    while (list.length <= key) list.push(null);
    return list.map((item, index) => (index === key ? modelSet(item, rest, replacement) : item));
  }
  const object: JsonObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  const child = Object.hasOwn(object, key) ? object[key] : undefined;
  return Object.fromEntries([
    ...Object.entries(object).filter(([name]) => name !== key),
    [key, modelSet(child, rest, replacement)],
  ]);
}

const key = fc.constantFrom('a', 'b', 'c.d', '__proto__', 'x|y', '#', '-1', '3', ':1', '*');
const json = fc.jsonValue({ maxDepth: 3 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));
const bodies = fc.dictionary(key, json).map((value): JsonObject => JSON.parse(JSON.stringify(value)));

/** A key as a path has to write it: everything escaped. */
const escaped = (name: string): string => [...name].map((char) => `\\${char}`).join('');

describe('against a simple model', () => {
  it('an escaped key means exactly that key, and what was written is read again', () => {
    fc.assert(
      fc.property(bodies, fc.array(key, { minLength: 1, maxLength: 4 }), json, (body, names, value) => {
        const path = parsePath(names.map(escaped).join('.'), 'edit');
        const places = locate(body, path, 'write');
        // Lists have no named members.
        fc.pre(places.length === 1);
        expect(places).toEqual([names]);
        const after = changed(body, (draft) => draft.set(names, value));
        expect(jsonEquals(after, modelSet(body, names, value))).toBe(true);
        expect(valueAt(after, names)).toEqual(value);
        const without = changed(after, (draft) => draft.removeAll([names]));
        expect(valueAt(without, names)).toBeUndefined();
      }),
    );
  });

  it('places in lists', () => {
    const step = fc.oneof(fc.nat({ max: 4 }), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b'), json),
        fc.array(step, { maxLength: 3 }),
        json,
        (raw, rest, value) => {
          const body: JsonObject = JSON.parse(JSON.stringify(raw));
          const places = locate(body, parsePath(['a', ...rest].join('.'), 'edit'), 'write');
          for (const place of places) {
            const after = changed(body, (draft) => draft.set(place, value));
            expect(jsonEquals(after, modelSet(body, place, value))).toBe(true);
          }
        },
      ),
    );
  });
});
