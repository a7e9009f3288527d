import type { DialectId } from './extensions.ts';

/**
 * An opaque proof attached to reasoning or to a tool call (Claude `signature`, Gemini `thoughtSignature`,
 * Responses `encrypted_content`). Only the one who made it can read it, and only verbatim.
 */
export interface Signature {
  /** The dialect of the upstream that made it; {@link ELSEWHERE}: the receiver must not get it. */
  readonly origin: DialectId;
  /** The bytes as the upstream sent them. */
  readonly value: string;
  /**
   * Who can verify it: a family of providers, with `~` and an account where only that account can. Lower case letters,
   * digits, `-` and `~`. Absent: not known beyond the dialect.
   */
  readonly maker?: string;
}

/** The origin of a signature that no upstream may get: every encoder takes it for another dialect's. */
export const ELSEWHERE = 'elsewhere';

/** Opens the text in which a client of one dialect holds a signature of another. */
export const SIGNATURE_TAG = 'llmproxy.';

/** Between the dialect and the maker in the tag. */
const MAKER = '~';

/**
 * The text a client of dialect `carrier` is given to hold: the bare value when the client speaks the dialect that
 * made it, otherwise `llmproxy.<origin>~<maker>.<value>` so that the next turn still knows where it belongs.
 */
export function encodeSignature(signature: Signature, carrier: DialectId): string {
  const { origin, maker, value } = signature;
  if (origin === carrier) return value;
  return `${SIGNATURE_TAG}${origin}${maker === undefined ? '' : MAKER + maker}.${value}`;
}

/** Reads back what {@link encodeSignature} wrote, with or without a maker; an untagged value belongs to the carrier. */
export function decodeSignature(text: string, carrier: DialectId): Signature {
  if (!text.startsWith(SIGNATURE_TAG)) return { origin: carrier, value: text };
  const end = text.indexOf('.', SIGNATURE_TAG.length);
  if (end < 0) return { origin: carrier, value: text };
  const label = text.slice(SIGNATURE_TAG.length, end);
  const value = text.slice(end + 1);
  if (value === '') return { origin: carrier, value: text };
  const cut = label.indexOf(MAKER);
  if (cut < 0) return { origin: label, value };
  return { origin: label.slice(0, cut), value, maker: label.slice(cut + 1) };
}
