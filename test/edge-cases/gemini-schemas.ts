/** Schemas for edge cases, compiled for the targets of Google. */
import { expect } from 'vitest';
import { compileSchema } from '../../src/json-schema/compile.ts';
import type { SchemaTarget } from '../../src/json-schema/profile.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';
import type { EdgeCase } from './ledger.ts';

/** `string`. */
export const string: Wire = { type: 'string' };
/** An object with these properties. */
export const object = (properties: Wire, more: Wire = {}): Wire => ({ type: 'object', properties, ...more });
/** A schema in the words of a target. */
export const written = (schema: Wire, target: SchemaTarget): Wire => compileSchema(schema, target).schema;
/** As tools of Antigravity, answers of Antigravity and Gemini take it. */
export const tool = (schema: Wire): Wire => written(schema, 'antigravity-tool');
export const answer = (schema: Wire): Wire => written(schema, 'antigravity-response');
export const gemini = (schema: Wire): Wire => written(schema, 'gemini-json-schema');
/** As each of the four takes it. */
export const all = (schema: Wire): Wire[] => [
  tool(schema),
  answer(schema),
  written(schema, 'gemini-schema'),
  gemini(schema),
];
/** An object with one property. */
export const one = (property: Wire): Wire => object({ p: property });

/** What becomes of one property. */
export function property(
  names: readonly string[],
  given: Wire,
  to: (schema: Wire) => Wire,
  expected: Wire,
  note?: string,
): EdgeCase {
  return {
    names: names.map((name) => `CleanJSONSchema${name}`),
    ...(note === undefined ? {} : { note }),
    run: () => expect(to(one(given))).toEqual(one(expected)),
  };
}

/** The same schema, repaired, for every target. */
export function repaired(names: readonly string[], given: Wire, expected: Wire): EdgeCase {
  return {
    names: names.map((name) => `CleanJSONSchema${name}`),
    run: () => expect(all(given)).toEqual([expected, expected, expected, expected]),
  };
}
