import { decodeSignature, encodeSignature, type Signature } from '../../ir/index.ts';
import { DIALECT } from './wire.ts';

/** Base64 of `llmproxy.`: nine bytes, so the first twelve characters are the same whatever follows. */
const WRAPPED = 'bGxtcHJveHku';
const REDACTED = '!';

/** A `thoughtSignature` read from a client, and whether it stands for reasoning the provider withheld. */
export interface CarriedSignature {
  readonly signature: Signature;
  readonly redacted: boolean;
}

/**
 * The `thoughtSignature` a client is given to hold. The field is `bytes`: typed SDKs decode it as base64, so a foreign
 * signature is wrapped in base64 with its origin. `!` before the origin marks withheld reasoning.
 */
export function encodeClientSignature(signature: Signature, redacted: boolean): string {
  if (signature.origin === DIALECT) return signature.value;
  const origin = redacted ? `${REDACTED}${signature.origin}` : signature.origin;
  return Buffer.from(encodeSignature({ ...signature, origin }, DIALECT), 'utf8').toString('base64');
}

/** Reads back what {@link encodeClientSignature} wrote; anything else is Gemini's own. */
export function decodeClientSignature(text: string): CarriedSignature {
  const plain = text.startsWith(WRAPPED) ? Buffer.from(text, 'base64').toString('utf8') : text;
  const signature = decodeSignature(plain, DIALECT);
  if (signature.origin === DIALECT && signature.maker === undefined) {
    return { signature: { origin: DIALECT, value: text }, redacted: false };
  }
  if (!signature.origin.startsWith(REDACTED)) return { signature, redacted: false };
  return { signature: { ...signature, origin: signature.origin.slice(REDACTED.length) }, redacted: true };
}
