import { SIGNATURE_TAG } from '../ir/index.ts';

/** The tag as Gemini's clients hold it: base64, which for nine bytes has no padding and no neighbours. */
const IN_BASE64 = Buffer.from(SIGNATURE_TAG).toString('base64');
const ORIGIN = /^[a-z]+(?:-[a-z]+)*\./;
const LONGEST_ORIGIN = 32;
/** Reasoning that its provider did not sign, as Claude's clients hold it; Claude refuses it. */
const UNSIGNED = ['"signature":""', '"signature": ""'];

/**
 * Whether a client's body holds reasoning that another dialect's provider made: a session whose model was changed. The
 * client's own provider would refuse such a body, so it cannot go through as it is.
 */
export function holdsForeignSignatures(body: Buffer): boolean {
  if (body.includes(IN_BASE64) || UNSIGNED.some((text) => body.includes(text))) return true;
  for (let at = body.indexOf(SIGNATURE_TAG); at >= 0; at = body.indexOf(SIGNATURE_TAG, at + 1)) {
    const start = at + SIGNATURE_TAG.length;
    // The product's own name in a text is no signature.
    if (isCarried(body, at) && ORIGIN.test(body.toString('latin1', start, start + LONGEST_ORIGIN))) return true;
  }
  return false;
}

/** Directly behind a quote, or behind the colon of a carrier (`next:llmproxy...`). */
function isCarried(body: Buffer, at: number): boolean {
  const before = body[at - 1];
  return before === 0x22 || before === 0x3a;
}
