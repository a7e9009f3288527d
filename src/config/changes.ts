import { isRecord } from './record.ts';
import { formatPath, type KeyPath } from './walk.ts';

/** More changed keys than this are counted, not named. */
const MOST_NAMED = 20;
/** Values compared before others may have their turn. */
const VALUES_PER_STEP = 500;

/** Which keys differ between two configurations. */
export interface ConfigChanges {
  /** Paths of the first of them, never values: they may be secrets. */
  readonly paths: readonly string[];
  readonly count: number;
}

/** Compares two configurations, in parts. Of lists of different length only the list is named. */
export function* changesBetween(before: unknown, after: unknown): Generator<undefined, ConfigChanges> {
  const paths: string[] = [];
  let count = 0;
  let compared = 0;
  const rest: { readonly path: KeyPath; readonly a: unknown; readonly b: unknown }[] = [
    { path: [], a: before, b: after },
  ];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { path, a, b } = next;
    if (++compared % VALUES_PER_STEP === 0) yield;
    if (a === b) continue;
    const keys = commonKeys(a, b);
    if (keys === undefined) {
      count++;
      if (paths.length < MOST_NAMED) paths.push(formatPath(path));
      continue;
    }
    // Backwards, as the last one is taken out first.
    for (const key of keys.reverse()) rest.push({ path: [...path, key], a: memberOf(a, key), b: memberOf(b, key) });
  }
  return { paths, count };
}

/** The keys to compare; undefined: the two differ as a whole. */
function commonKeys(a: unknown, b: unknown): (string | number)[] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length ? [...a.keys()] : undefined;
  if (a instanceof RegExp || b instanceof RegExp || Array.isArray(a) || Array.isArray(b)) return undefined;
  return isRecord(a) && isRecord(b) ? [...new Set([...Object.keys(a), ...Object.keys(b)])] : undefined;
}

function memberOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) ? value[key] : undefined;
}
