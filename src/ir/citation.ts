import type { Citation } from './part.ts';

/** A cited stretch of a text: code points, end exclusive, within the text. */
export interface CitedRange {
  readonly start: number;
  readonly end: number;
}

/** The number of characters as OpenAI and Python count them. */
export function codePointLength(text: string): number {
  let length = text.length;
  for (let at = 1; at < text.length; at++) {
    // The second half of a character that JavaScript counts twice.
    if (isLowHalf(text.charCodeAt(at)) && isHighHalf(text.charCodeAt(at - 1))) length--;
  }
  return length;
}

const isHighHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** What of a text of the given length a citation supports. */
export function citedRange({ start = 0, end }: Citation, length: number): CitedRange {
  const last = Math.min(end ?? length, length);
  return { start: Math.max(0, Math.min(start, last)), end: last };
}

/** A citation that names a web page; dialects of others can say no other. */
export type WebCitation = Citation & { readonly url: string };

/** True when the citation names a web page. */
export function isWebCitation(citation: Citation): citation is WebCitation {
  return citation.url !== undefined;
}
