import { wrapCustomInput } from '../../ir/custom-tool.ts';
import type {
  JsonObject,
  MediaPart,
  OpaquePart,
  ReasoningPart,
  RefusalPart,
  Signature,
  TextPart,
  ToolCallPart,
} from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { encodeMedia } from './media.ts';
import { encodeClientSignature } from './signature.ts';
import { DIALECT } from './wire.ts';
import type { CallPart, TextPart as TextPartWire } from './wire-types.ts';

/** The field for a signature, if the receiver may have it. */
export type SignatureField = (
  signature: Signature | undefined,
  redacted?: boolean,
) => Pick<TextPartWire, 'thoughtSignature'>;

/** Towards Gemini: only what Gemini made. */
export const upstreamSignature: SignatureField = (signature) =>
  signature?.origin === DIALECT ? { thoughtSignature: signature.value } : {};

/** Towards a client: everything, so that the next turn can bring it back. */
export const clientSignature: SignatureField = (signature, redacted = false) =>
  signature === undefined ? {} : { thoughtSignature: encodeClientSignature(signature, redacted) };

/** `functionCall`; `_raw` holds arguments that are no JSON object, because `args` must be one. */
export function encodeCall(call: ToolCallPart, name: string): CallPart {
  return { functionCall: { ...(call.id === '' ? {} : { id: call.id }), name, args: encodeArguments(call) } };
}

/** True when the arguments fit `args` as they are. */
export function hasObjectArguments(call: ToolCallPart): boolean {
  return call.kind === 'custom' || call.arguments.trim() === '' || parseJsonObject(call.arguments) !== undefined;
}

function encodeArguments(call: ToolCallPart): JsonObject {
  if (call.kind === 'custom') return wrapCustomInput(call.arguments);
  if (call.arguments.trim() === '') return {};
  return parseJsonObject(call.arguments) ?? { _raw: call.arguments };
}

/** A call of an answer for a client. */
export function encodeAnswerCall(call: ToolCallPart): CallPart {
  return { ...encodeCall(call, call.name), ...clientSignature(call.signature) };
}

/** A part of an answer for a client; undefined when Gemini has no form for it. */
export function encodeAnswerPart(
  part: TextPart | RefusalPart | ReasoningPart | ToolCallPart | MediaPart | OpaquePart,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { text: part.text, ...clientSignature(part.signature) } satisfies TextPartWire;
    case 'refusal':
      return { text: part.text } satisfies TextPartWire;
    case 'reasoning':
      return {
        text: part.text,
        thought: true,
        ...clientSignature(part.signature, part.redacted),
      } satisfies TextPartWire;
    case 'tool-call':
      return encodeAnswerCall(part);
    case 'media': {
      const media = encodeMedia(part);
      return typeof media === 'string' ? undefined : { ...media, ...clientSignature(part.signature) };
    }
    case 'opaque':
      return part.dialect === DIALECT ? part.value : undefined;
  }
}
