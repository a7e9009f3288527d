import {
  isJsonObject,
  type JsonObject,
  type MediaPart,
  type OpaquePart,
  type ReasoningPart,
  type ServerToolPart,
  type TextPart,
  type ToolCallPart,
} from '../../ir/index.ts';
import { decodeMedia } from './media.ts';
import { decodeServerTool } from './server-tools.ts';
import { type CarriedSignature, decodeClientSignature } from './signature.ts';
import { camelKeys, DIALECT, objectOf, stringOf } from './wire.ts';

/** What one wire part becomes, tool results aside: those exist only in requests. */
export type DecodedPart = TextPart | ReasoningPart | ToolCallPart | MediaPart | ServerToolPart | OpaquePart;

/** The id for the n-th call of a body when Gemini or its client gave none. */
export type CallId = (name: string) => string;

/** Names call ids after the function and the position: the same body always gives the same ids. */
export function createCallIds(scope: string): CallId {
  let next = 0;
  return (name) => `call_${scope}${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 32)}_${next++}`;
}

/** One element of `parts`, of a request or an answer; undefined when it is empty. */
export function decodePart(wire: JsonObject, callId: CallId): DecodedPart | undefined {
  const part = camelKeys(wire);
  const carried = readSignature(part);
  const text = stringOf(part, 'text');
  if (text !== undefined) return decodeText(text, part['thought'] === true, carried);
  const signature = carried === undefined ? {} : { signature: carried.signature };
  const call = objectOf(part, 'functionCall');
  if (call !== undefined) return { ...decodeCall(call, callId), ...signature };
  // Pictures of a thought are not part of the answer, and a clipped video is not the whole one: kept as they are.
  const media = part['thought'] === true || isJsonObject(part['videoMetadata']) ? undefined : decodeMedia(part);
  if (media !== undefined) return { ...media, ...signature };
  if (carried !== undefined && Object.keys(part).every((key) => key === 'thoughtSignature' || key === 'thought')) {
    return decodeText('', part['thought'] === true, carried);
  }
  if (Object.keys(part).length === 0) return undefined;
  return decodeServerTool(part, wire) ?? { type: 'opaque', dialect: DIALECT, value: wire };
}

/** True for a text or reasoning part with nothing in it. */
export function isEmptyText(part: DecodedPart): boolean {
  return 'text' in part && part.text === '' && part.signature === undefined;
}

/** True for a text part that carries nothing but a signature: it belongs to the part before it. */
export function isSignatureOnly(part: DecodedPart): part is (TextPart | ReasoningPart) & { text: '' } {
  return 'text' in part && part.text === '' && part.signature !== undefined;
}

function decodeText(text: string, thought: boolean, carried: CarriedSignature | undefined): TextPart | ReasoningPart {
  const signature = carried === undefined ? {} : { signature: carried.signature };
  if (!thought) return { type: 'text', text, ...signature };
  // What Gemini shows of its thinking is always a summary.
  return { type: 'reasoning', text, summary: true, redacted: carried?.redacted ?? false, ...signature };
}

function decodeCall(call: JsonObject, callId: CallId): ToolCallPart {
  const name = stringOf(call, 'name') ?? '';
  return {
    type: 'tool-call',
    id: stringOf(call, 'id') || callId(name),
    name,
    kind: 'function',
    arguments: JSON.stringify(isJsonObject(call['args']) ? call['args'] : {}),
  };
}

/** `thoughtSignature`, also where older clients put it: in the call or in OpenAI's `extra_content.google`. */
function readSignature(part: JsonObject): CarriedSignature | undefined {
  const call = objectOf(part, 'functionCall');
  const extra = objectOf(objectOf(part, 'extraContent') ?? {}, 'google');
  const text =
    stringOf(part, 'thoughtSignature') ??
    (call && stringOf(call, 'thoughtSignature')) ??
    (extra && stringOf(extra, 'thoughtSignature'));
  return text === undefined || text === '' ? undefined : decodeClientSignature(text);
}
