import { invalidRequest } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { camelKeys } from './wire.ts';

const MAX_DEPTH = 128;
/** Keywords whose value is one schema, a list of schemas, or a map of schemas. */
const SCHEMA_KEYS: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not', 'contains']);
const LIST_KEYS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const MAP_KEYS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
/** Google's JSON writes 64-bit integers as strings. */
const INTEGER_KEYS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

type Visit = (node: JsonObject, path: string) => JsonObject;

/** The node with every schema directly below it visited. */
function mapChildren(node: JsonObject, path: string, visit: Visit): JsonObject {
  const visitValue = (value: JsonValue | undefined, at: string): JsonValue | undefined =>
    isJsonObject(value) ? visit(value, at) : value;
  const entries = Object.entries(node).map(([key, value]): [string, JsonValue | undefined] => {
    const at = `${path}.${key}`;
    if (SCHEMA_KEYS.has(key)) return [key, visitValue(value, at)];
    if (LIST_KEYS.has(key) && isJsonArray(value)) {
      return [key, value.map((item, index) => visitValue(item, `${at}[${index}]`) ?? null)];
    }
    if (MAP_KEYS.has(key) && isJsonObject(value)) {
      const members = Object.entries(value).map(([name, item]) => [name, visitValue(item, `${at}.${name}`)]);
      return [key, Object.fromEntries(members)];
    }
    return [key, value];
  });
  return Object.fromEntries(entries);
}

/** Gemini's OpenAPI-like schema -> JSON Schema: lower-case types, `nullable`, `propertyOrdering`, `example`, int64. */
export function decodeSchema(schema: JsonObject, path: string, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) throw invalidRequest(path, 'is nested too deeply');
  const node = mapChildren(camelKeys(schema), path, (child, at) => decodeSchema(child, at, depth + 1));
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
