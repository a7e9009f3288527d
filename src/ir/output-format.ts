import type { JsonObject } from './json.ts';
import type { OutputFormat } from './request.ts';

/** The schema with the format's description in it, for dialects that have no other place for one. */
export function describedSchema(format: Extract<OutputFormat, { type: 'json-schema' }>): JsonObject {
  const { description, schema } = format;
  return description === undefined || schema['description'] !== undefined ? schema : { ...schema, description };
}
