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
 * CR line ends. Decodes the whole lines of a chunk at once: a call per line costs more than its work.
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
    this.#take(this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]));
    return this.#frames;
  }

  /** The frame that the end of the stream leaves without its blank line, if any. */
  end(): readonly SseFrame[] {
    this.#frames = [];
    const rest = this.#rest?.toString('utf8');
    this.#rest = undefined;
    if (rest !== undefined) this.#line(rest, 0, rest.length);
    this.#dispatch();
    return this.#frames;
  }

  #take(bytes: Buffer): void {
    const start = this.#begin(bytes);
    if (start < 0) return;
    // What follows the last line end may stop amid a character.
    const cut = Math.max(start, bytes.lastIndexOf(LF) + 1, bytes.lastIndexOf(CR) + 1);
    this.#rest = cut < bytes.length ? bytes.subarray(cut) : undefined;
    if (cut > start) this.#lines(bytes.toString('utf8', start, cut));
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

  #lines(text: string): void {
    // CR as a line end is rare: look for it once and keep the usual path to one search per line.
    const hasCr = text.includes('\r');
    for (let start = 0; ; ) {
      const end = hasCr ? nextLineEnd(text, start) : text.indexOf('\n', start);
      if (end < 0) return;
      this.#line(text, start, end);
      start = end + 1;
      if (text.charCodeAt(end) !== CR) continue;
      if (start === text.length) this.#skipLf = true;
      else if (text.charCodeAt(start) === LF) start++;
    }
  }

  #line(text: string, start: number, end: number): void {
    if (start === end) {
      this.#dispatch();
    } else if (isField(text, start, end, 'data')) {
      const value = fieldValue(text, start + 4, end);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (isField(text, start, end, 'event')) {
      this.#event = fieldValue(text, start + 5, end);
    }
  }

  #dispatch(): void {
    // Empty data is how some servers keep a stream open.
    if (this.#data) this.#frames.push({ event: this.#event, data: this.#data });
    this.#event = undefined;
    this.#data = undefined;
  }
}

function nextLineEnd(text: string, start: number): number {
  const lf = text.indexOf('\n', start);
  const cr = text.indexOf('\r', start);
  if (cr < 0) return lf;
  return lf < 0 ? cr : Math.min(lf, cr);
}

function isField(text: string, start: number, end: number, name: string): boolean {
  const after = start + name.length;
  return text.startsWith(name, start) && (after === end || (after < end && text.charCodeAt(after) === COLON));
}

function fieldValue(text: string, colon: number, end: number): string {
  const start = colon + 1;
  return text.slice(start < end && text.charCodeAt(start) === SPACE ? start + 1 : start, end);
}
