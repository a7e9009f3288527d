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
export function setMember(object: MutableJsonObject, name: string, value: JsonValue | undefined): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else object[name] = value;
}

/** Objects with more members have no shape in V8. */
const MOST_SHAPED = 500;

/** The object with each member changed; the very same when none is. */
export function mapMembers(
  object: JsonObject,
  change: (value: JsonValue | undefined, name: string) => JsonValue | undefined,
): JsonObject {
  let changed = false;
  const names = Object.keys(object);
  const values = names.map((name) => {
    const before = object[name];
    const after = change(before, name);
    changed ||= after !== before;
    return after;
  });
  if (!changed) return object;
  // A copy has the shape of its original, where member after member would each make a new one; of many it takes longer.
  const result: MutableJsonObject = names.length <= MOST_SHAPED ? { ...object } : {};
  for (const [index, name] of names.entries()) setMember(result, name, values[index]);
  return result;
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
