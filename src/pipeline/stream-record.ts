const KEEP = 4096;

/** Remembers the first and last few KB of a passed-through answer, as references; text is made once, at the end. */
export class StreamRecord {
  #head: Buffer | undefined;
  #tail: Buffer[] = [];
  #tailLength = 0;

  push(piece: Buffer): void {
    this.#head ??= piece;
    this.#tail.push(piece);
    this.#tailLength += piece.length;
    let oldest = this.#tail[0];
    while (oldest !== undefined && this.#tailLength - oldest.length >= KEEP) {
      this.#tail.shift();
      this.#tailLength -= oldest.length;
      oldest = this.#tail[0];
    }
  }

  head(): string {
    return this.#head?.toString('utf8', 0, KEEP) ?? '';
  }

  /** The last 4 KB, and in a stream of events at least the whole last event, however long. */
  tail(): string {
    const bytes = this.#tail.length === 1 ? this.#tail[0] : Buffer.concat(this.#tail);
    if (bytes === undefined) return '';
    const window = bytes.length - KEEP;
    if (window <= 0) return bytes.toString('utf8');
    return bytes.toString('utf8', Math.min(window, lastEventStart(bytes)));
  }

  /** The last byte that is no white space; undefined when there is none. */
  lastByte(): number | undefined {
    // A line end may come in a piece of its own.
    for (const piece of this.#tail.toReversed()) {
      const byte = piece.findLast((value) => value > 0x20);
      if (byte !== undefined) return byte;
    }
    return undefined;
  }
}

/** Index behind the blank line in front of the last event; the length when there is no such line. */
function lastEventStart(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  const lf = bytes.lastIndexOf('\n\n', end - 1);
  const crlf = bytes.lastIndexOf('\r\n\r\n', end - 1);
  const blank = Math.max(lf, crlf);
  return blank < 0 ? bytes.length : blank;
}
