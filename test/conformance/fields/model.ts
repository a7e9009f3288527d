/** One documented field of a client dialect, set on top of a request that is valid without it. */
import type { Wire } from '../../support/scripted-upstream/index.ts';

export interface FieldCase {
  /** JSON path in the client's body, as warnings name it. */
  readonly path: string;
  readonly value: Wire;
  /** The request that the field is added to; the dialect's smallest when absent. */
  readonly base?: Wire;
  /** Other paths under which a warning may name it: an older spelling, or the holder of the field. */
  readonly alsoNamed?: readonly string[];
}

/** A copy of `base` with the value set at a path such as `messages[0].content[1]`. */
export function withField(base: Wire, path: string, value: Wire): Wire {
  const copy = structuredClone(base);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let holder = copy;
  for (const [index, key] of keys.entries()) {
    holder[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {};
    holder = holder[key];
  }
  holder[last] = value;
  return copy;
}

/** Whether a warning about `named` tells the user of the loss of `path`: itself, a part of it, or what it is a part of. */
export function isNamed(path: string, named: string): boolean {
  return path === named || within(path, named) || within(named, path);
}

const within = (inner: string, outer: string): boolean =>
  outer !== '' && inner.startsWith(outer) && /[.[]/.test(inner.charAt(outer.length));
