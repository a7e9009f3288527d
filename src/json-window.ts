/**
 * Reads values in bytes that were scanned before, each byte once: a window onto them may end anywhere, and what it cuts is
 * given as far as it goes.
 */
import { memberValue, skipSpace, skipString, skipValue } from './json-splice.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** `\\u0000` */
const LONGEST_ESCAPE = 6;
const LOWER_U = 0x75;
const ASCII_END = 0x80;
const SPECIAL = /[\\\x80-\xff]/;

/** Reads on from value to value. */
export class JsonWindow {
  readonly bytes: Buffer;
  /** Where the next value starts, or the last one ended; the end of the window when it cuts a value. */
  at: number;
  #keyStart = 0;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Goes to the first item of the list here, then to the next; false at its end, or when there is no list. */
  nextItem(isFirst: boolean): boolean {
    return this.#next(isFirst ? OPEN_LIST : COMMA, CLOSE_LIST);
  }

  /** Goes to the first value of the object here, then to the next; false at its end, or when there is no object. */
  nextMember(isFirst: boolean): boolean {
    if (!this.#next(isFirst ? OPEN : COMMA, CLOSE)) return false;
    this.#keyStart = this.at;
    const value = memberValue(this.bytes, this.at);
    this.at = value < 0 ? this.bytes.length : value;
    return this.at < this.bytes.length;
  }

  /** Whether the value here stands under this key, of plain letters. */
  isUnder(key: string): boolean {
    const { bytes } = this;
    const start = this.#keyStart + 1;
    for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key.charCodeAt(index)) return false;
    return bytes[start + key.length] === QUOTE;
  }

  skip(): void {
    this.#endAt(skipValue(this.bytes, this.at));
  }

  /** The first characters of the string here; undefined, and nothing is read, when there is none. */
  text(most: number): string | undefined {
    const { bytes } = this;
    if (bytes[this.at] !== QUOTE) return undefined;
    const start = this.at + 1;
    const simple = this.#simpleText(start, most);
    if (simple !== undefined) return simple;
    const last = bytes.length;
    let at = start;
    let hasEscapes = false;
    let isAscii = true;
    // An escape counts as one character here and is six at most, so that this is never too short.
    for (let count = 0; count < most && at < last; count++) {
      const byte = bytes[at] ?? QUOTE;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        hasEscapes = true;
        at += bytes[at + 1] === LOWER_U ? LONGEST_ESCAPE : 2;
      } else if (byte < ASCII_END) at++;
      else {
        isAscii = false;
        at = nextCharacter(bytes, at);
      }
    }
    const end = Math.min(at, last);
    const text = isAscii ? bytes.toString('latin1', start, end) : bytes.toString('utf8', start, end);
    this.#endAt(at >= last ? -1 : skipString(bytes, at - 1));
    return hasEscapes ? plain(text) : text;
  }

  /** Nearly every text: nothing but ASCII and no escapes, as far as it is read. */
  #simpleText(start: number, most: number): string | undefined {
    const { bytes } = this;
    const quote = bytes.indexOf(QUOTE, start);
    if (quote < 0 || bytes[quote - 1] === BACKSLASH) return undefined;
    const text = bytes.toString('latin1', start, Math.min(quote, start + most));
    if (SPECIAL.test(text)) return undefined;
    this.at = quote + 1;
    return text;
  }

  #next(before: number, close: number): boolean {
    const { bytes } = this;
    const at = skipSpace(bytes, this.at);
    if (bytes[at] !== before) {
      if (bytes[at] === close) this.at = at + 1;
      return false;
    }
    this.at = skipSpace(bytes, at + 1);
    if (bytes[this.at] !== close) return this.at < bytes.length;
    this.at++;
    return false;
  }

  #endAt(end: number): void {
    this.at = end < 0 ? this.bytes.length : end;
  }
}

function nextCharacter(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  return at;
}

const NAMED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function plain(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    // Cut in an escape, or not as it should be.
    return unescaped(text);
  }
}

/** An escape that the window cuts in two stays as far as it goes. */
function unescaped(text: string): string {
  let whole = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    const name = text.charAt(at + 1);
    const isCode = name === 'u';
    const char = isCode ? String.fromCharCode(Number.parseInt(text.slice(at + 2, at + LONGEST_ESCAPE), 16)) : name;
    whole += text.slice(from, at) + (NAMED[name] ?? char);
    from = at + (isCode ? LONGEST_ESCAPE : 2);
  }
  return whole + text.slice(from);
}
