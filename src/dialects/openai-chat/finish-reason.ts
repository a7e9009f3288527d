import type { FinishReason, JsonValue, Part } from '../../ir/index.ts';

/** `finish_reason` -> IR, with what the answer holds: a call always wins, and a bare refusal is no ordinary stop. */
export function decodeFinishReason(
  value: JsonValue | undefined,
  content: { readonly hasCall: boolean; readonly refused: boolean },
): FinishReason {
  if (content.hasCall) return 'tool-calls';
  switch (value) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    case 'error':
    case 'insufficient_system_resource':
      return 'error';
    default:
      return decodeStop(value, content.refused);
  }
}

function decodeStop(value: JsonValue | undefined, refused: boolean): FinishReason {
  if (refused) return 'refusal';
  // `tool_calls` without any call is an ordinary end.
  const stops = ['stop', 'tool_calls', 'function_call', 'stop_sequence', 'eos', 'end_turn'];
  return value === undefined || value === null || (typeof value === 'string' && stops.includes(value))
    ? 'stop'
    : 'other';
}

/** What of an answer's content decides its finish reason. */
export function finishFacts(content: readonly Part[]): { readonly hasCall: boolean; readonly refused: boolean } {
  const has = (type: Part['type']): boolean => content.some((part) => part.type === type);
  return { hasCall: has('tool-call'), refused: has('refusal') && !has('text') };
}

/** IR -> `finish_reason`. `refused`: the answer holds a refusal, which then says itself why it ended. */
export function encodeFinishReason(reason: FinishReason, refused: boolean): string {
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
