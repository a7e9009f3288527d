import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import type { Location } from './path.ts';

/** A body under change: copies what it changes, once, and shares everything else with the value it began with. */
export class Draft {
  #root: JsonObject;
  // What was copied already, by itself.
  readonly #lists = new WeakMap<object, JsonValue[]>();
  readonly #objects = new WeakMap<object, MutableJsonObject>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** The body as it is now; the same object that it began with while nothing was changed. */
  get root(): JsonObject {
    return this.#root;
  }

  /** Writes a value; makes the objects and lists on the way, with null in skipped elements. */
  set(location: Location, value: JsonValue): void {
    const last = location.at(-1);
    if (last === undefined) return;
    const [list, object] = this.#open(location.slice(0, -1), typeof last === 'number');
    if (list !== undefined) setElement(list, Number(last), value);
    else setMember(object, String(last), value);
  }

  /** Removes what is at these locations, all of which mean the body as it is before the first one goes. */
  removeAll(locations: readonly Location[]): void {
    const gone = new Map<JsonValue[], Set<number>>();
    for (const location of locations) {
      const last = location.at(-1);
      if (last === undefined) continue;
      const [list, object] = this.#open(location.slice(0, -1), typeof last === 'number');
      if (list === undefined) Reflect.deleteProperty(object, last);
      else gone.set(list, (gone.get(list) ?? new Set()).add(Number(last)));
    }
    for (const [list, indices] of gone) {
      const kept = list.filter((_, index) => !indices.has(index));
      list.length = 0;
      for (const item of kept) list.push(item);
    }
  }

  /** The container at a location as one that may be changed: a list, or an object. */
  #open(
    location: Location,
    wantList: boolean,
  ): readonly [JsonValue[], undefined] | readonly [undefined, MutableJsonObject] {
    let object = this.#ownObject(this.#root);
    let list: JsonValue[] | undefined;
    this.#root = object;
    for (const [depth, key] of location.entries()) {
      const following = location[depth + 1];
      const childIsList = following === undefined ? wantList : typeof following === 'number';
      const child = list === undefined ? ownMember(object, String(key)) : list[Number(key)];
      const copy = childIsList ? this.#ownList(child) : this.#ownObject(child);
      if (list === undefined) setMember(object, String(key), copy);
      else setElement(list, Number(key), copy);
      if (Array.isArray(copy)) list = copy;
      else {
        list = undefined;
        object = copy;
      }
    }
    return list === undefined ? [undefined, object] : [list, undefined];
  }

  #ownList(value: JsonValue | undefined): JsonValue[] {
    const list = isJsonArray(value) ? value : [];
    const known = this.#lists.get(list);
    if (known !== undefined) return known;
    const copy = [...list];
    this.#lists.set(copy, copy);
    return copy;
  }

  #ownObject(value: JsonValue | undefined): MutableJsonObject {
    const object = isJsonObject(value) ? value : {};
    const known = this.#objects.get(object);
    if (known !== undefined) return known;
    const copy: MutableJsonObject = { ...object };
    this.#objects.set(copy, copy);
    return copy;
  }
}

function ownMember(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A `__proto__` in a path is a key like any other. */
function setMember(object: MutableJsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function setElement(list: JsonValue[], index: number, value: JsonValue): void {
  while (list.length < index) list.push(null);
  list[index] = value;
}
