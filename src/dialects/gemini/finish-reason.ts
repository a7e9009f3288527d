import type { FinishReason } from '../../ir/index.ts';
import type { ForeignFinishReason, FinishReason as WireFinishReason } from './wire-types.ts';

const reasons: ReadonlyMap<string, FinishReason> = new Map(
  Object.entries({
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content-filter',
    RECITATION: 'content-filter',
    BLOCKLIST: 'content-filter',
    PROHIBITED_CONTENT: 'content-filter',
    SPII: 'content-filter',
    MODEL_ARMOR: 'content-filter',
    IMAGE_SAFETY: 'content-filter',
    IMAGE_PROHIBITED_CONTENT: 'content-filter',
    IMAGE_RECITATION: 'content-filter',
    MALFORMED_FUNCTION_CALL: 'error',
    MALFORMED_RESPONSE: 'error',
    UNEXPECTED_TOOL_CALL: 'error',
    TOO_MANY_TOOL_CALLS: 'error',
    MISSING_THOUGHT_SIGNATURE: 'error',
    // Without a prompt that it refuses, the model made no image.
    NO_IMAGE: 'other',
    IMAGE_OTHER: 'other',
    LANGUAGE: 'other',
    OTHER: 'other',
    FINISH_REASON_UNSPECIFIED: 'other',
    // The server stopped amid the answer; only a client that knows the token can have the rest.
    CONTINUATION: 'length',
  } satisfies Record<WireFinishReason | ForeignFinishReason, FinishReason>),
);

/** `finishReason` -> finish reason. Gemini says STOP also when the answer holds calls. */
export function decodeFinishReason(wire: string, hasCalls: boolean): FinishReason {
  return hasCalls ? 'tool-calls' : (reasons.get(wire) ?? 'other');
}

/** Finish reason -> `finishReason`. */
export function encodeFinishReason(reason: FinishReason): WireFinishReason {
  switch (reason) {
    case 'stop':
    case 'tool-calls':
    case 'pause':
      return 'STOP';
    case 'length':
      return 'MAX_TOKENS';
    // The model's own refusal has no name here; as a STOP it would look like an answer.
    case 'refusal':
    case 'content-filter':
      return 'SAFETY';
    case 'error':
    case 'other':
      return 'OTHER';
  }
}
