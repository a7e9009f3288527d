/**
 * Reads the beginning of a value in bytes that were scanned before: a window onto them may end anywhere, and what it
 * cuts is given as far as it goes.
 */
import { type JsonMember, memberValue, readKey, skipSpace, skipValue } from './json-splice.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
/** `\u0000` */
const LONGEST_ESCAPE = 6;

/** The members of the object at an offset; none when there is no object. */
export function membersAt(window: Buffer, start: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  if (window[start] !== OPEN) return members;
  let at = start;
  do {
    const keyStart = skipSpace(window, at + 1);
    const valueStart = memberValue(window, keyStart);
    const key = valueStart < 0 ? undefined : readKey(window, keyStart);
    if (key === undefined || valueStart >= window.length) return members;
    const end = skipValue(window, valueStart);
    const valueEnd = end < 0 ? window.length : end;
    members.push({ key, keyStart, valueStart, valueEnd });
    at = skipSpace(window, valueEnd);
  } while (window[at] === COMMA);
  return members;
}

/** Where the items of the list at an offset start, one after the other; none when there is no list. */
export function* itemsAt(window: Buffer, start: number): Generator<number> {
  if (window[start] !== OPEN_LIST) return;
  let at = start;
  do {
    const item = skipSpace(window, at + 1);
    // An empty list.
    if (item >= window.length || window[item] === 0x5d) return;
    yield item;
    const end = skipValue(window, item);
    if (end < 0) return;
    at = skipSpace(window, end);
  } while (window[at] === COMMA);
}

/** The first characters of the string at an offset; undefined when there is none. */
export function textAt(window: Buffer, start: number, most: number): string | undefined {
  if (window[start] !== QUOTE) return undefined;
  const first = start + 1;
  const near = window.subarray(first, first + (most + 1) * LONGEST_ESCAPE);
  const text = near.toString('utf8', 0, closingQuote(near));
  return (text.includes('\\') ? unescaped(text) : text).slice(0, most);
}

/** Index of the quote that ends a string, or the end of the bytes. */
function closingQuote(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

const NAMED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What the text cuts off at its end may stay as it is: nobody looks there. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_all, code: string | undefined, name: string | undefined) =>
    code === undefined ? (NAMED[name ?? ''] ?? name ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
