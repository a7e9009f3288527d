const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Follows JSON bytes, cut anywhere, to tell whether white space may stand at their end. */
export class JsonGap {
  #inString = false;
  /** The last byte was an odd backslash. */
  #escaped = false;
  #last = 0;

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#inString) at = this.#skipString(bytes, at);
      else {
        const quote = bytes.indexOf(QUOTE, at);
        this.#inString = quote >= 0;
        at = quote < 0 ? bytes.length : quote + 1;
      }
    }
    this.#last = bytes.at(-1) ?? this.#last;
  }

  #skipString(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (this.#escaped) this.#escaped = false;
      else if (bytes[at] === BACKSLASH) this.#escaped = true;
      else if (bytes[at] === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
    }
    return bytes.length;
  }

  /** Between two tokens: not in a string, and not behind what may be half a number or word. */
  get open(): boolean {
    return !this.#inString && !/[\w.+-]/.test(String.fromCharCode(this.#last));
  }
}
