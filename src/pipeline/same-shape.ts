import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';

/**
 * Whether a JSON value has every scalar that a model object has, of the same type. Null on either side, lists and
 * further members do not matter: an error body with a null code is still one of its dialect.
 */
export function hasShapeOf(model: JsonObject, value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  return Object.entries(model).every(([key, expected]) => {
    const found = value[key];
    if (isJsonObject(expected)) return hasShapeOf(expected, found);
    if (expected === undefined || expected === null || Array.isArray(expected) || found === null) return true;
    return typeof found === typeof expected;
  });
}
