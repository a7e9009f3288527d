/**
 * Reads and changes top-level members of a JSON object in its bytes, without building a tree.
 *
 * The scan checks everything outside strings (brackets, commas, colons, literals, numbers, nothing after the end) and
 * that strings are closed. It does not look inside strings: wrong escapes, raw control characters and invalid UTF-8
 * pass, because reading every byte of every string is most of the cost of a parse.
 */

/** One top-level member: byte offsets of `"key"` and of its value. */
export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The top level of a JSON object, member by member, in order, duplicates included. */
export interface ScannedObject {
  readonly bytes: Buffer;
  readonly members: readonly JsonMember[];
}

/** Changes of top-level members: keys to leave out, and raw JSON texts to put under a key. */
export interface MemberEdits {
  readonly remove?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** Strings shorter than this are cheaper to walk than to search through a native call. */
const WALK = 12;
const FLOCK_WALK = 64;
/** Whoever reads deeper values with functions that call themselves runs out of stack. */
export const MAX_DEPTH = 1000;
/** Up to so many members each is compared with each. */
const FEW = 16;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const TRUE = [...Buffer.from('true')];
const FALSE = [...Buffer.from('false')];
const NULL = [...Buffer.from('null')];

/** Reads the top level of a JSON object; undefined when the bytes are not one, or nest deeper than {@link MAX_DEPTH}. */
export function scanObject(bytes: Buffer): ScannedObject | undefined {
  const found = scanFrom(bytes, skipSpace(bytes, 0), undefined);
  return found !== undefined && isEnd(bytes, found.end) ? { bytes, members: found.members } : undefined;
}

/** An object in a member of another. */
export interface NestedObject {
  readonly outer: ScannedObject;
  /** Its members stand in the bytes of the outer one. */
  readonly inner: ScannedObject;
}

/** As {@link scanObject}, with the members of the object under a key; undefined when there is no such object. */
export function scanNested(bytes: Buffer, key: string): NestedObject | undefined {
  const found = scanFrom(bytes, skipSpace(bytes, 0), key);
  if (found?.inner === undefined || !isEnd(bytes, found.end)) return undefined;
  return { outer: { bytes, members: found.members }, inner: { bytes, members: found.inner } };
}

interface ScannedStretch {
  readonly members: JsonMember[];
  /** Index after the closing bracket. */
  readonly end: number;
  readonly inner: JsonMember[] | undefined;
}

/** `nested`: the key under which an object is read as well, the last of that name. */
function scanFrom(bytes: Buffer, start: number, nested: string | undefined): ScannedStretch | undefined {
  const members: JsonMember[] = [];
  let inner: JsonMember[] | undefined;
  if (bytes[start] !== OPEN) return undefined;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE) return { members, end: at + 1, inner };
  for (;;) {
    const keyStart = at;
    const valueStart = memberValue(bytes, keyStart);
    const key = valueStart < 0 ? undefined : readKey(bytes, keyStart);
    if (key === undefined) return undefined;
    const found = key === nested ? scanFrom(bytes, valueStart, undefined) : undefined;
    const valueEnd = found?.end ?? skipValue(bytes, valueStart);
    if (valueEnd < 0) return undefined;
    if (key === nested) inner = found?.members;
    members.push({ key, keyStart, valueStart, valueEnd });
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === CLOSE) return { members, end: at + 1, inner };
    if (bytes[at] !== COMMA) return undefined;
    at = skipSpace(bytes, at + 1);
  }
}

/** The member that counts under a key (the last one), or undefined. */
export function findMember(object: ScannedObject, key: string): JsonMember | undefined {
  for (let index = object.members.length - 1; index >= 0; index--) {
    const member = object.members[index];
    if (member?.key === key) return member;
  }
  return undefined;
}

/**
 * The object with the last member of each name alone, and every other byte as it was; the very same when no name stands
 * twice. Parsers differ in which of two they take: what was checked here must be what the next one reads.
 */
export function lastOfEach(object: ScannedObject): ScannedObject {
  const { bytes, members } = object;
  if (!hasRepeats(members)) return object;
  const last = new Map(members.map((member) => [member.key, member]));
  const kept: Buffer[] = [];
  let from = 0;
  for (const [index, member] of members.entries()) {
    if (last.get(member.key) === member) continue;
    kept.push(bytes.subarray(from, member.keyStart));
    // One of its name follows, so there is a next member.
    from = members[index + 1]?.keyStart ?? member.valueEnd;
  }
  return scanObject(Buffer.concat([...kept, bytes.subarray(from)])) ?? object;
}

function hasRepeats(members: readonly JsonMember[]): boolean {
  if (members.length > FEW) return new Set(members.map(({ key }) => key)).size < members.length;
  // Nearly every request has a handful of members: no set is built for those.
  for (let index = 1; index < members.length; index++) {
    const key = members[index]?.key;
    for (let before = 0; before < index; before++) if (members[before]?.key === key) return true;
  }
  return false;
}

/** The string under a key; undefined when it is absent or no string. Throws SyntaxError on a wrong escape. */
export function readStringMember(object: ScannedObject, key: string): string | undefined {
  const member = findMember(object, key);
  if (member === undefined || object.bytes[member.valueStart] !== QUOTE) return undefined;
  return readString(object.bytes, member.valueStart, member.valueEnd);
}

/** True when the member under a key is the literal `true`. */
export function isTrueMember(object: ScannedObject, key: string): boolean {
  const member = findMember(object, key);
  // A scanned value that starts with `t` can only be `true`.
  return member !== undefined && object.bytes[member.valueStart] === 0x74;
}

/** The bytes with another string under `model`; all other bytes as they were. Appended when there was none. */
export function spliceModel(object: ScannedObject, model: string): Buffer {
  const text = JSON.stringify(model);
  const member = findMember(object, 'model');
  // A duplicate must not survive under its old value: some parsers take the first one.
  if (member === undefined || object.members.some((other) => other.key === 'model' && other !== member)) {
    return spliceMembers(object, { set: { model: text } });
  }
  return Buffer.concat([
    object.bytes.subarray(0, member.valueStart),
    Buffer.from(text),
    object.bytes.subarray(member.valueEnd),
  ]);
}

/**
 * The bytes with members removed, replaced or appended. Kept members keep their exact bytes and order; duplicates of
 * a changed key go, and so does the white space between members.
 */
export function spliceMembers(object: ScannedObject, edits: MemberEdits): Buffer {
  const removed = new Set(edits.remove);
  const pending = new Map(Object.entries(edits.set ?? {}));
  const pieces: Buffer[] = [];
  const add = (piece: Buffer): number => pieces.push(Buffer.from(pieces.length === 0 ? '{' : ','), piece);
  for (const { key, keyStart, valueEnd } of object.members) {
    if (removed.has(key)) continue;
    const text = pending.get(key);
    if (text === undefined) {
      add(object.bytes.subarray(keyStart, valueEnd));
    } else {
      add(Buffer.from(`${JSON.stringify(key)}:${text}`));
      pending.delete(key);
      removed.add(key);
    }
  }
  for (const [key, text] of pending) add(Buffer.from(`${JSON.stringify(key)}:${text}`));
  pieces.push(Buffer.from(pieces.length === 0 ? '{}' : '}'));
  return Buffer.concat(pieces);
}

function isEnd(bytes: Buffer, at: number): boolean {
  return skipSpace(bytes, at) === bytes.length;
}

/** The first index that holds no white space. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

/** From the opening quote, or any character that is not in an escape, to the index after the closing one; -1: there is none. */
export function skipString(bytes: Buffer, start: number): number {
  let at = start + 1;
  let walk = WALK;
  for (;;) {
    const near = Math.min(at + walk, bytes.length);
    while (at < near) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return -1;
    let before = quote - 1;
    while (before >= at && bytes[before] === BACKSLASH) before--;
    if (((quote - 1 - before) & 1) === 0) return quote + 1;
    // Escaped quotes come in flocks: walk on from here.
    at = quote + 1;
    walk = FLOCK_WALK;
  }
}

/** From the opening quote of a key to the start of its value; -1 when there is no key with a colon. */
export function memberValue(bytes: Buffer, keyStart: number): number {
  if (bytes[keyStart] !== QUOTE) return -1;
  const keyEnd = skipString(bytes, keyStart);
  if (keyEnd < 0) return -1;
  const colon = skipSpace(bytes, keyEnd);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : -1;
}

/** From the start of a value to the index after it; -1 when it is malformed. */
export function skipValue(bytes: Buffer, start: number): number {
  /** Closing brackets that are still due. */
  const due: number[] = [];
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) at = skipString(bytes, at);
    else if (byte === OPEN || byte === OPEN_LIST) {
      const close = byte === OPEN ? CLOSE : CLOSE_LIST;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== close) {
        if (due.push(close) > MAX_DEPTH) return -1;
        if (close === CLOSE) at = memberValue(bytes, at);
        if (at < 0) return -1;
        continue;
      }
      at++;
    } else at = skipToken(bytes, at);
    if (at < 0) return -1;
    at = closeBrackets(bytes, at, due);
    if (at < 0 || due.length === 0) return at;
  }
}

/** After a value: closes what ends here and steps over a comma to the next value; -1 when neither fits. */
function closeBrackets(bytes: Buffer, from: number, due: number[]): number {
  let at = from;
  while (due.length > 0) {
    at = skipSpace(bytes, at);
    const close = due[due.length - 1];
    if (bytes[at] === COMMA) {
      at = skipSpace(bytes, at + 1);
      return close === CLOSE ? memberValue(bytes, at) : at;
    }
    if (bytes[at] !== close) return -1;
    due.pop();
    at++;
  }
  return at;
}

/** A literal or a number; -1 when it is neither. What follows it is looked at by others. */
function skipToken(bytes: Buffer, start: number): number {
  switch (bytes[start]) {
    case 0x74:
      return skipWord(bytes, start, TRUE);
    case 0x66:
      return skipWord(bytes, start, FALSE);
    case 0x6e:
      return skipWord(bytes, start, NULL);
    default:
      return skipNumber(bytes, start);
  }
}

function skipWord(bytes: Buffer, start: number, word: readonly number[]): number {
  for (let index = 1; index < word.length; index++) if (bytes[start + index] !== word[index]) return -1;
  return start + word.length;
}

function skipNumber(bytes: Buffer, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = bytes[first] === ZERO ? first + 1 : skipDigits(bytes, first);
  if (at >= 0 && bytes[at] === POINT) at = skipDigits(bytes, at + 1);
  if (at < 0 || ((bytes[at] ?? 0) | 0x20) !== LOWER_E) return at;
  const sign = bytes[at + 1];
  return skipDigits(bytes, sign === MINUS || sign === PLUS ? at + 2 : at + 1);
}

/** The index after one digit or more; -1 when there is none. */
function skipDigits(bytes: Buffer, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at === start ? -1 : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** The key that starts at a quote; undefined when it holds a wrong escape. */
export function readKey(bytes: Buffer, start: number): string | undefined {
  const end = skipString(bytes, start);
  try {
    return readString(bytes, start, end);
  } catch {
    return undefined;
  }
}

function readString(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text;
}
