import { citedRange, codePointLength } from '../../ir/citation.ts';
import { type Citation, isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
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

/** A text part of a candidate and what of the candidate's text comes before it. */
export interface CitedText {
  readonly before: string;
  readonly text: string;
}

/** What others understand of a citation: which web pages support which stretch of the text. */
export function decodeSources(citation: JsonObject, cited: CitedText): Citation[] {
  const grounding = objectOf(citation, 'groundingMetadata') ?? {};
  const pages = objectsOf(grounding['groundingChunks']).map(decodePage);
  const supports = objectsOf(grounding['groundingSupports']);
  const sources = supports.flatMap((support) => {
    const range = decodeRange(objectOf(support, 'segment') ?? {}, cited);
    const indices = support['groundingChunkIndices'];
    const named = (isJsonArray(indices) ? indices : []).map((index) => pages[Number(index)]);
    return named.flatMap((page) => (page === undefined ? [] : [{ ...page, ...range }]));
  });
  const metadata = objectOf(citation, 'citationMetadata');
  // The Gemini API's name for them, and Vertex's.
  const whole = objectsOf(metadata?.['citationSources'] ?? metadata?.['citations']).flatMap((source) => {
    const url = stringOf(source, 'uri');
    const title = stringOf(source, 'title');
    if (url === undefined) return [];
    return [{ url, ...(title !== undefined && { title }), ...decodeRange(source, cited) }];
  });
  return [...sources, ...whole];
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

/** Gemini counts UTF-8 bytes of the candidate's text; a stretch outside of this part is none of it. */
function decodeRange(segment: JsonObject, { before, text }: CitedText): { start: number; end: number } {
  const bytes = Buffer.from(before + text, 'utf8');
  const base = codePointLength(before);
  const length = codePointLength(text);
  const place = (at: number): number =>
    Math.max(0, Math.min(codePointLength(bytes.subarray(0, at).toString('utf8')) - base, length));
  return {
    start: place(numberOf(segment, 'startIndex') ?? 0),
    end: place(numberOf(segment, 'endIndex') ?? bytes.length),
  };
}

/** The stretch of a text as Gemini writes it; `offset`: the bytes of the candidate's text before it. */
export function encodeSegment(source: Citation, text: string, offset: number): Support['segment'] {
  const points = [...text];
  const { start, end } = citedRange(source, points.length);
  const bytes = (to: number): number => offset + Buffer.byteLength(points.slice(0, to).join(''));
  const startIndex = bytes(start);
  return {
    ...(startIndex > 0 && { startIndex }),
    endIndex: bytes(end),
    text: points.slice(start, end).join(''),
  };
}
