import type { JsonObject } from './json.ts';
import { parseJsonObject } from './read.ts';

/**
 * The objects that stand as the value of a key in a text that may start or end anywhere in a JSON value, last first.
 * Quotes inside JSON strings are escaped, so a text that talks about the key is not taken for it; a property of that
 * name elsewhere is, and must be told apart by its fields. Values that are cut off or no object are left out.
 */
export function* objectsOfKeyFromEnd(text: string, key: string): Generator<JsonObject> {
  const quoted = `"${key}"`;
  for (let at = text.lastIndexOf(quoted); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(quoted, at - 1)) {
    const object = objectAt(text, at + quoted.length);
    if (object !== undefined) yield object;
  }
}

/** {@link objectsOfKeyFromEnd}, but only the first in the text, if it is an object. */
export function firstObjectOfKey(text: string, key: string): JsonObject | undefined {
  const quoted = `"${key}"`;
  const at = text.indexOf(quoted);
  return at < 0 ? undefined : objectAt(text, at + quoted.length);
}

function objectAt(text: string, from: number): JsonObject | undefined {
  const opening = /\s*:\s*(?=\{)/y;
  opening.lastIndex = from;
  if (!opening.test(text)) return undefined;
  const end = objectEnd(text, opening.lastIndex);
  return end < 0 ? undefined : parseJsonObject(text.slice(opening.lastIndex, end));
}

/** Index after the brace that closes the object opened at `start`; -1 when the text ends before. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === BACKSLASH && quoted) index++;
    else if (character === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (character === OPEN) depth++;
    else if (character === CLOSE && --depth === 0) return index + 1;
  }
  return -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
