/** What tool authors write although it is no JSON Schema of today: brought into the form of draft 2020-12. */
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import { LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS } from './keywords.ts';
import { holdsMany, membersOf } from './members.ts';
import { isArray, mapMembers, stringsOf } from './node.ts';
import { withOrphans } from './orphans.ts';
import { at, memberAt, ROOT, type SchemaPath } from './path.ts';
import type { Report } from './report.ts';

/** Deeper schemas are cut: no tool's parameters are, and the compiler is recursive. */
export const MAX_DEPTH = 100;

const TYPES: ReadonlySet<string> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Names of types in other languages. `any` says nothing. */
const TYPE_ALIASES: ReadonlyMap<string, string | undefined> = new Map([
  ['float', 'number'],
  ['double', 'number'],
  ['int', 'integer'],
  ['long', 'integer'],
  ['str', 'string'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['dict', 'object'],
  ['map', 'object'],
  ['none', 'null'],
  ['any', undefined],
]);
/** A map of properties that stands where a schema should: none of its members is a value of a keyword. */
const PROPERTY_SHAPE: readonly string[] = ['type', 'properties', 'items', 'anyOf', 'oneOf', 'allOf', 'enum', '$ref'];

/** Returns the very same schema when there is nothing to repair. */
export class Repairer {
  readonly #report: Report;
  /** Maps with schemas that say `required: true` themselves. */
  readonly #flagged = new Set<JsonObject>();
  /** As many had been seen when others had their turn. */
  #rested = 0;
  /** What was repaired ahead of that in which it stands. */
  readonly #done = new Map<JsonObject, JsonObject>();
  /** Schemas seen: what a compiler may spend is measured by it. */
  nodes = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Repairs what stands in a schema, so many schemas at once, so that it is soon done itself. */
  *ahead(node: JsonObject, most: number, place: SchemaPath = ROOT, depth = 0): Generator<undefined, void> {
    if (depth >= MAX_DEPTH) return;
    for (const { schema, path } of membersOf(node, place, () => true)) {
      if (holdsMany(schema, most)) yield* this.ahead(schema, most, path, depth + 1);
      this.#done.set(schema, this.schema(schema, path, depth + 1));
      if (this.nodes - this.#rested < most) continue;
      this.#rested = this.nodes;
      yield;
    }
  }

  schema(value: JsonValue | undefined, path: SchemaPath, depth: number): JsonObject {
    const done = this.#done.size > 0 && isJsonObject(value) ? this.#done.get(value) : undefined;
    if (done !== undefined) return done;
    this.nodes++;
    if (value === true) return {};
    if (typeof value === 'string' && TYPES.has(value)) return { type: value };
    if (!isJsonObject(value)) {
      this.#report.lost(path, value === false ? 'false' : '');
      return {};
    }
    if (depth > MAX_DEPTH) {
      this.#report.lost(path, '');
      return { description: 'nested too deeply' };
    }
    const node = isPropertyMap(value) ? { type: 'object', properties: value } : withOrphans(value);
    return this.#keywords(isArray(node['items']) ? withoutTuple(node, node['items']) : node, path, depth);
  }

  #keywords(node: JsonObject, path: SchemaPath, depth: number): JsonObject {
    let changed: MutableJsonObject | undefined;
    for (const key in node) {
      const value = node[key];
      const repaired = this.#keyword(node, key, value, path, depth);
      if (repaired === value) continue;
      changed ??= { ...node };
      if (repaired === undefined) delete changed[key];
      else changed[key] = repaired;
    }
    const result = changed ?? node;
    return this.#needsRewrite(node) ? rewrite(node, result) : result;
  }

  #needsRewrite({ nullable, properties, exclusiveMinimum, exclusiveMaximum }: JsonObject): boolean {
    return (
      nullable !== undefined ||
      typeof exclusiveMinimum === 'boolean' ||
      typeof exclusiveMaximum === 'boolean' ||
      (this.#flagged.size > 0 && isJsonObject(properties) && this.#flagged.has(properties))
    );
  }

  #keyword(node: JsonObject, key: string, value: JsonValue | undefined, path: SchemaPath, depth: number) {
    if (key === 'type') return repairType(value);
    if (SCHEMA_KEYWORDS.has(key)) return this.#single(key, value, path, depth);
    if (LIST_KEYWORDS.has(key)) return this.#list(key, value, path, depth);
    if (MAP_KEYWORDS.has(key)) return this.#map(key, value, path, depth);
    if (key === 'required') return repairRequired(value);
    return key === 'enum' && !isArray(node['enum']) ? undefined : value;
  }

  #single(key: string, value: JsonValue | undefined, path: SchemaPath, depth: number): JsonValue | undefined {
    if (typeof value === 'boolean') return value;
    return this.schema(value, at(path, key), depth + 1);
  }

  #list(key: string, value: JsonValue | undefined, path: SchemaPath, depth: number): JsonValue | undefined {
    if (!isArray(value)) return isJsonObject(value) ? [this.schema(value, at(path, key), depth + 1)] : undefined;
    if (value.length === 0) return undefined;
    let changed = false;
    const list = value.map((item, index) => {
      const repaired = this.schema(item, memberAt(path, key, index), depth + 1);
      changed ||= repaired !== item;
      return repaired;
    });
    return changed ? list : value;
  }

  #map(key: string, value: JsonValue | undefined, path: SchemaPath, depth: number): JsonValue | undefined {
    if (!isJsonObject(value)) {
      if (value !== undefined && value !== null) this.#report.lost(path, key);
      return undefined;
    }
    return mapMembers(value, (member, name) => {
      if (isJsonObject(member) && member['required'] === true) this.#flagged.add(value);
      return this.schema(member, memberAt(path, key, name), depth + 1);
    });
  }
}

function isPropertyMap(node: JsonObject): boolean {
  let members = 0;
  for (const key in node) {
    const value = node[key];
    if (!isJsonObject(value) || key === 'properties' || key === 'items' || MAP_KEYWORDS.has(key)) return false;
    if (SCHEMA_KEYWORDS.has(key) || !PROPERTY_SHAPE.some((keyword) => Object.hasOwn(value, keyword))) return false;
    members++;
  }
  return members > 0;
}

function repairType(type: JsonValue | undefined): JsonValue | undefined {
  if (typeof type === 'string') return TYPES.has(type) ? type : typeName(type);
  if (!isArray(type)) return undefined;
  const asItIs = type.length <= TYPES.size && type.every((name) => typeof name === 'string' && TYPES.has(name));
  if (asItIs) return type.length === 0 ? undefined : type;
  const names = new Set(stringsOf(type).map(typeName));
  const known = [...names].filter((name) => name !== undefined);
  return names.size > known.length || known.length === 0 ? undefined : known;
}

function typeName(name: string): string | undefined {
  const lower = name.toLowerCase();
  return TYPES.has(lower) ? lower : TYPE_ALIASES.get(lower);
}

function repairRequired(value: JsonValue | undefined): JsonValue | undefined {
  if (!isArray(value)) return undefined;
  return value.every((name) => typeof name === 'string') ? value : stringsOf(value);
}

/** Forms of older drafts and of OpenAPI: exclusive bounds as flags, `nullable`, `required` in a property. */
function rewrite(node: JsonObject, repaired: JsonObject): JsonObject {
  const result: MutableJsonObject = { ...repaired };
  rewriteBound(result, 'exclusiveMinimum', 'minimum');
  rewriteBound(result, 'exclusiveMaximum', 'maximum');
  if (node['nullable'] !== undefined) rewriteNullable(result);
  const flags = isJsonObject(node['properties']) ? requiredFlags(node['properties']) : [];
  if (flags.length > 0) result['required'] = [...new Set([...stringsOf(result['required']), ...flags])];
  return result;
}

/** `items: [a, b], additionalItems: c` is `prefixItems: [a, b], items: c` today. */
function withoutTuple(node: JsonObject, items: readonly JsonValue[]): JsonObject {
  const { items: _, additionalItems, ...result }: MutableJsonObject = { ...node };
  if (result['prefixItems'] === undefined && items.length > 0) result['prefixItems'] = items;
  if (additionalItems !== undefined) result['items'] = additionalItems;
  return result;
}

function rewriteBound(result: MutableJsonObject, exclusive: string, inclusive: string): void {
  const flag = result[exclusive];
  if (typeof flag !== 'boolean') return;
  delete result[exclusive];
  const bound = result[inclusive];
  if (!flag || typeof bound !== 'number') return;
  result[exclusive] = bound;
  delete result[inclusive];
}

function rewriteNullable(result: MutableJsonObject): void {
  const { nullable, type } = result;
  delete result['nullable'];
  if (nullable !== true) return;
  const union = isArray(result['anyOf']) ? 'anyOf' : 'oneOf';
  const branches = result[union];
  if (type !== undefined) result['type'] = [...new Set([...(isArray(type) ? type : [type]), 'null'])];
  else if (isArray(branches)) result[union] = [...branches, { type: 'null' }];
  else if (result['$ref'] !== undefined || result['allOf'] !== undefined) makeUnion(result);
  const values = result['enum'];
  if (isArray(values) && !values.includes(null)) result['enum'] = [...values, null];
}

function makeUnion(result: MutableJsonObject): void {
  const { description, ...rest } = result;
  for (const key of Object.keys(rest)) delete result[key];
  result['anyOf'] = [rest, { type: 'null' }];
}

/** The properties that say `required: true` themselves, which belongs into the list of their parent. */
function requiredFlags(properties: JsonObject): readonly string[] {
  const flagged: string[] = [];
  for (const name in properties) {
    const property = properties[name];
    if (isJsonObject(property) && property['required'] === true) flagged.push(name);
  }
  return flagged;
}
