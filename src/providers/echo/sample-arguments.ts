import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

const MAX_DEPTH = 5;

/** The smallest harmless arguments that a JSON Schema accepts: required properties only; a shell is told to echo. */
export function sampleArguments(schema: JsonObject | undefined): JsonObject {
  const value = schema === undefined ? {} : sampleObject(schema, schema, 0);
  return isJsonObject(value) ? value : {};
}

function sampleObject(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = isJsonArray(schema['required']) ? schema['required'] : [];
  const names = required.filter((name): name is string => typeof name === 'string');
  return Object.fromEntries(names.map((name) => [name, sampleProperty(name, properties[name], root, depth + 1)]));
}

function sampleProperty(name: string, schema: JsonValue | undefined, root: JsonObject, depth: number): JsonValue {
  const property = isJsonObject(schema) ? resolve(schema, root) : {};
  if (name === 'command' || name === 'cmd') {
    if (typeOf(property) === 'array') return ['echo', 'llmproxy'];
    if (typeOf(property) === 'string' && fixedValue(property) === undefined) return 'echo llmproxy';
  }
  return sampleValue(property, root, depth);
}

function sampleValue(given: JsonObject, root: JsonObject, depth: number): JsonValue {
  const schema = resolve(given, root);
  const fixed = fixedValue(schema);
  if (fixed !== undefined) return fixed;
  if (depth > MAX_DEPTH) return null;
  switch (typeOf(schema)) {
    case 'string':
      return 'llmproxy';
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'array':
      return sampleArray(schema, root, depth);
    case 'object':
      return sampleObject(schema, root, depth);
    default:
      return null;
  }
}

function sampleArray(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  const items = schema['items'];
  if (typeof schema['minItems'] !== 'number' || schema['minItems'] < 1) return [];
  return [isJsonObject(items) ? sampleValue(items, root, depth + 1) : null];
}

/** The value that the schema itself offers. */
function fixedValue(schema: JsonObject): JsonValue | undefined {
  if (schema['const'] !== undefined) return schema['const'];
  if (isJsonArray(schema['enum'])) return schema['enum'][0];
  return schema['default'] ?? undefined;
}

/** Follows a local `$ref` and takes the first branch of a union. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  for (let step = 0; step < MAX_DEPTH; step++) {
    const next = referenced(current, root) ?? firstBranch(current);
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

function referenced(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  let node: JsonValue | undefined = root;
  for (const key of reference.slice(2).split('/')) node = isJsonObject(node) ? node[key] : undefined;
  return isJsonObject(node) ? node : undefined;
}

function firstBranch(schema: JsonObject): JsonObject | undefined {
  if (schema['type'] !== undefined) return undefined;
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[key];
    const branch = isJsonArray(branches) ? branches.find((candidate) => isJsonObject(candidate)) : undefined;
    if (isJsonObject(branch)) return branch;
  }
  return undefined;
}

/** Lower-case type (Gemini schemas write it in capitals); the first one that is not null of several. */
function typeOf(schema: JsonObject): string {
  const type = schema['type'];
  const first = isJsonArray(type) ? type.find((candidate) => candidate !== 'null') : type;
  if (typeof first === 'string') return first.toLowerCase();
  return schema['properties'] === undefined ? '' : 'object';
}
