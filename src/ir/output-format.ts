import type { JsonObject } from './json.ts';
import type { OutputFormat } from './request.ts';

type Described = Extract<OutputFormat, { type: 'json-schema' }>;

/** Each is one object, however often it is asked for: by that it is known whether it was compiled. */
const described = new WeakMap<Described, JsonObject>();

/** The schema with the format's description in it, for dialects that have no other place for one. */
export function describedSchema(format: Described): JsonObject {
  const { description, schema } = format;
  if (description === undefined || schema['description'] !== undefined) return schema;
  let whole = described.get(format);
  if (whole === undefined) {
    whole = { ...schema, description };
    described.set(format, whole);
  }
  return whole;
}
