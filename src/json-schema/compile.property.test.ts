import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/json.ts';
import { compileSchema } from './compile.ts';
import { LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS } from './keywords.ts';
import { type Profile, profiles, type SchemaTarget } from './profile.ts';

const restricted = Object.entries(profiles) as [SchemaTarget, Profile][];
const targets: readonly SchemaTarget[] = [...restricted.map(([target]) => target), 'anthropic', 'object-root'];

const names = fc.constantFrom('a', 'b', 'type', 'enum', 'properties', '$ref', 'a.b', '__proto__', 'constructor', 'x y');
const types = fc.constantFrom<JsonValue>(
  'string',
  'integer',
  'number',
  'object',
  'array',
  'boolean',
  'null',
  'STRING',
  'any',
  'wat',
);
const references = fc.constantFrom(
  '#',
  '#/$defs/a',
  '#/definitions/b',
  '#/properties/a',
  '#anchor',
  'other.json',
  '#/%',
  '#/$defs/missing',
);
const scalars = fc.oneof(fc.integer(), fc.string({ maxLength: 5 }), fc.boolean(), fc.constant(null));

/** Schemas with every keyword, well formed and not. */
const anySchema = fc.letrec<{ schema: JsonValue; node: JsonObject; map: JsonObject }>((tie) => ({
  // Every node has a dozen places for schemas: two levels are a hundred nodes.
  schema: fc.oneof({ depthSize: 'small', maxDepth: 2 }, scalars, fc.boolean(), tie('node')),
  map: fc.dictionary(names, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
  node: fc.record(
    {
      type: fc.oneof(types, fc.array(types, { maxLength: 3 }), scalars),
      properties: fc.oneof({ arbitrary: tie('map'), weight: 4 }, { arbitrary: scalars, weight: 1 }),
      required: fc.oneof(fc.array(names, { maxLength: 3 }), fc.boolean()),
      additionalProperties: tie('schema'),
      patternProperties: tie('map'),
      items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
      prefixItems: fc.array(tie('schema'), { maxLength: 2 }),
      anyOf: fc.oneof(fc.array(tie('schema'), { maxLength: 3 }), scalars),
      oneOf: fc.array(tie('schema'), { maxLength: 3 }),
      allOf: fc.array(tie('schema'), { maxLength: 3 }),
      not: tie('schema'),
      if: tie('schema'),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: tie('schema'),
      else: tie('schema'),
      enum: fc.oneof(fc.array(scalars, { maxLength: 3 }), scalars),
      const: scalars,
      nullable: fc.boolean(),
      $ref: references,
      $defs: tie('map'),
      definitions: tie('map'),
      $anchor: fc.constant('anchor'),
      $schema: fc.constant('https://json-schema.org/draft/2020-12/schema'),
      description: fc.oneof(fc.string({ maxLength: 5 }), scalars),
      title: scalars,
      default: scalars,
      examples: fc.array(scalars, { maxLength: 2 }),
      format: fc.constantFrom('date-time', 'email', 'int32', 'made-up'),
      pattern: fc.constantFrom('^a$', '(?=a)', '\\bword'),
      minLength: fc.oneof(fc.nat(5), scalars),
      minimum: fc.oneof(fc.nat(5), scalars),
      exclusiveMinimum: fc.oneof(fc.nat(5), fc.boolean()),
      minItems: fc.nat(5),
      uniqueItems: fc.boolean(),
      'x-extra': scalars,
      unknown: scalars,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
}));

/** Every keyword of a schema, at any depth, by the rules of JSON Schema: names of properties are no keywords. */
function keywordsIn(schema: JsonValue | undefined, found: Set<string> = new Set()): Set<string> {
  if (!isJsonObject(schema)) return found;
  for (const [key, value] of Object.entries(schema)) {
    found.add(key);
    if (SCHEMA_KEYWORDS.has(key)) keywordsIn(value, found);
    else if (LIST_KEYWORDS.has(key) && Array.isArray(value)) for (const item of value) keywordsIn(item, found);
    else if (MAP_KEYWORDS.has(key) && isJsonObject(value))
      for (const item of Object.values(value)) keywordsIn(item, found);
  }
  return found;
}

const asObject = (value: JsonValue): JsonObject => (isJsonObject(value) ? value : { items: value });

describe('any schema', () => {
  it.each(restricted)('%s: no keyword outside the list, at any depth', (target, { keywords }) => {
    fc.assert(
      fc.property(anySchema.node, (schema) => {
        const outside = [...keywordsIn(compileSchema(schema, target).schema)].filter((key) => !keywords.has(key));
        expect(outside).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(targets)('%s: arbitrary JSON gives a schema, and the same one every time', (target) => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), anySchema.node), (value) => {
        const schema = asObject(value as JsonValue);
        const before = JSON.stringify(schema);
        const compiled = compileSchema(schema, target);
        expect(isJsonObject(compiled.schema)).toBe(true);
        expect(compileSchema(structuredClone(schema), target)).toEqual(compiled);
        expect(JSON.stringify(schema), 'the input is left alone').toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['openai-strict', 'anthropic-strict'] as const)('%s: every object is closed', (target) => {
    fc.assert(
      fc.property(anySchema.node, (schema) => {
        const open: JsonObject[] = [];
        const visit = (node: JsonValue | undefined): void => {
          if (!isJsonObject(node)) return;
          const { type, properties, $defs, anyOf, items } = node;
          const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
          if (isObject && node['additionalProperties'] !== false) open.push(node);
          if (isObject && target === 'openai-strict') {
            expect([...(node['required'] as string[])].sort()).toEqual(Object.keys(properties as JsonObject).sort());
          }
          for (const map of [properties, $defs]) if (isJsonObject(map)) Object.values(map).forEach(visit);
          if (Array.isArray(anyOf)) anyOf.forEach(visit);
          visit(items);
        };
        visit(compileSchema(schema, target).schema);
        expect(open).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** Well-formed schemas in the words of a target. */
function insideOf({ keywords, allRequired, objects, null: wayOfNull, enumKinds }: Profile): fc.Arbitrary<JsonObject> {
  const pick = (fields: Record<string, fc.Arbitrary<JsonValue>>) =>
    fc.record(Object.fromEntries(Object.entries(fields).filter(([key]) => keywords.has(key))), {
      requiredKeys: [],
      noNullPrototype: true,
    });
  const common = { description: fc.string({ maxLength: 5 }), title: fc.string({ maxLength: 5 }) };
  const typed = (type: string, fields: Record<string, fc.Arbitrary<JsonValue>>) =>
    fc.tuple(pick({ ...common, ...fields }), fc.boolean()).map(([rest, nullable]): JsonObject => {
      if (!nullable || rest['enum'] !== undefined) return { ...rest, type };
      return wayOfNull === 'nullable' ? { ...rest, type, nullable: true } : { ...rest, type: [type, 'null'] };
    });
  const strings = fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 3 });
  const { node } = fc.letrec<{ node: JsonObject }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      typed('string', { format: fc.constant('date-time'), pattern: fc.constant('^a$'), maxLength: fc.nat(9) }),
      enumKinds.has('string') ? typed('string', { enum: strings }) : typed('string', {}),
      typed('integer', { minimum: fc.nat(9), maximum: fc.nat(9), multipleOf: fc.constant(2) }),
      typed('boolean', {}),
      typed('array', { maxItems: fc.nat(9) }).chain((array) => tie('node').map((items) => ({ ...array, items }))),
      ...(keywords.has('anyOf')
        ? [fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf }))]
        : []),
      fc.tuple(typed('object', {}), tie('node'), tie('node'), fc.boolean()).map(([object, a, b, all]) => ({
        ...object,
        properties: { a, 'type.of': b },
        required: all || allRequired ? ['a', 'type.of'] : ['a'],
        ...(objects === 'closed' && { additionalProperties: false }),
      })),
    ),
  }));
  return node.map((a) => ({
    type: 'object',
    properties: { a },
    required: ['a'],
    ...(objects === 'closed' && { additionalProperties: false }),
  }));
}

describe('a schema that the target takes', () => {
  it.each(restricted)('%s: stays as it is', (target, profile) => {
    fc.assert(
      fc.property(insideOf(profile), (schema) => {
        expect(compileSchema(schema, target)).toEqual({ schema, dropped: [] });
      }),
      { numRuns: 100 },
    );
  });
});
