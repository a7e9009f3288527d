/** Places in a text as code points, UTF-16 units and UTF-8 bytes. A text that grows is gone through once. */
export class TextMeasure {
  /** Where each code point begins; undefined while all are ASCII, for then the three are the same. */
  #units: number[] | undefined;
  #bytes: number[] | undefined;
  #unitCount = 0;
  #byteCount = 0;
  /** The last unit is the first half of a character. */
  #half = false;

  constructor(text = '') {
    this.append(text);
  }

  append(text: string): void {
    if (this.#units === undefined && isAscii(text)) {
      this.#unitCount += text.length;
      this.#byteCount += text.length;
      return;
    }
    this.#units ??= Array.from({ length: this.#unitCount }, (_, index) => index);
    this.#bytes ??= Array.from({ length: this.#unitCount }, (_, index) => index);
    for (let at = 0; at < text.length; at++) this.#push(text.charCodeAt(at), this.#units, this.#bytes);
  }

  #push(unit: number, units: number[], bytes: number[]): void {
    if (this.#half && unit >= 0xdc00 && unit < 0xe000) {
      // Three bytes stand for the half that was alone, four for the whole.
      this.#byteCount += 1;
      this.#half = false;
    } else {
      units.push(this.#unitCount);
      bytes.push(this.#byteCount);
      this.#byteCount += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
      this.#half = unit >= 0xd800 && unit < 0xdc00;
    }
    this.#unitCount++;
  }

  /** Code points in all. */
  get points(): number {
    return this.#units?.length ?? this.#unitCount;
  }

  /** UTF-8 bytes in all. */
  get bytes(): number {
    return this.#byteCount;
  }

  /** Where a code point begins in a JavaScript string. */
  unitAt(point: number): number {
    return startOf(this.#units, point, this.#unitCount);
  }

  /** Where a code point begins in the UTF-8 bytes. */
  byteAt(point: number): number {
    return startOf(this.#bytes, point, this.#byteCount);
  }

  /** How many code points begin before that byte. */
  pointAtByte(byte: number): number {
    return countBefore(this.#bytes, byte, this.points);
  }

  /** How many code points begin before that unit of a JavaScript string. */
  pointAtUnit(unit: number): number {
    return countBefore(this.#units, unit, this.points);
  }
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function startOf(starts: readonly number[] | undefined, point: number, end: number): number {
  const whole = Math.max(0, Math.trunc(point));
  return starts === undefined ? Math.min(whole, end) : (starts[whole] ?? end);
}

function countBefore(starts: readonly number[] | undefined, place: number, points: number): number {
  if (starts === undefined) return Math.max(0, Math.min(Math.ceil(place), points));
  let low = 0;
  let high = points;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? place) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
