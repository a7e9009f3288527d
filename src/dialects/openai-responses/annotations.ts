import { citedRange, codePointLength, isWebCitation } from '../../ir/citation.ts';
import { type Citation, type DialectId, isJsonObject, type JsonValue, type TextPart } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { DIALECT, optionalNumber, optionalText } from './wire.ts';
import type { UrlCitation } from './wire-types.ts';

/** The `annotations` of an `output_text`, if there are any. */
export function decodeAnnotations(value: JsonValue | undefined): TextPart['citations'] {
  if (!isJsonArray(value) || value.length === 0) return undefined;
  const sources = value.flatMap(decodeSource);
  return { dialect: DIALECT, items: value, ...(sources.length > 0 && { sources }) };
}

/** What others understand of one annotation: none or one source. */
export function decodeSource(annotation: JsonValue): Citation[] {
  if (!isJsonObject(annotation)) return [];
  const url = optionalText(annotation['url']);
  const title = optionalText(annotation['title']) ?? optionalText(annotation['filename']);
  if (url === undefined && title === undefined) return [];
  const start = optionalNumber(annotation['start_index']);
  const end = optionalNumber(annotation['end_index']);
  return [
    {
      ...(url !== undefined && { url }),
      ...(title !== undefined && { title }),
      ...(start !== undefined && end !== undefined && { start, end }),
    },
  ];
}

/** Sources of a text as `url_citation`; those without a web page have no form. */
export function encodeSources(sources: readonly Citation[], written: string): UrlCitation[] {
  const length = codePointLength(written);
  return sources.filter(isWebCitation).map((source) => {
    const { start, end } = citedRange(source, length);
    return { type: 'url_citation', start_index: start, end_index: end, url: source.url, title: source.title ?? '' };
  });
}

/** Whether some of another dialect's citations have no form here. */
export function losesCitations(dialect: DialectId, sources: readonly Citation[] = []): boolean {
  return dialect !== DIALECT && (sources.length === 0 || !sources.every(isWebCitation));
}

/** All annotations of a whole text. */
export function encodeAnnotations({ citations, text }: TextPart): readonly JsonValue[] {
  if (citations === undefined) return [];
  return citations.dialect === DIALECT ? citations.items : encodeSources(citations.sources ?? [], text);
}
