/** Every reason for which an upstream says it ended, and what each client is told in its own word. */
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';

/** One reason of one upstream. */
export interface FinishRow {
  readonly upstream: UpstreamDialect;
  readonly reason: string;
  /** The answer holds a call. */
  readonly call?: boolean;
  readonly told: Readonly<Record<UpstreamDialect, string>>;
}

const row = (
  upstream: UpstreamDialect,
  reason: string,
  [chat, responses, messages, gemini]: readonly [string, string, string, string],
  call = false,
): FinishRow => ({
  upstream,
  reason,
  call,
  told: { 'openai-chat': chat, 'openai-responses': responses, 'anthropic-messages': messages, gemini },
});

const ended = ['stop', 'completed', 'end_turn', 'STOP'] as const;
const cut = ['length', 'max_output_tokens', 'max_tokens', 'MAX_TOKENS'] as const;
const called = ['tool_calls', 'completed', 'tool_use', 'STOP'] as const;
const filtered = ['content_filter', 'content_filter', 'refusal', 'SAFETY'] as const;

const wordsOf: Readonly<Record<UpstreamDialect, 0 | 1 | 2 | 3>> = {
  'openai-chat': 0,
  'openai-responses': 1,
  'anthropic-messages': 2,
  gemini: 3,
};

/** To its own clients an upstream's word goes as it is. */
function rows(
  upstream: UpstreamDialect,
  told: readonly [string, string, string, string],
  reasons: readonly string[],
  call = false,
): FinishRow[] {
  return reasons.map((reason) => {
    const words: [string, string, string, string] = [...told];
    words[wordsOf[upstream]] = reason;
    return row(upstream, reason, words, call);
  });
}

export const finishRows: readonly FinishRow[] = [
  ...rows('openai-chat', ended, ['stop']),
  ...rows('openai-chat', cut, ['length']),
  ...rows('openai-chat', called, ['tool_calls', 'function_call'], true),
  ...rows('openai-chat', filtered, ['content_filter']),
  ...rows('openai-responses', ended, ['completed']),
  ...rows('openai-responses', called, ['completed'], true),
  ...rows('openai-responses', cut, ['max_output_tokens']),
  ...rows('openai-responses', filtered, ['content_filter']),
  ...rows('anthropic-messages', ended, ['end_turn', 'stop_sequence', 'pause_turn']),
  ...rows('anthropic-messages', cut, ['max_tokens', 'model_context_window_exceeded']),
  ...rows('anthropic-messages', called, ['tool_use'], true),
  ...rows('anthropic-messages', filtered, ['refusal']),
  ...rows('gemini', ended, ['STOP']),
  ...rows('gemini', called, ['STOP'], true),
  ...rows('gemini', cut, ['MAX_TOKENS']),
  ...rows('gemini', filtered, [
    'SAFETY',
    'RECITATION',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'MODEL_ARMOR',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
    'IMAGE_RECITATION',
  ]),
  ...rows('gemini', ended, ['OTHER', 'LANGUAGE', 'IMAGE_OTHER', 'NO_IMAGE', 'FINISH_REASON_UNSPECIFIED']),
  ...rows(
    'gemini',
    ['error', 'failed', 'end_turn', 'OTHER'],
    [
      'MALFORMED_FUNCTION_CALL',
      'MALFORMED_RESPONSE',
      'UNEXPECTED_TOOL_CALL',
      'TOO_MANY_TOOL_CALLS',
      'MISSING_THOUGHT_SIGNATURE',
    ],
  ),
];
