import { citedRange, codePointLength, isWebCitation } from '../../ir/citation.ts';
import { type Citation, type DialectId, isJsonObject, type JsonValue } from '../../ir/index.ts';
import { dialectId } from './wire.ts';
import type { Annotation } from './wire-types.ts';

/** What others understand of one annotation: none or one source. */
export function decodeSource(annotation: JsonValue): Citation[] {
  const source = isJsonObject(annotation) ? annotation['url_citation'] : undefined;
  if (!isJsonObject(source)) return [];
  const { url, title, content, start_index: start, end_index: end } = source;
  if (typeof url !== 'string' || url === '') return [];
  return [
    {
      url,
      ...(typeof title === 'string' && title !== '' && { title }),
      ...(typeof start === 'number' && typeof end === 'number' && { start, end }),
      ...(typeof content === 'string' && content !== '' && { quote: content }),
    },
  ];
}

/** Sources of a text as annotations. `offset`: the characters of the message's content before that text. */
export function encodeSources(sources: readonly Citation[], text: string, offset: number): Annotation[] {
  const length = codePointLength(text);
  return sources.filter(isWebCitation).map((source) => {
    const { start, end } = citedRange(source, length);
    const { url, title = '', quote } = source;
    const place = { start_index: offset + start, end_index: offset + end };
    return {
      type: 'url_citation',
      url_citation: { url, title, ...place, ...(quote !== undefined && { content: quote }) },
    };
  });
}

/** Whether some of another dialect's citations have no form here. */
export function losesCitations(dialect: DialectId, sources: readonly Citation[] = []): boolean {
  return dialect !== dialectId && (sources.length === 0 || !sources.every(isWebCitation));
}
