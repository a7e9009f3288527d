import type { FinishReason, JsonValue, Part } from '../../ir/index.ts';
import type { ForeignFinishReason, FinishReason as WireFinishReason } from './wire-types.ts';

/** `finish_reason` -> IR, with what the answer holds: a call always wins, and a bare refusal is no ordinary stop. */
export function decodeFinishReason(
  value: JsonValue | undefined,
  content: { readonly hasCall: boolean; readonly refused: boolean },
): FinishReason {
  if (content.hasCall) return 'tool-calls';
  const reason = reasons.get(value ?? 'stop') ?? 'other';
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
export function finishFacts(content: readonly Part[]): { readonly hasCall: boolean; readonly refused: boolean } {
  const has = (type: Part['type']): boolean => content.some((part) => part.type === type);
  return { hasCall: has('tool-call'), refused: has('refusal') };
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
