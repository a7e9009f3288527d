/** Server-sent events: bytes -> frames. https://html.spec.whatwg.org/multipage/server-sent-events.html */

/** One event of an SSE stream: its `event:` name, if any, and its `data:` lines joined by newlines. */
export interface SseFrame {
  readonly event: string | undefined;
  readonly data: string;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/**
 * Splits a byte stream into frames. Takes chunks cut anywhere, also inside a UTF-8 character, a BOM, and LF, CRLF or
 * CR line ends. Works on bytes and decodes only what it returns, because this runs once per chunk of every stream.
 */
export class SseParser {
  #rest: Buffer | undefined;
  #event: string | undefined;
  #data: string | undefined;
  #atStart = true;
  #skipLf = false;
  #frames: SseFrame[] = [];

  /** The frames completed by this chunk. */
  push(chunk: Buffer): readonly SseFrame[] {
    this.#frames = [];
    this.#lines(this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]));
    return this.#frames;
  }

  /** The frame that the end of the stream leaves without its blank line, if any. */
  end(): readonly SseFrame[] {
    this.#frames = [];
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#line(rest, 0, rest.length);
    this.#dispatch();
    return this.#frames;
  }

  #lines(bytes: Buffer): void {
    let start = this.#begin(bytes);
    if (start < 0) return;
    // CR as a line end is rare: look for it once per chunk and keep the usual path to one search per line.
    const hasCr = bytes.includes(CR, start);
    for (;;) {
      const end = hasCr ? nextLineEnd(bytes, start) : bytes.indexOf(LF, start);
      if (end < 0) break;
      this.#line(bytes, start, end);
      start = end + 1;
      if (bytes[end] === CR) {
        if (start === bytes.length) this.#skipLf = true;
        else if (bytes[start] === LF) start++;
      }
    }
    this.#rest = start < bytes.length ? bytes.subarray(start) : undefined;
  }

  /** Index of the first byte to read; -1 when more is needed to tell a BOM. */
  #begin(bytes: Buffer): number {
    let start = 0;
    if (this.#skipLf) {
      this.#skipLf = false;
      if (bytes[0] === LF) start = 1;
    }
    if (!this.#atStart) return start;
    if (bytes[0] === 0xef && bytes.length < 3) {
      this.#rest = bytes;
      return -1;
    }
    if (bytes.length > 0) this.#atStart = false;
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : start;
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      this.#dispatch();
      return;
    }
    // "data" and "event" told apart by their first byte and their length before the colon.
    if (bytes[start] === 0x64 && isField(bytes, start, end, 'data')) {
      const value = fieldValue(bytes, start + 4, end);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (bytes[start] === 0x65 && isField(bytes, start, end, 'event')) {
      this.#event = fieldValue(bytes, start + 5, end);
    }
  }

  #dispatch(): void {
    if (this.#data !== undefined) this.#frames.push({ event: this.#event, data: this.#data });
    this.#event = undefined;
    this.#data = undefined;
  }
}

function nextLineEnd(bytes: Buffer, start: number): number {
  const lf = bytes.indexOf(LF, start);
  const cr = bytes.indexOf(CR, start);
  if (cr < 0) return lf;
  return lf < 0 ? cr : Math.min(lf, cr);
}

function isField(bytes: Buffer, start: number, end: number, name: string): boolean {
  const after = start + name.length;
  if (after > end || (after < end && bytes[after] !== COLON)) return false;
  // Byte by byte: a string made for the comparison would cost more than the rest of the line.
  for (let index = 0; index < name.length; index++) {
    if (bytes[start + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

function fieldValue(bytes: Buffer, colon: number, end: number): string {
  let start = colon + 1;
  if (start < end && bytes[start] === SPACE) start++;
  return start >= end ? '' : bytes.toString('utf8', start, end);
}
