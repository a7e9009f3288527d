import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { decodeSchema } from './schema.ts';

const decode = (schema: JsonObject): JsonObject => decodeSchema(schema, 'at');

it.each<[JsonObject, JsonObject]>([
  [{ type: 'STRING' }, { type: 'string' }],
  [{ type: 'TYPE_UNSPECIFIED', title: 't' }, { title: 't' }],
  [{ type: ['STRING', null, 5] }, { type: ['string', null, 5] }],
  [{ type: 5 }, { type: 5 }],
  [
    { min_items: '5', maxItems: '007', minLength: 3 },
    { minItems: 5, maxItems: 7, minLength: 3 },
  ],
  [
    { maxLength: '1', minProperties: '2', maxProperties: '3', pattern: '4' },
    { maxLength: 1, minProperties: 2, maxProperties: 3, pattern: '4' },
  ],
  [
    { minItems: '-1', maxItems: '1x', minLength: '', maxLength: 'x1' },
    { minItems: '-1', maxItems: '1x', minLength: '', maxLength: 'x1' },
  ],
  [{ example: 'e' }, { examples: ['e'] }],
  [{ example: 'e', examples: ['f'] }, { examples: ['f'] }],
])('%j', (schema, expected) => expect(decode(schema)).toStrictEqual(expected));

describe('nullable', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    [{ type: 'STRING', nullable: false }, { type: 'string' }],
    [
      { type: 'STRING', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [{ nullable: true, enum: ['a', null] }, { enum: ['a', null] }],
    [{ nullable: false, enum: ['a'] }, { enum: ['a'] }],
    [{ nullable: true, enum: 'a' }, { enum: 'a' }],
    [{ nullable: true, anyOf: [{ type: 'STRING' }] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    [{ nullable: false, anyOf: [{ type: 'STRING' }] }, { anyOf: [{ type: 'string' }] }],
    [{ nullable: true, anyOf: 'x' }, { anyOf: 'x' }],
    [
      { type: 'OBJECT', nullable: true, anyOf: [{ required: ['a'] }] },
      { type: ['object', 'null'], anyOf: [{ required: ['a'] }] },
    ],
    [{ nullable: true }, {}],
  ])('%j', (schema, expected) => expect(decode(schema)).toStrictEqual(expected));
});

describe('schemas within a schema', () => {
  it.each(['items', 'additionalProperties', 'not', 'contains'])('%s is one', (key) => {
    expect(decode({ [key]: { type: 'STRING' } })).toStrictEqual({ [key]: { type: 'string' } });
    expect(decode({ [key]: false })).toStrictEqual({ [key]: false });
  });

  it.each(['anyOf', 'oneOf', 'allOf', 'prefixItems'])('%s is a list of some', (key) => {
    expect(decode({ [key]: [{ type: 'STRING' }, true] })).toStrictEqual({ [key]: [{ type: 'string' }, true] });
    expect(decode({ [key]: 'x' })).toStrictEqual({ [key]: 'x' });
  });

  it.each(['properties', '$defs', 'definitions', 'patternProperties'])('%s is a map of some', (key) => {
    expect(decode({ [key]: { a: { type: 'STRING' }, b: true } })).toStrictEqual({
      [key]: { a: { type: 'string' }, b: true },
    });
    expect(decode({ [key]: ['x'] })).toStrictEqual({ [key]: ['x'] });
  });

  it('are only those: a value that looks like one stays', () => {
    const values = { default: { type: 'STRING' }, enum: [{ type: 'STRING' }] };
    expect(decode(values)).toStrictEqual(values);
  });

  it('properties keep their names and come in the order that is asked for', () => {
    const schema = decode({
      properties: { snake_case: { type: 'STRING' }, b: { type: 'NUMBER' }, type: { type: 'INTEGER' } },
      property_ordering: ['type', 'missing', 'b', 5, 'toString'],
    });
    expect(schema).toStrictEqual({
      properties: { type: { type: 'integer' }, b: { type: 'number' }, snake_case: { type: 'string' } },
    });
    expect(Object.keys(schema['properties'] ?? {})).toEqual(['type', 'b', 'snake_case']);
    expect(decode({ propertyOrdering: ['a'] })).toStrictEqual({});
    expect(decode({ propertyOrdering: 'b', properties: { a: {} } })).toStrictEqual({ properties: { a: {} } });
  });
});

describe('depth', () => {
  const nested = (depth: number, wrap: (child: JsonObject) => JsonObject): JsonObject =>
    depth === 0 ? {} : wrap(nested(depth - 1, wrap));

  it('128 levels are enough for anybody', () => {
    const deepest = nested(128, (items) => ({ items }));
    expect(decode(deepest)).toEqual(deepest);
  });

  it.each<[string, (child: JsonObject) => JsonObject, RegExp]>([
    ['items', (items) => ({ items }), /^at(\.items){129}: is nested too deeply$/],
    ['lists', (child) => ({ anyOf: [true, child] }), /^at(\.anyOf\[1\]){129}: is nested too deeply$/],
    ['maps', (child) => ({ properties: { a: child } }), /^at(\.properties\.a){129}: is nested too deeply$/],
  ])('more are refused where they stand: %s', (_, wrap, message) => {
    expect(() => decode(nested(129, wrap))).toThrow(message);
  });
});
