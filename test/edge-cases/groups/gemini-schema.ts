/** Schemas that others write, as Gemini and Antigravity take them. */
import { expect } from 'vitest';
import { all, answer, gemini, object, one, property, repaired, string, tool, written } from '../gemini-schemas.ts';
import type { Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { malformed, placeholders } from './gemini-schema-repair.ts';

const values: readonly Entry[] = [
  property(['ForAntigravity_ConstToEnum'], { ...string, const: 'a' }, answer, { ...string, enum: ['a'] }),
  property(
    ['ForAntigravity_EnumHint', 'ForAntigravity_ToolEnumsBecomeHints'],
    { ...string, enum: ['a', 'b'], description: 'D' },
    tool,
    { ...string, description: 'D (enum: ["a","b"])' },
  ),
  property(['ForAntigravity_SingleEnumBecomesHint'], { ...string, enum: ['a'] }, tool, {
    ...string,
    description: '(enum: ["a"])',
  }),
  property(['ForAntigravity_BooleanToolEnumBecomesHint'], { type: 'boolean', enum: [true] }, tool, {
    type: 'boolean',
    description: '(enum: [true])',
  }),
  property(['ForAntigravityToolKeepsNumericEnumType'], { type: 'integer', enum: [1, 2] }, tool, {
    type: 'integer',
    description: '(enum: [1,2])',
  }),
  property(['ForAntigravityResponseDropsIgnoredBooleanEnum'], { type: 'boolean', enum: [true] }, answer, {
    type: 'boolean',
    description: '(enum: [true])',
  }),
  property(
    ['ForAntigravityResponsePreservesEnumType'],
    { type: 'integer', enum: [1, 2] },
    gemini,
    { type: 'integer', enum: [1, 2] },
    'where only texts may be listed, the type stays and the numbers are told in the description',
  ),
];

const types: readonly Entry[] = [
  {
    names: ['CleanJSONSchemaForAntigravity_TypeFlattening_Nullable', 'CleanJSONSchemaForAntigravity_NullableHint'],
    note: 'null is said natively, so the property may stay required',
    run() {
      const schema = object({ a: { type: ['string', 'null'] }, b: string }, { required: ['a', 'b'] });
      expect(tool(schema)).toEqual(object({ a: { ...string, nullable: true }, b: string }, { required: ['a', 'b'] }));
      expect(gemini(schema)).toEqual(schema);
    },
  },
  {
    names: [
      'CleanJSONSchemaForAntigravity_TypeFlattening_Nullable_DotKey',
      'CleanJSONSchemaForAntigravity_DotKeys',
      'CleanJSONSchemaForAntigravity_AllOfMerging_DotKeys',
    ],
    run() {
      const schema = {
        allOf: [
          object({ 'my.key': { type: ['string', 'null'] } }, { required: ['my.key'] }),
          object({ 'a.b': string }),
        ],
      };
      expect(answer(schema)).toEqual(
        object({ 'my.key': { ...string, nullable: true }, 'a.b': string }, { required: ['my.key'] }),
      );
    },
  },
  property(['ForAntigravity_MultipleNonNullTypes'], { type: ['string', 'integer', 'boolean'] }, tool, {
    ...string,
    description: '(Accepts: string | integer | boolean)',
  }),
  property(['ForAntigravityResponseTypeArrayUsesNativeNullable'], { type: ['integer', 'null'] }, answer, {
    type: 'integer',
    nullable: true,
  }),
  property(
    ['ForAntigravity_AnyOfFlattening_SmartSelection'],
    { anyOf: [{ type: 'null' }, string, object({ k: string })] },
    tool,
    { ...object({ k: string }), nullable: true, description: '(Accepts: string | object)' },
  ),
  property(['ForAntigravity_OneOfFlattening'], { oneOf: [{ type: 'integer' }, string] }, tool, {
    type: 'integer',
    description: '(Accepts: integer | string)',
  }),
  property(['ForAntigravity_AnyOfAlternativeHints'], { anyOf: [string, { type: 'integer' }, { type: 'null' }] }, tool, {
    ...string,
    nullable: true,
    description: '(Accepts: string | integer)',
  }),
  property(
    ['ForAntigravity_AnyOfFlattening_PreservesDescription'],
    { description: 'P', anyOf: [{ ...string, description: 'C' }, { type: 'integer' }] },
    tool,
    { ...string, description: 'P (C) (Accepts: string | integer)' },
  ),
  property(['ForAntigravityResponseProjectsIgnoredUnions'], { anyOf: [string, object({ k: string })] }, answer, {
    ...object({ k: string }),
    description: '(Accepts: string | object)',
  }),
  {
    names: ['CleanJSONSchemaForAntigravity_AllOfMerging'],
    run() {
      const schema = {
        type: 'object',
        allOf: [object({ a: string }, { required: ['a'] }), object({ b: string }, { required: ['b'] })],
      };
      for (const compiled of all(schema))
        expect(compiled).toEqual(object({ a: string, b: string }, { required: ['a', 'b'] }));
    },
  },
];

const references: readonly Entry[] = [
  {
    names: ['CleanJSONSchemaForAntigravity_RefHandling', 'CleanJSONSchemaForAntigravityResponseInlinesLocalRef'],
    run() {
      const schema = { definitions: { U: object({ n: string }) }, ...one({ $ref: '#/definitions/U' }) };
      expect(tool(schema)).toEqual(one(object({ n: string })));
      expect(answer(schema)).toEqual(one(object({ n: string })));
    },
  },
  {
    names: ['CleanJSONSchemaForAntigravity_RefHandling_DescriptionEscaping'],
    run() {
      const described = { $ref: '#/definitions/Gone', description: 'a "quoted" \\ text' };
      expect(tool(one(described))).toEqual(one({ ...string, description: 'a "quoted" \\ text' }));
      expect(tool(one({ $ref: '#/definitions/Gone' }))).toEqual(one({ ...string, description: 'See: Gone' }));
    },
  },
  {
    names: ['CleanJSONSchemaForAntigravity_CyclicRefDefaults'],
    run() {
      const node = object({ next: { $ref: '#/$defs/N' }, v: string });
      const schema = { $defs: { N: node }, ...one({ $ref: '#/$defs/N' }) };
      const next = { type: 'object', description: 'Recursive, see: N' };
      expect(answer(schema)).toEqual(one(object({ next, v: string })));
      expect(gemini(schema)).toEqual({ $defs: { N: node }, ...one({ $ref: '#/$defs/N' }) });
    },
  },
];

const limits: readonly Entry[] = [
  {
    names: [
      'CleanJSONSchemaForAntigravity_ConstraintsToDescription',
      'CleanJSONSchemaForAntigravityResponseHintsIgnoredConstraints',
    ],
    run() {
      const schema = one({ ...string, minLength: 2, pattern: '^a', description: 'D' });
      const expected = one({ ...string, description: 'D (minLength: 2, pattern: ^a)' });
      expect([tool(schema), answer(schema)]).toEqual([expected, expected]);
    },
  },
  property(['ForAntigravity_UniqueItemsStripped'], { type: 'array', items: string, uniqueItems: true }, tool, {
    type: 'array',
    items: string,
    description: '(uniqueItems: true)',
  }),
  property(['ForAntigravity_FormatFieldRemoval'], { ...string, format: 'date-time', description: 'D' }, tool, {
    ...string,
    description: 'D (format: date-time)',
  }),
  property(['ForAntigravity_FormatFieldNoDescription'], { ...string, format: 'uri' }, tool, {
    ...string,
    description: '(format: uri)',
  }),
  {
    names: ['CleanJSONSchemaForAntigravity_MultipleFormats'],
    run() {
      const formats = ['date', 'email', 'uuid'];
      const schema = object(Object.fromEntries(formats.map((format) => [format, { ...string, format }])));
      const hinted = formats.map((format) => [format, { ...string, description: `(format: ${format})` }]);
      expect(tool(schema)).toEqual(object(Object.fromEntries(hinted)));
    },
  },
  {
    names: ['CleanJSONSchemaForAntigravity_RequiredCleanup'],
    note: 'a required name without a property is told, as a model may still write it',
    run() {
      const schema = object({ a: string }, { required: ['a', 'gone'] });
      for (const compiled of all(schema)) {
        expect(compiled).toEqual(object({ a: string }, { required: ['a'], description: '(required: ["gone"])' }));
      }
    },
  },
  {
    names: [
      'CleanJSONSchemaForAntigravity_AdditionalPropertiesHint',
      'CleanJSONSchemaForAntigravityResponsePreservesAdditionalPropertiesFalse',
    ],
    note: 'of a tool it is left out without a word: models add no properties of their own',
    run() {
      const schema = object({ a: string }, { additionalProperties: false });
      expect(tool(schema)).toEqual(object({ a: string }));
      expect([answer(schema), gemini(schema)]).toEqual([schema, schema]);
    },
  },
  {
    names: ['CleanJSONSchema_PreservesAdditionalPropertiesObjectSchema'],
    run() {
      const schema = object({ a: string }, { additionalProperties: string });
      expect(gemini(schema)).toEqual(schema);
      expect(tool(schema)).toEqual(object({ a: string }, { description: '(additionalProperties: {"type":"string"})' }));
    },
  },
  {
    names: ['CleanJSONSchema_ConditionalKeywords'],
    run() {
      const schema = {
        ...object({ a: string }),
        if: { properties: { a: { const: 'x' } } },
        else: object({ c: string }),
      };
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      for (const compiled of all({ ...schema, then: object({ b: string }, { required: ['b'] }) })) {
        expect(compiled).toEqual(object({ a: string, b: string, c: string }));
      }
    },
  },
  {
    names: ['CleanJSONSchemaForAntigravityResponseConditionalCannotOverwriteParent'],
    run() {
      const schema = {
        ...object({ a: string }),
        description: 'P',
        if: {},
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { ...object({ a: { type: 'integer' } }), description: 'T' },
      };
      expect(answer(schema)).toEqual({ ...object({ a: string }), description: 'P' });
    },
  },
];

const names: readonly Entry[] = [
  {
    names: ['CleanJSONSchemaForAntigravity_PropertyNameCollision', 'CleanJSONSchemaKeepsPropertiesNamedLikeKeywords'],
    run() {
      const schema = object(
        { pattern: string, enum: string, default: string, $ref: string, not: string },
        { required: ['pattern'] },
      );
      expect(all(schema)).toEqual([schema, schema, schema, schema]);
    },
  },
  {
    names: ['IsPropertyDefinitionDistinguishesPropertyNamedProperties'],
    run() {
      const schema = object({ properties: object({ format: string }) });
      expect(all(schema)).toEqual([schema, schema, schema, schema]);
    },
  },
  {
    names: ['CleanJSONSchemaStripsPropertyNamesUnderPropertyNamedProperties'],
    run() {
      const schema = object({
        properties: object({ p: { ...object({ a: string }), propertyNames: { pattern: 'b' } } }),
      });
      const told = { ...object({ a: string }), description: '(propertyNames: {"pattern":"b"})' };
      for (const compiled of all(schema)) expect(compiled).toEqual(object({ properties: object({ p: told }) }));
    },
  },
  {
    names: [
      'CleanJSONSchemaForGemini_RemovesGeminiUnsupportedMetadataFields',
      'RemoveExtensionFields',
      'CleanJSONSchemaStripsEncryptedMetadata',
    ],
    run() {
      const extra = {
        $schema: 's',
        $comment: 'c',
        'x-v': 1,
        deprecated: true,
        encrypted: true,
        prefill: 'p',
        enumTitles: ['t'],
      };
      const schema = { ...object({ a: { ...string, ...extra } }), ...extra };
      for (const compiled of all(schema)) expect(compiled).toEqual(object({ a: string }));
    },
  },
  repaired(
    ['KeepsPropertyNamedEncrypted'],
    object({ encrypted: { type: 'boolean' }, 'x-id': string }),
    object({ encrypted: { type: 'boolean' }, 'x-id': string }),
  ),
  { names: ['SortByDepthUsesSegmentsAndIsStable'], because: reasons.goInternal },
  {
    names: ['CleanJSONSchema_PreservesLargeNumberPrecision'],
    note: 'numbers of JSON are doubles in JavaScript: whole ones are exact up to 2^53',
    run() {
      expect(written(one({ type: 'integer', maximum: 9007199254740991 }), 'gemini-schema')).toEqual(
        one({ type: 'integer', maximum: 9007199254740991 }),
      );
    },
  },
  property(
    ['_PreservesHTMLCharactersWithoutEscaping'],
    { ...string, description: '<b> & "q"' },
    (schema) => JSON.parse(JSON.stringify(tool(schema))),
    { ...string, description: '<b> & "q"' },
  ),
];

export const geminiSchema: Group = {
  group: 'gemini_schema',
  entries: [...values, ...types, ...references, ...limits, ...names, ...malformed, ...placeholders],
};
