import { citedRange } from '../../ir/citation.ts';
import { type Citation, isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import type { TextMeasure } from '../../ir/text-measure.ts';
import { DIALECT, numberOf, objectOf, objectsOf, stringOf } from './wire.ts';
import type { ChunkKind, Support } from './wire-types.ts';

/** Candidate fields that say where the text comes from; carried as citations of the text. */
const KEYS = ['groundingMetadata', 'citationMetadata', 'urlContextMetadata'] as const;

/** One citation for each source field of a candidate: `{ groundingMetadata: {...} }`. */
export function decodeCitations(candidate: JsonObject): JsonObject[] {
  return KEYS.flatMap((key) => {
    const value = candidate[key];
    return isJsonObject(value) && Object.keys(value).length > 0 ? [{ [key]: value }] : [];
  });
}

/** The candidate fields again; citations of other dialects have no place here. */
export function encodeCitations(dialect: string, items: readonly JsonValue[]): JsonObject {
  if (dialect !== DIALECT) return {};
  return Object.assign({}, ...items.filter(isJsonObject));
}

/** A text part of a candidate: where it begins in the candidate's text, and how long it is, in code points. */
export interface CitedText {
  /** Of all text of the candidate. */
  readonly measure: TextMeasure;
  readonly start: number;
  readonly length: number;
}

/** A web page and what of a candidate's text it supports, in UTF-8 bytes: from 0 to its end where nothing is said. */
export interface FoundSource {
  readonly page: Citation;
  readonly startByte: number;
  readonly endByte: number;
}

/** What others understand of a citation: which web pages support which stretch of the text. */
export function findSources(citation: JsonObject): FoundSource[] {
  const grounding = objectOf(citation, 'groundingMetadata') ?? {};
  const pages = objectsOf(grounding['groundingChunks']).map(decodePage);
  const sources = objectsOf(grounding['groundingSupports']).flatMap((support) => {
    const segment = objectOf(support, 'segment') ?? {};
    const indices = support['groundingChunkIndices'];
    const named = (isJsonArray(indices) ? indices : []).map((index) => pages[Number(index)]);
    return named.flatMap((page) => (page === undefined ? [] : [foundSource(page, segment)]));
  });
  const metadata = objectOf(citation, 'citationMetadata');
  // The Gemini API's name for them, and Vertex's.
  const whole = objectsOf(metadata?.['citationSources'] ?? metadata?.['citations']).flatMap((source) => {
    const url = stringOf(source, 'uri');
    const title = stringOf(source, 'title');
    return url === undefined ? [] : [foundSource({ url, ...(title !== undefined && { title }) }, source)];
  });
  return [...sources, ...whole];
}

function foundSource(page: Citation, segment: JsonObject): FoundSource {
  const startByte = numberOf(segment, 'startIndex') ?? 0;
  return { page, startByte, endByte: numberOf(segment, 'endIndex') ?? Number.POSITIVE_INFINITY };
}

/** A source as it is about one part; a stretch outside of it is none of it. */
export function placeSource(
  { page, startByte, endByte }: FoundSource,
  { measure, start, length }: CitedText,
): Citation {
  const place = (byte: number): number => Math.max(0, Math.min(measure.pointAtByte(byte) - start, length));
  return { ...page, start: place(startByte), end: place(endByte) };
}

function decodePage(chunk: JsonObject): Citation | undefined {
  const kinds = ['web', 'retrievedContext', 'maps', 'image'] satisfies readonly ChunkKind[];
  const web = kinds.map((kind) => objectOf(chunk, kind)).find((source) => source !== undefined) ?? {};
  // Of a picture, the page that it stands on.
  const url = stringOf(web, 'uri') ?? stringOf(web, 'sourceUri');
  const title = stringOf(web, 'title');
  if (url === undefined && title === undefined) return undefined;
  return { ...(url !== undefined && { url }), ...(title !== undefined && { title }) };
}

/** The stretch of a text as Gemini writes it; `offset`: the bytes of the candidate's text before it. */
export function encodeSegment(source: Citation, { text, measure }: MeasuredText, offset: number): Segment {
  const { start, end } = citedRange(source, measure.points);
  const startIndex = offset + measure.byteAt(start);
  return {
    ...(startIndex > 0 && { startIndex }),
    endIndex: offset + measure.byteAt(end),
    text: text.slice(measure.unitAt(start), measure.unitAt(end)),
  };
}

/** A stretch with its words. */
export type Segment = Support['segment'] & { readonly text: string };

/** A text with its measure. */
export interface MeasuredText {
  readonly text: string;
  readonly measure: TextMeasure;
}
