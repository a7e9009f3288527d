/** Schemas that are none as they stand, and objects without properties. */
import { expect } from 'vitest';
import { answer, gemini, object, one, property, repaired, string, tool, written } from '../gemini-schemas.ts';
import type { Entry } from '../ledger.ts';

const placeholder = { properties: { reason: { ...string, description: 'Why this is called' } }, required: ['reason'] };

/** What tool authors write. */
export const malformed: readonly Entry[] = [
  repaired(
    ['_BarePropertyMapNormalized'],
    { a: string, b: { type: 'integer' } },
    object({ a: string, b: { type: 'integer' } }),
  ),
  repaired(['_NestedBarePropertyMap'], one({ a: string }), one(object({ a: string }))),
  repaired(
    ['_BarePropertyMapWithKeywordNames'],
    { format: string, default: string },
    object({ format: string, default: string }),
  ),
  repaired(
    ['_ArrayItemsBarePropertyMap'],
    one({ type: 'array', items: { a: string } }),
    one({ type: 'array', items: object({ a: string }) }),
  ),
  repaired(
    ['_BooleanRequiredPromoted'],
    object({ a: { ...string, required: true }, b: { ...string, required: false } }),
    object({ a: string, b: string }, { required: ['a'] }),
  ),
  repaired(
    ['_BarePropertyMapWithRequestAndToolsNames'],
    { request: string, tools: string },
    object({ request: string, tools: string }),
  ),
  repaired(
    ['_BarePropertyMapWithSiblingDescription'],
    { description: 'D', a: string },
    object({ a: string }, { description: 'D' }),
  ),
  repaired(['_SingleKeySchemaWrapper'], { schema: object({ a: string }) }, object({ schema: object({ a: string }) })),
  repaired(['_BarePropertyMapWithExplicitTypeObject'], { type: 'object', a: string }, object({ a: string })),
  repaired(
    ['_MixedPropertiesAndOrphanBareProperty'],
    { ...object({ a: string }), b: { type: 'integer' } },
    object({ a: string, b: { type: 'integer' } }),
  ),
  {
    names: ['CleanJSONSchema_BarePropertyMapWithNullable'],
    run() {
      expect(answer({ nullable: true, a: string })).toEqual(object({ a: string }, { nullable: true }));
      expect(gemini({ nullable: true, a: string })).toEqual({ type: ['object', 'null'], properties: { a: string } });
    },
  },
  property(
    ['_VendorExtensionOnEnumNotWrappedIntoProperties'],
    { ...string, enum: ['a'], 'x-enum': { a: string } },
    gemini,
    {
      ...string,
      enum: ['a'],
    },
  ),
  property(
    ['_ObjectDefaultNotWrappedIntoProperties'],
    { ...object({ k: string }), default: { k: { type: 'x' } } },
    (schema) => written(schema, 'gemini-schema'),
    { ...object({ k: string }), default: { k: { type: 'x' } } },
  ),
];

/** Antigravity refuses an object without properties. */
export const placeholders: readonly Entry[] = [
  {
    names: [
      'CleanJSONSchemaForAntigravity_EmptySchemaPlaceholder',
      'CleanJSONSchemaForAntigravity_EmptyPropertiesPlaceholder',
    ],
    run() {
      expect([tool({ type: 'object' }), tool(object({}))]).toEqual([
        { type: 'object', ...placeholder },
        { type: 'object', ...placeholder },
      ]);
    },
  },
  repaired(
    ['ForAntigravity_NonEmptySchemaUnchanged'],
    object({ a: string }, { required: ['a'] }),
    object({ a: string }, { required: ['a'] }),
  ),
  property(['ForAntigravity_NestedEmptySchema'], { type: 'object' }, tool, { type: 'object', ...placeholder }),
  {
    names: ['CleanJSONSchemaForAntigravity_EmptySchemaWithDescription'],
    run: () =>
      expect(tool({ type: 'object', description: 'D' })).toEqual({ type: 'object', description: 'D', ...placeholder }),
  },
  {
    names: ['CleanJSONSchemaForAntigravityResponseDoesNotAddToolPlaceholders'],
    run: () => expect(answer(one({ type: 'object' }))).toEqual(one({ type: 'object' })),
  },
];
