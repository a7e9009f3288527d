/** Schemas made to keep a server busy: each of these took seconds, or more stack than there is. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../ir/json.ts';
import { Budget } from './budget.ts';
import { compileSchema } from './compile.ts';
import { compileWarned } from './compile-warned.ts';
import { sameJson } from './node.ts';
import { at, memberAt, pathText, ROOT } from './path.ts';
import { Report } from './report.ts';

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const named = (names: readonly string[], schema: JsonValue): JsonObject =>
  Object.fromEntries(names.map((name) => [name, schema]));

describe('a union at the root', () => {
  const branches = (count: number): JsonObject => ({
    oneOf: range(count).map((index) => ({ properties: { op: { const: index } }, required: ['op'] })),
  });
  const opOf = (count: number): unknown => compileSchema(branches(count), 'anthropic').schema['properties'];

  test('a property described in several ways may be any of them', () => {
    expect(opOf(1)).toEqual({ op: { const: 0 } });
    expect(opOf(3)).toEqual({ op: { anyOf: [{ const: 0 }, { const: 1 }, { const: 2 }] } });
    expect(opOf(200)).toEqual({ op: { anyOf: range(200).map((index) => ({ const: index })) } });
  });

  test('in more ways than 200: anything', () => {
    expect(opOf(201)).toEqual({ op: {} });
    expect(opOf(20_000)).toEqual({ op: {} });
  });

  test('the same description twice is one', () => {
    const schema = { oneOf: [{ properties: { a: { type: 'string' } } }, { properties: { a: { type: 'string' } } }] };
    expect(compileSchema(schema, 'object-root').schema['properties']).toEqual({ a: { type: 'string' } });
  });

  test('required is what every branch requires', () => {
    const names = range(20_000).map((index) => `k${index}`);
    const schema = {
      oneOf: [
        { properties: {}, required: names },
        { properties: {}, required: ['x', 'k7', 'k9'] },
      ],
    };
    expect(compileSchema(schema, 'object-root').schema['required']).toEqual(['k7', 'k9']);
  });
});

test('thousands of demands for properties are one list, in order, each once', () => {
  const allOf = range(3000).map((index) => ({ properties: { [`k${index}`]: {} }, required: [`k${index}`, 'k0'] }));
  const schema = { type: 'object', properties: { a: { allOf } } };
  const compiled = compileSchema(schema, 'gemini-json-schema').schema['properties'];
  // The budget of one schema ends at 2,000.
  expect(compiled).toMatchObject({ a: { required: range(2000).map((index) => `k${index}`) } });
});

test('values of an enum: each once; of two lists what is in both', () => {
  const compiled = (a: JsonValue): unknown =>
    compileSchema({ type: 'object', properties: { a } }, 'openai-strict').schema['properties'];
  expect(compiled({ enum: ['a', 1, 'a', '1', 1, null] })).toMatchObject({ a: { enum: ['a', 1, '1', null] } });
  const many = range(20_000).map((index) => `v${index}`);
  expect(compiled({ type: 'string', allOf: [{ enum: many }, { enum: ['v9', 'x', 'v3'] }] })).toEqual({
    a: { type: ['string', 'null'], enum: ['v3', 'v9', null] },
  });
  expect(
    compileSchema({ type: 'object', properties: { a: { enum: [...many, 'v1'] } } }, 'gemini-json-schema').schema,
  ).toEqual({ type: 'object', properties: { a: { type: 'string', enum: many } } });
});

test('a list of thousands of types names each once', () => {
  const type = range(50_000).map((index) => ['string', 'null', 'integer'][index % 3] ?? '');
  const schema = { type: 'object', properties: { a: { type } } };
  expect(compileSchema(schema, 'object-root').schema['properties']).toEqual({
    a: { type: ['string', 'null', 'integer'] },
  });
});

test('names that are required and unknown are told, the known stay', () => {
  const names = range(30_000).map((index) => `k${index}`);
  const schema = { type: 'object', properties: named(names.slice(0, 3), { type: 'string' }), required: names };
  const compiled = compileSchema(schema, 'gemini-json-schema');
  expect(compiled.schema['required']).toEqual(['k0', 'k1', 'k2']);
  expect(compiled.dropped).toEqual([{ path: 'required', hinted: false }]);
});

test('a reference of thousands of characters points nowhere and is named by its end', () => {
  const schema = { type: 'object', properties: { a: { $ref: `#${'/$defs/x'.repeat(1000)}/the-end` } } };
  const compiled = compileSchema(schema, 'gemini-json-schema');
  expect(compiled.schema['properties']).toEqual({ a: { description: 'See: the-end' } });
  const long = 'x'.repeat(5000);
  const defined = { type: 'object', properties: { a: { $ref: `#/$defs/${long}` } }, $defs: { [long]: {} } };
  expect(compileSchema(defined, 'gemini-json-schema').schema['properties']).toEqual({
    a: { description: `See: ${'x'.repeat(100)}` },
  });
});

test('references of all schemas of a request are paid from one budget', () => {
  const bomb = (): JsonObject => ({ type: 'object', properties: named(['a', 'b', 'c', 'd'], { $ref: '#' }) });
  const size = (schema: JsonObject): number => JSON.stringify(schema).length;
  const alone = size(compileSchema(bomb(), 'gemini-json-schema').schema);
  const warn = (): void => {};
  const place = { path: 'tools[0].parameters', warn, enforced: false };
  const sizes = range(2000).map(() => size(compileWarned(bomb(), 'gemini-json-schema', place)));
  expect(sizes[0]).toBe(alone);
  expect(sizes.at(-1)).toBeLessThan(alone / 2);
  expect(size(compileWarned(bomb(), 'gemini-json-schema', { ...place, warn: () => {} }))).toBe(alone);
});

test('a budget is spent when it is used up, or the one above it', () => {
  const request = new Budget(3);
  const first = new Budget(2, request);
  expect([first.spend(1), first.spend(1), first.spend(1)]).toEqual([true, true, false]);
  expect(new Budget(5, request).spend(1)).toBe(false);
});

test('of each kind of loss 200 are told: hints do not hide what is lost', () => {
  const report = new Report();
  for (const index of range(300)) report.hinted(memberAt(ROOT, 'properties', index), 'pattern');
  for (const index of range(300)) report.lost(memberAt(ROOT, 'anyOf', index), '');
  report.lost(memberAt(ROOT, 'properties', 0), 'pattern');
  const list = report.list();
  expect(list.length).toBe(400);
  expect([list[0], list[399]]).toEqual([
    { path: 'properties[0].pattern', hinted: true },
    { path: 'anyOf[199]', hinted: false },
  ]);
});

test('what is hinted and then lost is lost; what is lost stays lost', () => {
  const report = new Report();
  report.hinted(at(ROOT, 'items'), 'pattern');
  report.lost(at(ROOT, 'items'), 'pattern');
  report.hinted(at(ROOT, 'items'), 'pattern');
  expect(report.list()).toEqual([{ path: 'items.pattern', hinted: false }]);
});

test('paths as text', () => {
  expect(pathText(ROOT)).toBe('');
  expect(pathText(at(memberAt(memberAt(ROOT, 'properties', 'a-b_$1'), 'anyOf', 2), 'items'))).toBe(
    'properties.a-b_$1.anyOf[2].items',
  );
  expect(pathText(memberAt(ROOT, 'properties', 'a.b'))).toBe('properties["a.b"]');
});

test.for<[JsonValue, JsonValue, boolean]>([
  [1, 1, true],
  [1, '1', false],
  [null, {}, false],
  [[1, [2]], [1, [2]], true],
  [[1], [1, 2], false],
  [[1], { 0: 1 }, false],
  [{ 0: 1 }, [1], false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ toString: 1 }, { a: 1 }, false],
])('%j and %j: the same %s', ([a, b, same]) => {
  expect(sameJson(a, b)).toBe(same);
});
