import { invalidRequest } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { mapMembers } from '../../json-schema/node.ts';
import { camelKeys } from './wire.ts';

const MAX_DEPTH = 128;
/** Keywords whose value is one schema, a list of schemas, or a map of schemas. */
const SCHEMA_KEYS: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not', 'contains']);
const LIST_KEYS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const MAP_KEYS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
/** Keywords that Gemini writes, or orders, in its own way. */
const OWN_KEYS: ReadonlySet<string> = new Set(['type', 'nullable', 'propertyOrdering', 'example']);
/** Google's JSON writes 64-bit integers as strings. */
const INTEGER_KEYS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

/** A keyword's value with the schemas in it decoded; the very same when nothing changes. */
function decodeValue(key: string, value: JsonValue | undefined, path: string, depth: number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (SCHEMA_KEYS.has(key)) return decodeChild(value, path, key, depth);
  if (LIST_KEYS.has(key) && isJsonArray(value)) {
    return value.map((item, index) => decodeChild(item, path, `${key}[${index}]`, depth) ?? null);
  }
  if (!MAP_KEYS.has(key) || !isJsonObject(value)) return value;
  return mapMembers(value, (item, name) => decodeChild(item, path, `${key}.${name}`, depth));
}

function decodeChild(value: JsonValue | undefined, path: string, place: string, depth: number): JsonValue | undefined {
  return isJsonObject(value) ? decodeSchema(value, `${path}.${place}`, depth + 1) : value;
}

/** Gemini's OpenAPI-like schema -> JSON Schema: lower-case types, `nullable`, `propertyOrdering`, `example`, int64. */
export function decodeSchema(schema: JsonObject, path: string, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) throw invalidRequest(path, 'is nested too deeply');
  const node = mapMembers(camelKeys(schema), (value, key) => decodeValue(key, value, path, depth));
  if (isStandard(node)) return node;
  const { type, nullable, propertyOrdering, example, ...rest }: MutableJsonObject = node;
  const result: MutableJsonObject = {};
  const decodedType = decodeType(type, nullable === true);
  if (decodedType !== undefined) result['type'] = decodedType;
  // Beside a union or an enumeration, null must be one of the choices.
  else if (nullable === true && isJsonArray(rest['anyOf'])) rest['anyOf'] = [...rest['anyOf'], { type: 'null' }];
  const values = rest['enum'];
  if (nullable === true && isJsonArray(values) && !values.includes(null)) rest['enum'] = [...values, null];
  for (const [key, value] of Object.entries(rest)) {
    result[key] = INTEGER_KEYS.has(key) && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  }
  if (example !== undefined && rest['examples'] === undefined) result['examples'] = [example];
  if (isJsonArray(propertyOrdering) && isJsonObject(rest['properties'])) {
    result['properties'] = reorder(rest['properties'], propertyOrdering);
  }
  return result;
}

/** Whether nothing in the schema itself is Gemini's own way to say it. */
function isStandard(node: JsonObject): boolean {
  for (const key in node) if (INTEGER_KEYS.has(key) || OWN_KEYS.has(key)) return false;
  return true;
}

function decodeType(type: JsonValue | undefined, nullable: boolean): JsonValue | undefined {
  if (isJsonArray(type)) return type.map((item) => (typeof item === 'string' ? item.toLowerCase() : item));
  if (typeof type !== 'string') return type;
  const name = type.toLowerCase();
  if (name === 'type_unspecified') return undefined;
  return nullable ? [name, 'null'] : name;
}

function reorder(properties: JsonObject, order: readonly JsonValue[]): JsonObject {
  const names = order.filter((name) => typeof name === 'string').filter((name) => Object.hasOwn(properties, name));
  const all = new Set([...names, ...Object.keys(properties)]);
  return Object.fromEntries([...all].map((name) => [name, properties[name]]));
}
