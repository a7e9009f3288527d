/** Finds signatures in bytes without parsing them. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** From here on, turning bytes into text costs something. */
const LONG = 16 * 1024;
/** Longer ones exist nowhere; a stream that never closes its string must not be kept for ever. */
const LONGEST = 4 * 1024 * 1024;

/** Reads the string values of some JSON members out of bytes that come in pieces cut anywhere. */
export class SignatureScanner {
  readonly #names: readonly Buffer[];
  readonly #found: (signature: string) => void;
  readonly #hasLength: ((length: number) => boolean) | undefined;
  readonly #overlap: number;
  #rest: Buffer | undefined;

  /** `members`: names of JSON members; `found` is called with each of their string values that is not empty. */
  constructor(members: readonly string[], found: (signature: string) => void, hasLength?: (length: number) => boolean) {
    this.#names = members.map((name) => Buffer.from(`"${name}"`));
    this.#found = found;
    this.#hasLength = hasLength;
    // A name may be cut too, and the white space and colon behind it.
    this.#overlap = Math.max(0, ...this.#names.map((name) => name.length)) + 8;
  }

  /** Takes bytes that begin and end outside of any string, as whole events do. */
  pushWhole(bytes: Buffer): void {
    for (const name of this.#names) this.#scan(bytes, name);
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const kept = Math.min(...this.#names.map((name) => this.#scan(bytes, name)));
    const rest = bytes.subarray(Math.max(Math.min(kept, bytes.length - this.#overlap), bytes.length - LONGEST, 0));
    // Copied: the chunk belongs to the socket.
    this.#rest = Buffer.from(rest);
  }

  /** Pictures stand in members of the same name: a long string is only read when one of its length is wanted. */
  #take(bytes: Buffer, start: number, end: number): void {
    if (end - start > LONG && this.#hasLength?.(end - start) === false) return;
    const value = readEscapes(bytes.toString('latin1', start, end));
    if (value !== '') this.#found(value);
  }

  /** Reports the values of one member; returns where an unfinished one begins. */
  #scan(bytes: Buffer, name: Buffer): number {
    for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length)) {
      const start = openingQuote(bytes, at + name.length);
      if (start === undefined) continue;
      const end = start < bytes.length ? closingQuote(bytes, start + 1) : -1;
      if (end < 0) return at;
      this.#take(bytes, start + 1, end);
    }
    return bytes.length;
  }
}

/** All string values of these members in one text, as far as their length is of interest. */
export function scanSignatures(
  bytes: Buffer,
  members: readonly string[],
  hasLength?: (length: number) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const scanner = new SignatureScanner(members, (signature) => found.add(signature), hasLength);
  scanner.pushWhole(bytes);
  return found;
}

/** Where the value's string opens; the end of the bytes when it is not there yet, undefined when it is no string. */
function openingQuote(bytes: Buffer, from: number): number | undefined {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  if (at === bytes.length) return at;
  if (bytes[at] !== 0x3a) return undefined;
  at++;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at === bytes.length || bytes[at] === QUOTE ? at : undefined;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** Google writes the `=` at the end of base64 as an escape. */
function readEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}
