import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../ir/json.ts';
import { Compilation, type CompiledSchema, compileSchema, isCompiled } from './compile.ts';
import { compileAhead, plannedTools } from './compile-ahead.ts';
import { mapMembers } from './node.ts';
import type { SchemaTarget } from './profile.ts';

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const record = (count: number, value: (index: number) => JsonObject): JsonObject =>
  Object.fromEntries(range(count).map((index) => [`p${index}`, value(index)]));

/** Schemas of so many parts, made anew each time: what was compiled is remembered by its object. */
const schemas: Readonly<Record<string, (count: number) => JsonObject>> = {
  properties: (count) => ({
    type: 'object',
    properties: record(count, (minLength) => ({ minLength, type: 'string' })),
  }),
  'properties that need no change': (count) => ({
    type: 'object',
    properties: record(count, () => ({ type: 'string' })),
  }),
  'properties of a type of another draft': (count) => ({
    properties: record(count, () => ({ type: 'OBJECT', required: true, nullable: true })),
  }),
  'a union': (count) => ({
    oneOf: range(count).map((op) => ({ type: 'object', properties: { op: { const: op } } })),
  }),
  'a union beside properties': (count) => ({
    type: 'object',
    properties: record(count, () => ({ items: {} })),
    anyOf: range(count).map((minimum) => ({ properties: { a: { minimum } } })),
  }),
  references: (count) => ({
    type: 'object',
    properties: record(count, (index) => ({ $ref: `#/$defs/d${index % 5}` })),
    $defs: { d0: { type: 'string' }, d1: { $ref: '#/$defs/d2' }, d2: { items: { $ref: '#/$defs/d1' } }, d3: {} },
  }),
  'schemas that all hold': (count) => ({
    type: 'object',
    properties: { a: { type: 'string' } },
    allOf: range(count).map((index) => ({ properties: { [`k${index}`]: { default: index } } })),
  }),
  'a union in a property': (count) => ({
    type: 'object',
    properties: { a: { items: { anyOf: range(count).map((op) => ({ properties: { op: { const: op } } })) } } },
  }),
  'properties in a property': (count) => ({
    properties: { a: { type: ['object', 'null'], properties: record(count, (minimum) => ({ minimum })) } },
  }),
  'a nest that is too deep': (count) =>
    range(count + 30).reduce<JsonObject>((inner) => ({ properties: { a: inner, b: { type: 'string' } } }), {}),
  'no schemas': (count) => ({
    type: 'object',
    properties: Object.fromEntries(range(count).map((index) => [`p${index}`, index > 9])),
  }),
};

const targets: readonly SchemaTarget[] = [
  'gemini-schema',
  'gemini-json-schema',
  'antigravity-tool',
  'antigravity-response',
  'openai-strict',
  'anthropic-strict',
  'anthropic',
  'object-root',
];

describe.for(Object.entries(schemas))('%s', ([, make]) => {
  test.for(targets)('compiled in parts for %s: the same', (target) => {
    const schema = make(90);
    const parts = [...new Compilation(schema, target, undefined).steps(10)].length;
    expect(parts).toBeGreaterThan(1);
    expect(isCompiled(schema, target)).toBe(true);
    const wanted = compileSchema(make(90), target);
    const compiled = compileSchema(schema, target);
    expect(compiled.schema).toEqual(wanted.schema);
    expect(sorted(compiled)).toEqual(sorted(wanted));
  });

  test.for(targets)('compiled for %s: nothing is written to the schema of the client', (target) => {
    const schema = make(30);
    freeze(schema);
    expect(() => compileSchema(schema, target)).not.toThrow();
  });
});

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) freeze(member);
  Object.freeze(value);
}

/** The order of the losses is that in which the parts were done. */
function sorted({ dropped }: CompiledSchema): unknown {
  return dropped.toSorted((a, b) => a.path.localeCompare(b.path));
}

test('others have their turn during one large schema and between many small ones', () => {
  const one = schemas['properties']?.(6000) ?? {};
  expect([...compileAhead([[one, 'gemini-json-schema']])].length).toBeGreaterThan(3);
  const many = range(11_000).map((): JsonObject => ({ type: 'object' }));
  const planned = many.map((schema) => [schema, 'gemini-json-schema'] as const);
  expect([...compileAhead(planned)].length).toBe(2);
  expect([...compileAhead(planned)].length).toBe(0);
  expect([...compileAhead([[undefined, 'anthropic']])]).toEqual([]);
});

test('the parameters of functions are planned, those that bind the model for another target', () => {
  const a: JsonObject = { title: 'a' };
  const b: JsonObject = { title: 'b' };
  const tools = [
    { type: 'function', parameters: a },
    { type: 'function', parameters: b, strict: true },
    { type: 'custom' },
  ];
  expect(plannedTools(tools, 'object-root', 'openai-strict')).toEqual([
    [a, 'object-root'],
    [b, 'openai-strict'],
    [undefined, 'object-root'],
  ]);
  expect(plannedTools(tools, 'anthropic').map(([, target]) => target)).toEqual(range(3).map(() => 'anthropic'));
});

describe('changing the members of an object', () => {
  test('the very same when none changes', () => {
    const object = { a: 1, b: 2 };
    expect(mapMembers(object, (value) => value)).toBe(object);
  });

  test.for([2, 2000])('another one, in the same order, when one of %s does; __proto__ stays data', (count) => {
    const object: JsonObject = JSON.parse(
      `{${range(count - 1).map((index) => `"p${index}":${index}`)},"__proto__":{"polluted":1}}`,
    );
    const changed = mapMembers(object, (value, name) => (name === 'p0' ? 'x' : value));
    expect(changed).not.toBe(object);
    expect(Object.entries(changed)).toEqual([['p0', 'x'], ...Object.entries(object).slice(1)]);
    expect(Object.keys(changed).at(-1)).toBe('__proto__');
    expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
  });
});
