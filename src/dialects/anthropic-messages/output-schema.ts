import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

/** Keywords whose value is data of the user, not a schema. */
const DATA_KEYWORDS = new Set(['enum', 'const', 'default', 'example', 'examples']);

/** An output schema as Claude demands it: every object says `additionalProperties`; false where the client said nothing. */
export function closeObjects(schema: JsonObject): JsonObject {
  const closed: MutableJsonObject = {};
  for (const [key, value] of Object.entries(schema)) closed[key] = DATA_KEYWORDS.has(key) ? value : closeValue(value);
  if (schema['type'] === 'object' && schema['additionalProperties'] === undefined)
    closed['additionalProperties'] = false;
  return closed;
}

function closeValue(value: JsonValue | undefined): JsonValue | undefined {
  if (isJsonArray(value)) return value.map((item) => closeValue(item) ?? null);
  return isJsonObject(value) ? closeObjects(value) : value;
}
