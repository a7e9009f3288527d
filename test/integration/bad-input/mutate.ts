/** Bodies with one value of a wrong type, for every value of a body that is right. */
import type { Wire } from '../../support/scripted-upstream/index.ts';

/** Where a value stands: names of members and indexes of lists. */
export type Path = readonly (string | number)[];

/** A body with one value replaced. */
export interface Mutation {
  readonly path: Path;
  readonly body: Wire;
}

/** Raw JSON texts, because `1e999`, a lone surrogate and a `__proto__` key exist only there. */
const WRONG_TEXTS: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '""',
  '"x"',
  '"NaN"',
  '"\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
  `"${'A'.repeat(20_000)}"`,
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '[1,"a",true]',
  '{"type":5}',
  '{"type":"text","text":{}}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  `${'['.repeat(300)}${']'.repeat(300)}`,
  `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`,
];

/** Values that are wrong nearly everywhere. Parsed anew for each use: a test must not share what a decoder may keep. */
export const wrongValues: readonly (() => Wire)[] = WRONG_TEXTS.map((text) => () => JSON.parse(text));

/** The value without what tells two lists' elements of the same kind apart, so that each kind is mutated once. */
function shapeOf(path: Path, body: Wire): string {
  let value = body;
  let shape = '';
  for (const key of path) {
    value = value[key];
    const kind = value?.type ?? value?.role ?? '';
    shape += `.${typeof key === 'number' ? '#' : key}${typeof kind === 'string' ? `(${kind})` : ''}`;
  }
  return `${shape}:${Array.isArray(value) ? 'array' : typeof value}`;
}

function* pathsOf(value: Wire, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) yield* pathsOf(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

/** A copy of the body with the value at that path. */
export function withValue(body: Wire, path: Path, value: Wire): Wire {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = Array.isArray(body) ? [...body] : { ...body };
  copy[key] = withValue(body[key], rest, value);
  return copy;
}

/** A copy of the body without the value at that path. */
export function withoutValue(body: Wire, path: Path): Wire {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  const copy = Array.isArray(body) ? [...body] : { ...body };
  if (rest.length > 0) copy[key] = withoutValue(body[key], rest);
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

/** The places of all bodies, each kind of place once. */
export function placesOf(bodies: readonly Wire[]): readonly { readonly body: Wire; readonly path: Path }[] {
  const seen = new Set<string>();
  const places: { body: Wire; path: Path }[] = [];
  for (const body of bodies) {
    for (const path of pathsOf(body)) {
      const shape = shapeOf(path, body);
      if (seen.has(shape)) continue;
      seen.add(shape);
      places.push({ body, path });
    }
  }
  return places;
}

/** Every place of the bodies with every wrong value, and without any. */
export function* mutationsOf(bodies: readonly Wire[]): Generator<Mutation> {
  for (const { body, path } of placesOf(bodies)) {
    for (const wrong of wrongValues) yield { path, body: withValue(body, path, wrong()) };
    yield { path, body: withoutValue(body, path) };
  }
}
