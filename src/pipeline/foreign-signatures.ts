import type { ClientCodec } from '../dialects/codec.ts';
import { SIGNATURE_TAG } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';

/** The tag as Gemini's clients hold it: base64, which for nine bytes has no padding and no neighbours. */
const IN_BASE64 = Buffer.from(SIGNATURE_TAG).toString('base64');
/** The dialect, and the maker where it is known. */
const ORIGIN = /^[a-z]+(?:-[a-z]+)*(?:~[a-z0-9~-]+)?\./;
const LONGEST_ORIGIN = 160;
/** The tag's end is looked for instead of the tag: its first byte is rare in JSON and text, which is four times as fast. */
const TAIL = SIGNATURE_TAG.slice(-3);

/**
 * Whether a client's body holds reasoning that another dialect's provider made: a session whose model was changed. The
 * client's own provider would refuse such a body, so it cannot go through as it is. `unsigned`: how reasoning without
 * any signature looks in this dialect, where that is refused too.
 */
export function holdsForeignSignatures(body: Buffer, unsigned: readonly string[] = []): boolean {
  if (body.includes(IN_BASE64) || unsigned.some((text) => body.includes(text))) return true;
  for (let at = body.indexOf(TAIL); at >= 0; at = body.indexOf(TAIL, at + 1)) {
    const end = at + TAIL.length;
    const start = end - SIGNATURE_TAG.length;
    // The product's own name in a text is no signature.
    if (isCarried(body, start) && body.toString('latin1', start, end) === SIGNATURE_TAG && isOrigin(body, end))
      return true;
  }
  return false;
}

/** Texts of a body that mean reasoning without a signature, which this target would refuse. */
export function refusedUnsigned({ unsignedReasoning }: ClientCodec, { info }: Target): readonly string[] | undefined {
  return info?.unsignedReasoning === true ? undefined : unsignedReasoning;
}

function isOrigin(body: Buffer, start: number): boolean {
  return ORIGIN.test(body.toString('latin1', start, start + LONGEST_ORIGIN));
}

/** Directly behind a quote, or behind the colon of a carrier (`next:llmproxy...`). */
function isCarried(body: Buffer, at: number): boolean {
  const before = body[at - 1];
  return before === 0x22 || before === 0x3a;
}
