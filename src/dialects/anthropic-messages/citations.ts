import { isWebCitation } from '../../ir/citation.ts';
import {
  type Citation,
  type DialectId,
  decodeSignature,
  encodeSignature,
  isJsonObject,
  type JsonValue,
  type TextPart,
} from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { DIALECT } from './wire.ts';
import type { Citation as WireCitation } from './wire-types.ts';

/** The `citations` of a text block. Those that were written for another provider's sources stay sources only. */
export function decodeCitations(value: JsonValue | undefined): TextPart['citations'] {
  // Answers write `citations: null`, documents `citations: {enabled}`; only an array is the list of citations.
  if (!isJsonArray(value) || value.length === 0) return undefined;
  const sources = value.flatMap((item) => decodeSource(item));
  return {
    dialect: DIALECT,
    items: value.filter((item) => originOf(item) === DIALECT),
    ...(sources.length > 0 && { sources }),
  };
}

/** What others understand of one citation: none or one source. Claude's citations support the whole block. */
export function decodeSource(item: JsonValue): Citation[] {
  if (!isJsonObject(item)) return [];
  const url = textOf(item['url']) ?? webAddress(textOf(item['source']));
  const title = textOf(item['title']) ?? textOf(item['document_title']);
  const quote = textOf(item['cited_text']);
  const source = { ...(url !== undefined && { url }), ...(title !== undefined && { title }) };
  if (url === undefined && title === undefined && quote === undefined) return [];
  return [{ ...source, ...(quote !== undefined && { quote }) }];
}

/** Other providers' sources as Claude's citations; those without a web page have no form. */
export function encodeSources(sources: readonly Citation[], origin: DialectId): WireCitation[] {
  return sources.filter(isWebCitation).map(({ url, title = null, quote = '' }) => ({
    type: 'web_search_result_location',
    url,
    title,
    encrypted_index: encodeSignature({ origin, value: 'citation' }, DIALECT),
    cited_text: quote,
  }));
}

function originOf(item: JsonValue): DialectId {
  const index = isJsonObject(item) ? textOf(item['encrypted_index']) : undefined;
  return index === undefined ? DIALECT : decodeSignature(index, DIALECT).origin;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function webAddress(value: string | undefined): string | undefined {
  return value !== undefined && /^https?:\/\//.test(value) ? value : undefined;
}

/** The citations of a text as Claude's; `lost`: some have no form here. */
export function encodeCitations({
  dialect,
  items,
  sources = [],
}: {
  readonly dialect: DialectId;
  readonly items: readonly JsonValue[];
  readonly sources?: readonly Citation[] | undefined;
}): { readonly items: readonly JsonValue[]; readonly lost: boolean } {
  if (dialect === DIALECT) return { items, lost: false };
  const encoded = encodeSources(sources, dialect);
  return { items: encoded, lost: encoded.length === 0 || encoded.length < sources.length };
}
