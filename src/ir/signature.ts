import type { DialectId } from './extensions.ts';

/**
 * An opaque proof attached to reasoning or to a tool call (Claude `signature`, Gemini `thoughtSignature`,
 * Responses `encrypted_content`). Only the dialect it came from may receive it back, verbatim.
 */
export interface Signature {
  /** The dialect of the upstream that made it. */
  readonly origin: DialectId;
  /** The bytes as the upstream sent them. */
  readonly value: string;
}

/** Opens the text in which a client of one dialect holds a signature of another. */
export const SIGNATURE_TAG = 'llmproxy.';

/**
 * The text a client of dialect `carrier` is given to hold: the bare value when the client speaks the dialect that
 * made it, otherwise `llmproxy.<origin>.<value>` so that the next turn still knows where it belongs.
 */
export function encodeSignature(signature: Signature, carrier: DialectId): string {
  return signature.origin === carrier ? signature.value : `${SIGNATURE_TAG}${signature.origin}.${signature.value}`;
}

/** Reads back what {@link encodeSignature} wrote; an untagged value belongs to the carrier itself. */
export function decodeSignature(text: string, carrier: DialectId): Signature {
  if (!text.startsWith(SIGNATURE_TAG)) return { origin: carrier, value: text };
  const end = text.indexOf('.', SIGNATURE_TAG.length);
  if (end < 0) return { origin: carrier, value: text };
  return { origin: text.slice(SIGNATURE_TAG.length, end), value: text.slice(end + 1) };
}
