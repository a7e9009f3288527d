import { isJsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import { compares } from './compare.ts';
import type { Location, Path, PathStep, Query, QueryTerm } from './path.ts';
import { matchesWildcard } from './wildcard.ts';

/** What the locations are for: `-1` is the place after the last element for a write, the last element for a removal. */
export type Purpose = 'read' | 'write' | 'remove';

interface Place {
  readonly location: Location;
  readonly value: JsonValue | undefined;
}

/** The places that a path means in a value, in document order; for a write also those that do not exist yet. */
export function locate(root: JsonValue, path: Path, purpose: Purpose): Location[] {
  return placesOf(root, path, purpose)
    .filter(({ value }) => purpose === 'write' || value !== undefined)
    .map(({ location }) => location);
}

/** The values that a path leads to; a final `#` is the number of elements. */
export function valuesAt(root: JsonValue, path: Path): JsonValue[] {
  if (path.at(-1)?.kind === 'each') {
    const lists = valuesAt(root, path.slice(0, -1));
    return lists.flatMap((list) => (isJsonArray(list) ? [list.length] : []));
  }
  return placesOf(root, path, 'read').flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** The value at a location, or undefined. */
export function valueAt(root: JsonValue, location: Location): JsonValue | undefined {
  return location.reduce<JsonValue | undefined>(memberOf, root);
}

function placesOf(root: JsonValue, path: Path, purpose: Purpose): Place[] {
  let places: Place[] = [{ location: [], value: root }];
  for (const step of path) places = places.flatMap((place) => next(place, step, purpose));
  return places;
}

function next({ location, value }: Place, step: PathStep, purpose: Purpose): Place[] {
  const to = (key: string | number): Place => ({ location: [...location, key], value: memberOf(value, key) });
  const list = isJsonArray(value) ? value : undefined;
  switch (step.kind) {
    case 'key':
      if (list !== undefined) return step.index === undefined ? [] : [to(step.index)];
      // Where nothing is yet, a number makes a list.
      return [to(isJsonObject(value) ? step.name : (step.index ?? step.name))];
    case 'append':
      if (purpose === 'read' || isJsonObject(value)) return [];
      return [to(Math.max(0, (list?.length ?? 0) - (purpose === 'remove' ? 1 : 0)))];
    case 'each':
      return (list ?? []).map((_, index) => to(index));
    case 'pattern':
      if (!isJsonObject(value)) return [];
      return Object.keys(value)
        .filter((key) => matchesWildcard(step.keys, key))
        .map(to);
    case 'query': {
      const found: Place[] = [];
      for (const [index, item] of (list ?? []).entries()) {
        if (!fulfils(item, step.query)) continue;
        found.push(to(index));
        if (!step.all) break;
      }
      return found;
    }
  }
}

/** Own members only: a body may call its keys what it likes. */
function memberOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (isJsonArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (!isJsonObject(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function fulfils(value: JsonValue, { anyOf }: Query): boolean {
  return anyOf.some((terms) => terms.every((term) => holds(value, term)));
}

function holds(value: JsonValue, { path, comparison }: QueryTerm): boolean {
  const values = valuesAt(value, path);
  return comparison === undefined ? values.length > 0 : values.some((one) => compares(one, comparison));
}
