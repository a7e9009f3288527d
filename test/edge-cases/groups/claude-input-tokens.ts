/** What of a request counts as input of Claude, and what `message_start` says of it. */
import { expect } from 'vitest';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { stream } from '../through.ts';

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices,
  ...more,
});
const chat = [
  chunk([{ index: 0, delta: { role: 'assistant', content: 'hello' }, finish_reason: null }]),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } }),
  '[DONE]',
];
const asked = { max_tokens: 9, messages: [{ role: 'user', content: 'x'.repeat(40) }] };
const inputs = (given: ReturnType<typeof stream>) =>
  given.flatMap(({ data }) => {
    const { input_tokens: tokens } = data.message?.usage ?? data.usage ?? {};
    return tokens === undefined ? [] : [[data.type, tokens]];
  });

export const claudeInputTokens: Group = {
  group: 'claude_input_tokens',
  entries: [
    {
      names: ['CollectClaudeInputTokenSegments', 'CollectClaudeInputTokenSegmentsIncludesKnownToolResults'],
      test: 'src/pipeline/estimate-tokens.test.ts > what a request holds is counted, each kind of part and tool',
    },
    {
      names: ['CountClaudeInputTokensExcludesMultimediaAndControlFields'],
      note: 'images have a flat rate instead of none: nothing is what they surely do not cost',
      test: 'src/pipeline/estimate-tokens.test.ts > images, audio and files have a flat rate, in tool results too',
    },
    {
      names: ['TranslateStreamWithClaudeInputTokensPatchesMessageStartOnce'],
      run() {
        const given = stream('anthropic-messages', 'openai-chat', chat, asked);
        expect(inputs(given)).toEqual([
          ['message_start', 10],
          ['message_delta', 7],
        ]);
      },
    },
    {
      names: ['ClaudeInputTokenStatePatchesMissingAndPreservesNonZero'],
      test: 'src/dialects/anthropic-messages/estimated-input.test.ts > what the provider says at the start stands',
    },
    {
      names: ['ClaudeInputTokenStatePreservesCRLFAndNonTargetEvents'],
      test: 'src/pipeline/passthrough.test.ts > a stream goes through byte for byte, usage from its end',
    },
    {
      names: ['ClaudeInputTokenStateSkipsUnsupportedFlows'],
      run() {
        const upstream = chat.slice(0, 2).concat('[DONE]');
        const given = stream('openai-chat', 'openai-chat', upstream, { messages: asked.messages });
        expect(JSON.stringify(given)).not.toContain('prompt_tokens');
        const first = stream('openai-responses', 'openai-chat', chat, { input: 'x'.repeat(40) })[0];
        expect(first?.data.response.usage).toBeNull();
      },
    },
    {
      names: [
        'ClaudeInputTokenStateCountErrorKeepsZero',
        'ClaudeInputTokenStateInvalidJSONKeepsZeroWithoutLoggingRequest',
      ],
      because: 'the estimate is made of the decoded request and cannot fail',
    },
    { names: ['ClaudeInputTokenizerConcurrentCount'], because: reasons.goInternal },
  ],
};
