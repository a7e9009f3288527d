/** Thinking in the history of a Claude client that Claude did not sign. */
import { expect } from 'vitest';
import { events, message, text, thinking, toolUse } from '../claude-wire.ts';
import { claudeAsk, type Seen, withGateway } from '../gateway.ts';
import type { Entry } from '../ledger.ts';
import { claudeError, jsonAnswer, streamAnswer } from '../server-answers.ts';
import { request, sse } from '../through.ts';

const ok = jsonAnswer(message([text('fine')]));
const okStream = streamAnswer(sse('anthropic-messages', events([text('fine')])));
const counted = jsonAnswer({ input_tokens: 7 });
const refused = jsonAnswer(
  claudeError('invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block'),
  400,
);

const history = (signature: string, words = 'T') => ({
  ...claudeAsk,
  messages: [
    ...claudeAsk.messages,
    { role: 'assistant', content: [thinking(words, signature), text('a')] },
    { role: 'user', content: 'next' },
  ],
});
const answered = ({ body }: Seen) => body.messages[1].content;

/** Foreign by its tag: known to be another provider's. */
const TAGGED = 'llmproxy.openai-responses.gAAAAABfake';

async function expectStripped(handler: typeof ok, path: string, more: object): Promise<void> {
  await withGateway(handler, async (gateway) => {
    expect((await gateway.post(path, { ...history(TAGGED), ...more })).status).toBe(200);
    expect(gateway.seen.map(answered)).toEqual([[text('a')]]);
  });
}

export const foreignThinking: readonly Entry[] = [
  {
    names: [
      'ClaudeExecutor_ExecuteStripsOpenAIEncryptedThinkingBeforeUpstream',
      'ClaudeExecutor_ExecuteSanitizesSignaturesBeforeUpstream',
    ],
    run: () => expectStripped(ok, '/v1/messages', {}),
  },
  {
    names: ['ClaudeExecutor_ExecuteStreamStripsOpenAIEncryptedThinkingBeforeUpstream'],
    run: () => expectStripped(okStream, '/v1/messages', { stream: true }),
  },
  {
    names: ['ClaudeExecutor_CountTokensExcludesInvalidOpenAIThinking'],
    run: () => expectStripped(counted, '/v1/messages/count_tokens', {}),
  },
  {
    names: [
      'ClaudeExecutor_ExecuteStripsMalformedEPrefixThinkingBeforeUpstream',
      'ClaudeExecutor_ExecuteStripsInvalidBase64ThinkingBeforeUpstream',
      'ShouldSanitizeClaudeMessagesForUpstream_OnlyClaudeFamily',
      'SanitizeClaudeMessagesForClaudeUpstream_BypassesUnknownModelSignatureMatrix',
      'ClaudeExecutor_ExecuteBypassesSignatureSanitizerForUnknownModel',
    ],
    note: 'only the server can tell a good signature: it is asked, and when it refuses one, asked again without',
    async run() {
      for (const signature of ['Enot-really', 'no base64 !!', 'gAAAAABfake']) {
        await withGateway(
          (seen, response, body) => (body.includes('"signature"') ? refused : ok)(seen, response, body),
          async (gateway) => {
            const got = await gateway.post('/v1/messages', history(signature));
            expect([got.status, got.body.content]).toMatchObject([200, [text('fine')]]);
            expect(gateway.seen.map(answered)).toEqual([[thinking('T', signature), text('a')], [text('a')]]);
          },
        );
        await withGateway(ok, async (gateway) => {
          await gateway.post('/v1/messages', history(signature));
          expect(gateway.seen[0]?.text).toBe(JSON.stringify(history(signature)));
        });
      }
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteStripsEmptySignatureEmptyTextThinking'],
    async run() {
      for (const words of ['', 'T']) {
        await withGateway(ok, async (gateway) => {
          await gateway.post('/v1/messages', history('', words));
          expect(gateway.seen.map(answered)).toEqual([[text('a')]]);
        });
      }
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteStripsForeignToolUseSignaturesBeforeUpstream'],
    note: 'no client gets such fields from here; where a body is written anew they are gone',
    run() {
      const signed = { ...toolUse('t1'), signature: 's', thoughtSignature: 's', thought_signature: 's', model: 'm' };
      const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'r' }] };
      const messages = [...claudeAsk.messages, { role: 'assistant', content: [signed] }, result];
      const { body } = request('anthropic-messages', 'anthropic-messages', { ...claudeAsk, messages });
      expect(body.messages[1].content).toEqual([toolUse('t1')]);
    },
  },
];
