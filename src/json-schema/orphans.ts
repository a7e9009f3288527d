/** Properties that stand in a schema itself instead of in its `properties`. */
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import { HELPFUL, LIST_KEYWORDS, MAP_KEYWORDS, RESTRICTIONS, SCHEMA_KEYWORDS, TYPE_OF_KEYWORD } from './keywords.ts';
import { isArray, setMember } from './node.ts';

/** Keywords that may stand at any schema, an object or not. */
const ANYWHERE: ReadonlySet<string> = new Set([
  ...HELPFUL,
  'type',
  'title',
  'description',
  'nullable',
  'readOnly',
  'writeOnly',
  'deprecated',
]);
/** Keywords that say nothing else of the value than that it may be an object. */
const OBJECT_LIKE: ReadonlySet<string> = new Set([...ANYWHERE, 'properties', 'required', 'additionalProperties']);

/** The schema with the properties among its own members moved into `properties`; the same when there are none. */
export function withOrphans(node: JsonObject): JsonObject {
  let orphans: string[] | undefined;
  for (const key in node) {
    if (!isKeyword(key) && isProperty(node[key])) {
      orphans ??= [];
      orphans.push(key);
    }
  }
  if (orphans === undefined || !mayBeObject(node, orphans)) return node;
  const properties: MutableJsonObject = isJsonObject(node['properties']) ? { ...node['properties'] } : {};
  const result: MutableJsonObject = { ...node };
  for (const name of orphans) {
    const value = node[name];
    if (value !== undefined && !Object.hasOwn(properties, name)) setMember(properties, name, value);
    delete result[name];
  }
  return { ...result, type: 'object', properties };
}

function isKeyword(key: string): boolean {
  return (
    key.startsWith('$') ||
    key.startsWith('x-') ||
    ANYWHERE.has(key) ||
    TYPE_OF_KEYWORD.has(key) ||
    RESTRICTIONS.has(key) ||
    SCHEMA_KEYWORDS.has(key) ||
    LIST_KEYWORDS.has(key) ||
    MAP_KEYWORDS.has(key) ||
    key === 'enum' ||
    key === 'const'
  );
}

/** An unknown keyword may hold an object as well: one with a type or properties is a schema. */
function isProperty(value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const { type } = value;
  return typeof type === 'string' || isArray(type) || isJsonObject(value['properties']);
}

function mayBeObject(node: JsonObject, orphans: readonly string[]): boolean {
  if (node['type'] !== undefined) return node['type'] === 'object';
  const known = new Set(orphans);
  return Object.keys(node).every(
    (key) => known.has(key) || OBJECT_LIKE.has(key) || key.startsWith('x-') || key === '$schema',
  );
}
