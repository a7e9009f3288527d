import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import { RESTRICTIONS } from './keywords.ts';
import { isArray, own, sameJson, setMember, stringsOf, typesOf } from './node.ts';

/** Hears of a keyword of which only one of two values could stay. */
export type Conflict = (keyword: string) => void;

const LARGER_WINS: ReadonlySet<string> = new Set([
  'minLength',
  'minItems',
  'minProperties',
  'minimum',
  'exclusiveMinimum',
]);
const SMALLER_WINS: ReadonlySet<string> = new Set([
  'maxLength',
  'maxItems',
  'maxProperties',
  'maximum',
  'exclusiveMaximum',
]);
/** How many demands on one property are heard. */
const MOST_MERGED = 20;
/** Lists of names that merging made itself and may add to: of thousands that each add one, none is copied. */
const demanded = new WeakMap<object, { readonly names: Set<string>; readonly values: string[] }>();
/** Lists that merging made itself and may add to. */
const ownLists = new WeakSet<object>();

/** Adds what a schema demands to what is demanded already: a value must satisfy both. */
export function mergeInto(target: MutableJsonObject, extra: JsonObject, conflict: Conflict): void {
  for (const key of Object.keys(extra)) {
    const value = extra[key];
    if (value === undefined) continue;
    const present = own(target, key);
    if (present === undefined)
      setMember(target, key, key === 'properties' && isJsonObject(value) ? copy(value) : value);
    else mergeKeyword(target, key, present, value, conflict);
  }
}

/** The members of a map of properties may be added to: it must not be the client's own object. */
function copy(properties: JsonObject): MutableJsonObject {
  const result: MutableJsonObject = {};
  for (const name of Object.keys(properties)) setMember(result, name, properties[name] ?? {});
  return result;
}

function mergeKeyword(
  target: MutableJsonObject,
  key: string,
  present: JsonValue,
  value: JsonValue,
  conflict: Conflict,
): void {
  if (key === 'properties') mergeProperties(present, value);
  else if (key === 'required') target[key] = demandMore(present, stringsOf(value));
  else if (key === 'type') mergeTypes(target, value, conflict);
  else if (key === 'enum' && isArray(present) && isArray(value)) {
    const texts = new Set(value.map((other) => JSON.stringify(other)));
    const both = present.filter((item) => texts.has(JSON.stringify(item)));
    if (both.length > 0) target[key] = both;
    else conflict(key);
  } else if (key === 'items' || key === 'additionalProperties') {
    if (value === false || present === true) target[key] = value;
    else if (value !== true && present !== false) target[key] = bothOf(present, value);
  } else if (LARGER_WINS.has(key) && typeof present === 'number' && typeof value === 'number') {
    target[key] = Math.max(present, value);
  } else if (SMALLER_WINS.has(key) && typeof present === 'number' && typeof value === 'number') {
    target[key] = Math.min(present, value);
  } else if ((RESTRICTIONS.has(key) || key === 'const') && !sameJson(present, value)) conflict(key);
}

function mergeProperties(present: JsonValue, value: JsonValue): void {
  if (!isJsonObject(present) || !isJsonObject(value)) return;
  const target: MutableJsonObject = present;
  for (const name of Object.keys(value)) {
    const extra = value[name];
    if (extra === undefined) continue;
    const known = own(target, name);
    setMember(target, name, known === undefined ? extra : bothOf(known, extra));
  }
}

/** Adds names to a list of names. */
function demandMore(present: JsonValue, more: readonly string[]): JsonValue {
  let list = isArray(present) ? demanded.get(present) : undefined;
  if (list === undefined) {
    const names = new Set(stringsOf(present));
    list = { names, values: [...names] };
    demanded.set(list.values, list);
  }
  for (const name of more) {
    if (list.names.has(name)) continue;
    list.names.add(name);
    list.values.push(name);
  }
  return list.values;
}

/** A schema that means both. A list of many is one list, not a nest of pairs. */
function bothOf(first: JsonValue, second: JsonValue): JsonValue {
  if (sameJson(first, second)) return first;
  const list = isJsonObject(first) ? first['allOf'] : undefined;
  if (isArray(list) && ownLists.has(list)) {
    if (list.length >= MOST_MERGED) return first;
    const grown: JsonValue[] = [...list, second];
    ownLists.add(grown);
    return { allOf: grown };
  }
  const pair: JsonValue[] = [first, second];
  ownLists.add(pair);
  return { allOf: pair };
}

function mergeTypes(target: MutableJsonObject, value: JsonValue, conflict: Conflict): void {
  const present = typesOf(target);
  const other = typesOf({ type: value });
  const both = present.flatMap((type) => {
    if (other.includes(type)) return [type];
    if (type === 'integer' && other.includes('number')) return [type];
    return type === 'number' && other.includes('integer') ? ['integer'] : [];
  });
  const [only] = both;
  if (only === undefined) conflict('type');
  else target['type'] = both.length === 1 ? only : both;
}
