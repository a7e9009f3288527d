import type { DialectId, Part, ReasoningPart, Signature } from '../../ir/index.ts';
import { signatureOf } from './settle-signatures.ts';
import { callKey } from './turn-keys.ts';

/** A visible part of a turn: a call by its key, or the n-th text. */
export type Place = { readonly type: 'call'; readonly key: string } | { readonly type: 'text'; readonly index: number };

/** What a client may lose of an answer: its signed reasoning, and the signatures of its other parts. */
export interface RememberedTurn {
  /** In order; `before`: the next visible part, absent at the end. */
  readonly reasoning: readonly { readonly part: SignedReasoning; readonly before?: Place }[];
  readonly signed: readonly { readonly place: Place; readonly signature: Signature }[];
  /** About how much room it takes. */
  readonly bytes: number;
}

/** Reasoning that its maker wants back. */
export type SignedReasoning = ReasoningPart & { readonly signature: Signature };

const OVERHEAD = 200;

/**
 * What is to be remembered of an answer; undefined when nothing in it is signed. `missedTexts`: how many texts stood
 * before the first part that is given.
 */
export function rememberTurn(
  content: readonly Part[],
  dialect: DialectId,
  missedTexts = 0,
): RememberedTurn | undefined {
  const reasoning: { part: SignedReasoning; before?: Place }[] = [];
  const signed: { place: Place; signature: Signature }[] = [];
  let bytes = OVERHEAD;
  let texts = missedTexts;
  let waiting: SignedReasoning[] = [];
  for (const part of content) {
    const signature = signatureOf(part);
    const own = signature?.origin === dialect ? signature : undefined;
    if (part.type === 'reasoning') {
      if (own !== undefined) waiting.push({ ...part, signature: own });
      continue;
    }
    const place = placeOf(part, texts);
    if (place === undefined) continue;
    if (place.type === 'text') texts++;
    for (const before of waiting) reasoning.push({ part: before, before: place });
    waiting = [];
    if (own === undefined) continue;
    signed.push({ place, signature: own });
    bytes += own.value.length;
  }
  for (const part of waiting) reasoning.push({ part });
  for (const { part } of reasoning) bytes += part.text.length + part.signature.value.length;
  return reasoning.length + signed.length === 0 ? undefined : { reasoning, signed, bytes };
}

/** The place of a part that clients give back; `texts`: how many texts stand before it. */
export function placeOf(part: Part, texts: number): Place | undefined {
  if (part.type === 'tool-call') return { type: 'call', key: callKey(part) };
  return part.type === 'text' && part.text.trim() !== '' ? { type: 'text', index: texts } : undefined;
}
