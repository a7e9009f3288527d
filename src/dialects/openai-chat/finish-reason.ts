import type { FinishReason, JsonValue, Part } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { ForeignFinishReason, FinishReason as WireFinishReason } from './wire-types.ts';

/**
 * `finish_reason` -> IR, with what the answer holds: a call that can be run always wins, and a bare refusal is no ordinary
 * stop. A call that the output limit cut off cannot be run.
 */
export function decodeFinishReason(value: JsonValue | undefined, content: FinishFacts): FinishReason {
  const reason = reasons.get(value ?? 'stop') ?? 'other';
  if (content.hasCall) return reason === 'length' && content.cutShort ? 'length' : 'tool-calls';
  return content.refused && (reason === 'stop' || reason === 'other') ? 'refusal' : reason;
}

const reasons: ReadonlyMap<JsonValue, FinishReason> = new Map(
  Object.entries({
    stop: 'stop',
    stop_sequence: 'stop',
    eos: 'stop',
    end_turn: 'stop',
    // Without any call these are an ordinary end.
    tool_calls: 'stop',
    function_call: 'stop',
    length: 'length',
    max_tokens: 'length',
    model_length: 'length',
    content_filter: 'content-filter',
    error: 'error',
    insufficient_system_resource: 'error',
  } satisfies Record<WireFinishReason | ForeignFinishReason, FinishReason>),
);

/** What of an answer's content decides its finish reason. */
export interface FinishFacts {
  readonly hasCall: boolean;
  /** The arguments of a function are not all there. */
  readonly cutShort: boolean;
  readonly refused: boolean;
}

/** Reads them from a whole answer. */
export function finishFacts(content: readonly Part[]): FinishFacts {
  const calls = content.filter((part) => part.type === 'tool-call');
  return {
    hasCall: calls.length > 0,
    cutShort: calls.some((call) => call.kind === 'function' && parseJsonObject(call.arguments) === undefined),
    refused: content.some((part) => part.type === 'refusal'),
  };
}

/** IR -> `finish_reason`. `refused`: the answer holds a refusal, which then says itself why it ended. */
export function encodeFinishReason(reason: FinishReason, refused: boolean): WireFinishReason {
  switch (reason) {
    case 'stop':
    case 'pause':
    case 'other':
      return 'stop';
    case 'length':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      return refused ? 'stop' : 'content_filter';
    case 'error':
      return 'error';
  }
}
