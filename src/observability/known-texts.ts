/** Many texts, all of which are found in another in one pass, however many there are; each is as quick to add as to drop. */
export interface KnownTexts {
  /** Texts shorter than {@link SHORTEST} are never found. */
  add(text: string): void;
  delete(text: string): void;
  /** With a mask in place of each; texts that overlap are under one. */
  mask(text: string, mask: string): string;
}

/** Told by so many characters at their ends: keys of one provider begin alike. */
export const SHORTEST = 8;

/** Texts that end alike. */
interface Ending {
  readonly texts: Set<string>;
  /** How many there are of each length. */
  readonly lengths: Map<number, number>;
}

/** Of the characters at the end, so many in a row are looked for. */
const GRAM = 4;
/** One look at so many places in a text: wherever a known text ends, one of the looks is into its end. */
const STRIDE = SHORTEST - GRAM + 1;

const FACTOR = 0x01000193;
const FILTER_BITS = 16;
const SHIFT = 32 - FILTER_BITS;

/** No texts yet. */
export function createKnownTexts(): KnownTexts {
  const endings = new Map<number, Ending>();
  /** How many ends have a row of characters: hardly any row of another text is in one. */
  const filter = new Uint32Array(1 << FILTER_BITS);

  function count(text: string, change: 1 | -1): void {
    for (let end = text.length - STRIDE + 1; end <= text.length; end++) {
      const slot = slotAt(text, end);
      filter[slot] = (filter[slot] ?? 0) + change;
    }
  }

  /** Where the longest text that ends before `end` starts; -1: none does. */
  function startOf(text: string, end: number): number {
    const ending = endings.get(hashOfEnd(text, end));
    if (ending === undefined) return -1;
    let longest = -1;
    for (const length of ending.lengths.keys()) {
      if (length > longest && length <= end && ending.texts.has(text.slice(end - length, end))) longest = length;
    }
    return longest < 0 ? -1 : end - longest;
  }

  function stretchesIn(text: string): [number, number][] {
    const found: [number, number][] = [];
    for (let seen = GRAM; seen <= text.length; seen += STRIDE) {
      if (filter[slotAt(text, seen)] === 0) continue;
      const last = Math.min(seen + STRIDE - 1, text.length);
      for (let end = Math.max(seen, SHORTEST); end <= last; end++) {
        const start = startOf(text, end);
        if (start >= 0) join(found, start, end);
      }
    }
    return found;
  }

  return {
    add(text) {
      if (text.length < SHORTEST) return;
      const hash = hashOfEnd(text, text.length);
      const ending = endings.get(hash) ?? { texts: new Set(), lengths: new Map() };
      if (ending.texts.has(text)) return;
      endings.set(hash, ending);
      count(text, 1);
      ending.texts.add(text);
      ending.lengths.set(text.length, (ending.lengths.get(text.length) ?? 0) + 1);
    },
    delete(text) {
      if (text.length < SHORTEST) return;
      const hash = hashOfEnd(text, text.length);
      const ending = endings.get(hash);
      if (ending?.texts.delete(text) !== true) return;
      count(text, -1);
      const left = (ending.lengths.get(text.length) ?? 0) - 1;
      if (left > 0) ending.lengths.set(text.length, left);
      else ending.lengths.delete(text.length);
      if (ending.texts.size === 0) endings.delete(hash);
    },
    mask(text, mask) {
      if (endings.size === 0) return text;
      let masked = '';
      let from = 0;
      for (const [start, end] of stretchesIn(text)) {
        masked += text.slice(from, start) + mask;
        from = end;
      }
      return from === 0 ? text : masked + text.slice(from);
    },
  };
}

/** Ends come in order; what starts before the end of others swallows them. */
function join(found: [number, number][], start: number, end: number): void {
  let first = start;
  for (let last = found.at(-1); last !== undefined && last[1] > start; last = found.at(-1)) {
    first = Math.min(first, last[0]);
    found.pop();
  }
  found.push([first, end]);
}

function hashOfEnd(text: string, end: number): number {
  let hash = 0;
  for (let at = end - SHORTEST; at < end; at++) hash = (Math.imul(hash, FACTOR) + text.charCodeAt(at)) | 0;
  return hash;
}

function slotAt(text: string, end: number): number {
  const first = text.charCodeAt(end - 4) | (text.charCodeAt(end - 3) << 16);
  const second = text.charCodeAt(end - 2) | (text.charCodeAt(end - 1) << 16);
  return Math.imul(Math.imul(first, FACTOR) ^ second, 0x9e3779b1) >>> SHIFT;
}
