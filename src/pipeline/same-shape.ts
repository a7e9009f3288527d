import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';

/**
 * Whether a JSON value has every scalar that a model object has, of a kind that its readers take. Null on either side, lists and
 * further members do not matter: an error body with a null code is still one of its dialect.
 */
export function hasShapeOf(model: JsonObject, value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  return Object.entries(model).every(([key, expected]) => {
    const found = value[key];
    if (isJsonObject(expected)) return hasShapeOf(expected, found);
    if (expected === undefined || expected === null || Array.isArray(expected) || found === null) return true;
    // Servers of a dialect differ in numbers and texts (`code: 400`); its clients take either.
    return (
      typeof found === 'string' ||
      typeof found === typeof expected ||
      (typeof found === 'number' && typeof expected === 'string')
    );
  });
}
