const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts an SSE byte stream at blank lines, so that a client never holds half an event when the upstream breaks off: an
 * error event can then be written cleanly. Almost every chunk ends with a blank line, and is then passed on as it is.
 */
export class WholeEvents {
  #held: Buffer[] = [];

  /** The bytes up to the last blank line, or undefined while there is none. */
  push(chunk: Buffer): Buffer | undefined {
    const length = chunk.length;
    const cut = endsWithBlankLine(chunk, length) ? length : lastBlankLine(chunk) || this.#seam(chunk);
    if (cut === 0) {
      this.#held.push(chunk);
      return undefined;
    }
    const whole = cut === length ? chunk : chunk.subarray(0, cut);
    const held = this.#held;
    if (held.length === 0 && cut === length) return whole;
    this.#held = cut === length ? [] : [chunk.subarray(cut)];
    return held.length === 0 ? whole : Buffer.concat([...held, whole]);
  }

  /** Index in the chunk after a blank line that begins in the bytes held back; 0 when there is none. */
  #seam(chunk: Buffer): number {
    if (this.#held.length === 0) return 0;
    const held = Buffer.concat(this.#held.slice(-3)).subarray(-3);
    return Math.max(0, lastBlankLine(Buffer.concat([held, chunk.subarray(0, 3)])) - held.length);
  }

  /** What is left without a blank line. */
  rest(): Buffer | undefined {
    const held = this.#held;
    this.#held = [];
    return held.length === 0 ? undefined : Buffer.concat(held);
  }
}

function endsWithBlankLine(chunk: Buffer, length: number): boolean {
  if (chunk[length - 1] !== LF) return false;
  const before = chunk[length - 2];
  return before === LF || (before === CR && chunk[length - 3] === LF);
}

/** Index after the last blank line; 0 when there is none. */
function lastBlankLine(chunk: Buffer): number {
  const lf = chunk.lastIndexOf('\n\n');
  const crlf = chunk.lastIndexOf('\r\n\r\n');
  return Math.max(lf < 0 ? 0 : lf + 2, crlf < 0 ? 0 : crlf + 4);
}
