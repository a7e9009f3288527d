import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';

/** True for a JSON array. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The member of that name; never one that every object inherits. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets a member whose name the client chose: `__proto__` stays data. */
export function setMember(object: MutableJsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else object[name] = value;
}

/** The strings of an array; none for anything else. */
export function stringsOf(value: JsonValue | undefined): readonly string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The objects of an array; none for anything else. */
export function schemasOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isJsonObject) : [];
}

/** The types that a schema names; none when it names none. */
export function typesOf(node: JsonObject): readonly string[] {
  const type = node['type'];
  return typeof type === 'string' ? [type] : stringsOf(type);
}

/** True when both say the same. Ends at the first difference: one of the two may be huge, and compared again and again. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
