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
const LOWER_U = 0x75;

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
  let at = start + 1;
  let hasEscapes = false;
  // An escape counts as one character here and is six at most, so that this is never too short.
  for (let count = 0; count < most && at < window.length; count++) {
    const byte = window[at];
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) {
      hasEscapes = true;
      at += window[at + 1] === LOWER_U ? LONGEST_ESCAPE : 2;
    } else at = nextCharacter(window, at);
  }
  const text = window.toString('utf8', start + 1, Math.min(at, window.length));
  return hasEscapes ? unescaped(text) : text;
}

function nextCharacter(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  return at;
}

const NAMED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** An escape that the window cuts in two stays as far as it goes. */
function unescaped(text: string): string {
  let plain = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    const name = text.charAt(at + 1);
    const isCode = name === 'u';
    const char = isCode ? String.fromCharCode(Number.parseInt(text.slice(at + 2, at + LONGEST_ESCAPE), 16)) : name;
    plain += text.slice(from, at) + (NAMED[name] ?? char);
    from = at + (isCode ? LONGEST_ESCAPE : 2);
  }
  return plain + text.slice(from);
}
