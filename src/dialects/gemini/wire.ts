/** Gemini generateContent on the wire. https://ai.google.dev/api/generate-content */
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

/** The id under which this dialect keeps its own fields, signatures and opaque parts. */
export const DIALECT = 'gemini';

const SNAKE = /[a-zA-Z0-9]_[a-z0-9]/;

/**
 * The object with its own keys in lowerCamelCase: Google's JSON parser takes `system_instruction` and
 * `systemInstruction` alike. Only this level; values are user data and stay as they are.
 */
export function camelKeys(object: JsonObject): JsonObject {
  const keys = Object.keys(object);
  if (!keys.some((key) => SNAKE.test(key))) return object;
  const renamed = new Map<string, JsonValue | undefined>();
  for (const key of keys) {
    const camel = key.replace(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, after: string) => after.toUpperCase());
    if (camel === key || !Object.hasOwn(object, camel)) renamed.set(camel, object[key]);
  }
  return Object.fromEntries(renamed);
}

/** The elements of an array that are objects, keys in camelCase; none for anything else. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject).map(camelKeys) : [];
}

/** A string field of an upstream's answer; undefined for any other type. */
export function stringOf(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

/** A finite number field of an upstream's answer; undefined for any other type. */
export function numberOf(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}

/** An object field of an upstream's answer, keys in camelCase; undefined for any other type. */
export function objectOf(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? camelKeys(value) : undefined;
}

/** The object without its undefined values; undefined when nothing is left. */
export function definedFields(object: JsonObject): JsonObject | undefined {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
