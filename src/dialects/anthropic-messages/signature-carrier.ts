import { decodeSignature, encodeSignature, type Signature } from '../../ir/index.ts';
import { DIALECT } from './wire.ts';

/**
 * Claude has no place for the signature of a tool call or text (Gemini signs those). Clients do keep thinking blocks,
 * so such a signature travels in an empty thinking block right before the signed block, marked so that the next
 * request gives it back to that block.
 */
const NEXT_BLOCK = 'next:';

/** The `signature` text of the thinking block that stands before the signed block. */
export function encodeCarrier(signature: Signature): string {
  return NEXT_BLOCK + encodeSignature(signature, DIALECT);
}

/** The signature that a thinking block carries for the block after it; undefined for ordinary thinking. */
export function decodeCarrier(text: string): Signature | undefined {
  return text.startsWith(NEXT_BLOCK) ? decodeSignature(text.slice(NEXT_BLOCK.length), DIALECT) : undefined;
}
