import { invalidRequest } from '../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from './json.ts';

/** Readers of wire fields. All treat absent and null alike; a wrong type is a 400 that names the JSON path. */

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The value of a key with null folded into undefined. */
export function field(object: JsonObject, key: string): JsonValue | undefined {
  return object[key] ?? undefined;
}

/** A string, or undefined when absent. */
export function readString(object: JsonObject, key: string, path: string): string | undefined {
  const value = field(object, key);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidRequest(at(path, key), 'must be a string');
}

/** A string that must be there. */
export function requireString(object: JsonObject, key: string, path: string): string {
  const value = readString(object, key, path);
  if (value === undefined) throw invalidRequest(at(path, key), 'is required and must be a string');
  return value;
}

/** A finite number, or undefined when absent. */
export function readNumber(object: JsonObject, key: string, path: string): number | undefined {
  const value = field(object, key);
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalidRequest(at(path, key), 'must be a number');
}

/** A boolean, or undefined when absent. */
export function readBoolean(object: JsonObject, key: string, path: string): boolean | undefined {
  const value = field(object, key);
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidRequest(at(path, key), 'must be true or false');
}

/** An object, or undefined when absent. */
export function readObject(object: JsonObject, key: string, path: string): JsonObject | undefined {
  const value = field(object, key);
  if (value === undefined || isJsonObject(value)) return value;
  throw invalidRequest(at(path, key), 'must be an object');
}

/** An array, or undefined when absent. */
export function readArray(object: JsonObject, key: string, path: string): readonly JsonValue[] | undefined {
  const value = field(object, key);
  if (value === undefined || isJsonArray(value)) return value;
  throw invalidRequest(at(path, key), 'must be an array');
}

/** An array that must be there. */
export function requireArray(object: JsonObject, key: string, path: string): readonly JsonValue[] {
  const value = readArray(object, key, path);
  if (value === undefined) throw invalidRequest(at(path, key), 'is required and must be an array');
  return value;
}

/** An array element that must be an object. */
export function requireObjectValue(value: JsonValue | undefined, path: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalidRequest(path, 'must be an object');
}

/** True for a JSON array. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The fields of a body that its decoder does not know, for `extensions`; undefined when there are none. */
export function unknownFields(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let unknown: MutableJsonObject | undefined;
  // Not by way of entries: a client may send tens of thousands.
  for (const key of Object.keys(object)) {
    if (known.has(key)) continue;
    unknown ??= {};
    // Assigned, a `__proto__` of the client would be no data.
    if (key === '__proto__') unknown = { ...unknown, ['__proto__']: object[key] };
    else unknown[key] = object[key];
  }
  return unknown;
}

/** The parts of a `data:` URL with base64 content; undefined for any other URL. */
export function parseDataUrl(url: string): { readonly mediaType: string; readonly data: string } | undefined {
  if (!url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  if (comma < 0) return undefined;
  const head = url.slice(5, comma).split(';');
  if (!head.includes('base64')) return undefined;
  return { mediaType: head[0] || 'application/octet-stream', data: url.slice(comma + 1) };
}

const OPENS_OBJECT = /^\s*\{/;

/** Text parsed as a JSON object; undefined when it is not one. */
export function parseJsonObject(text: string): JsonObject | undefined {
  // A SyntaxError takes longer than most parses, and plain text is the usual case.
  if (!OPENS_OBJECT.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
