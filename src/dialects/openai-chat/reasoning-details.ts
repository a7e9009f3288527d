import {
  decodeSignature,
  encodeSignature,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ReasoningPart,
  type Signature,
} from '../../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../../ir/read.ts';
import { dialectId, omit } from './wire.ts';

/**
 * `reasoning_details`, the array in which OpenRouter (and clients that follow it) carry signed reasoning. Servers want
 * their entries back exactly as sent, so an entry's signature in the IR is the whole entry without its text.
 */
export interface ReasoningDetail {
  readonly text: string;
  readonly summary: boolean;
  readonly redacted: boolean;
  readonly signature?: Signature;
  readonly id?: string;
}

const textKeys: ReadonlySet<string> = new Set(['text', 'summary']);

/** One entry read leniently; undefined for what is no entry. */
export function decodeDetail(value: JsonValue | undefined): ReasoningDetail | undefined {
  if (!isJsonObject(value)) return undefined;
  const summary = value['type'] === 'reasoning.summary';
  const redacted = value['type'] === 'reasoning.encrypted';
  const text = value[summary ? 'summary' : 'text'];
  const signature = readSignature(value, redacted);
  const foreign = signature !== undefined && signature.origin !== dialectId;
  const id = value['id'];
  return {
    text: typeof text === 'string' && !redacted ? text : '',
    summary,
    redacted,
    ...(signature !== undefined && { signature }),
    ...(foreign && typeof id === 'string' && { id }),
  };
}

function readSignature(detail: JsonObject, redacted: boolean): Signature | undefined {
  const proof = detail[redacted ? 'data' : 'signature'];
  if (typeof proof !== 'string' || proof === '') return undefined;
  const signature = decodeSignature(proof, dialectId);
  if (signature.origin !== dialectId) return signature;
  return { origin: dialectId, value: JSON.stringify(omit(detail, textKeys)) };
}

/** The entries of a whole message as reasoning parts; entries without text and signature are left out. */
export function decodeDetails(value: JsonValue | undefined): ReasoningPart[] {
  if (!isJsonArray(value)) return [];
  return value.flatMap((item) => {
    const detail = decodeDetail(item);
    if (detail === undefined || (detail.text === '' && detail.signature === undefined)) return [];
    return [{ type: 'reasoning', ...detail } as const];
  });
}

/** One reasoning part as an entry; for the server that made its signature the entry is as it sent it. */
export function encodeDetail(part: Omit<ReasoningPart, 'type'>, index: number): JsonObject {
  const text = part.redacted ? {} : part.summary ? { summary: part.text } : { text: part.text };
  const { signature } = part;
  const own = signature?.origin === dialectId ? parseJsonObject(signature.value) : undefined;
  if (own !== undefined) return { ...own, ...text };
  const proof = signature === undefined ? undefined : encodeSignature(signature, dialectId);
  return {
    type: part.redacted ? 'reasoning.encrypted' : part.summary ? 'reasoning.summary' : 'reasoning.text',
    ...text,
    ...(proof !== undefined && (part.redacted ? { data: proof } : { signature: proof })),
    ...(part.id !== undefined && { id: part.id }),
    index,
  };
}

/** The reasoning of an assistant message, whichever of its three fields hold it. */
export function decodeReasoning(message: JsonObject): ReasoningPart[] {
  const plain = message['reasoning_content'] ?? message['reasoning'];
  const text = typeof plain === 'string' ? plain : '';
  const details = decodeDetails(message['reasoning_details']);
  // The plain field repeats the text of the details where both are there.
  if (text === '' || details.some((detail) => detail.text !== '')) return details;
  return [{ type: 'reasoning', text, summary: false, redacted: false }, ...details];
}
