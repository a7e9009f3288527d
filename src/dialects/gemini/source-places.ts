import type { Citation, JsonObject } from '../../ir/index.ts';
import { TextMeasure } from '../../ir/text-measure.ts';
import { type CitedText, type FoundSource, findSources, placeSource } from './citations.ts';
import type { DecodedPart } from './decode-part.ts';

/** The most places that the sources of one candidate take up; beyond it a source has one alone. */
const MOST_PLACES = 20_000;

interface TextPlace extends CitedText {
  readonly part: number;
}

/** The sources of each text part, by its index: those that support something of it, and the last has the others. */
export function sourcesByPart(
  parts: readonly DecodedPart[],
  items: readonly JsonObject[],
): ReadonlyMap<number, readonly Citation[]> {
  const texts = measureTexts(parts);
  const byPart = new Map<number, Citation[]>();
  let left = MOST_PLACES;
  for (const found of items.flatMap(findSources)) {
    const supported = left > 0 ? supportedTexts(found, texts) : [];
    left -= supported.length;
    for (const text of supported.length > 0 ? supported : texts.slice(-1)) {
      const list = byPart.get(text.part) ?? [];
      if (list.length === 0) byPart.set(text.part, list);
      list.push(placeSource(found, text));
    }
  }
  return byPart;
}

function measureTexts(parts: readonly DecodedPart[]): readonly TextPlace[] {
  const measure = new TextMeasure();
  return parts.flatMap((part, index) => {
    if (part.type !== 'text') return [];
    const start = measure.points;
    measure.append(part.text);
    return [{ part: index, measure, start, length: measure.points - start }];
  });
}

function supportedTexts({ startByte, endByte }: FoundSource, texts: readonly TextPlace[]): readonly TextPlace[] {
  const measure = texts[0]?.measure;
  if (measure === undefined) return [];
  const from = measure.pointAtByte(startByte);
  const to = measure.pointAtByte(endByte);
  const first = firstEndingBehind(texts, from);
  if (from >= to) return [];
  let last = first;
  while ((texts[last]?.start ?? to) < to) last++;
  return texts.slice(first, last).filter(({ length }) => length > 0);
}

/** Index of the first text that ends behind a place; they are in order. */
function firstEndingBehind(texts: readonly TextPlace[], place: number): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const text = texts[middle];
    if (text !== undefined && text.start + text.length <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
