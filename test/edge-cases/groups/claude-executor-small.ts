/** Small groups about requests to Claude's servers that are nearly all about accounts or imitation. */
import { expect } from 'vitest';
import { message, text } from '../claude-wire.ts';
import { claudeAsk, withGateway } from '../gateway.ts';
import type { Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { jsonAnswer } from '../server-answers.ts';

export const claudeAccounts: readonly Group[] = [
  {
    group: 'claude_executor_auth_race',
    entries: [{ names: names.claude_executor_auth_race, because: reasons.goInternal }],
  },
  { group: 'claude_executor_auth', entries: [{ names: names.claude_executor_auth, because: reasons.oauthAccount }] },
  {
    group: 'claude_executor_diagnostics',
    entries: [{ names: names.claude_executor_diagnostics, because: reasons.imitation }],
  },
  {
    group: 'claude_executor_native_helper',
    entries: [{ names: names.claude_executor_native_helper, because: reasons.imitation }],
  },
  {
    group: 'claude_executor_request_remap',
    entries: [{ names: names.claude_executor_request_remap, because: reasons.imitation }],
  },
  {
    group: 'claude_executor_thinking_signature',
    entries: [
      {
        names: ['ClaudeThinkingSignaturesSurviveUpstreamPreparation'],
        async run() {
          const thinking = { type: 'thinking', thinking: 'T', signature: 'Eq+/Sig==' };
          const messages = [
            ...claudeAsk.messages,
            { role: 'assistant', content: [thinking, text('a')] },
            ...claudeAsk.messages,
          ];
          await withGateway(jsonAnswer(message([text('x')])), async (gateway) => {
            const asked = { ...claudeAsk, messages };
            expect((await gateway.post('/v1/messages', asked)).status).toBe(200);
            expect(gateway.seen[0]?.text).toBe(JSON.stringify(asked));
          });
        },
      },
    ],
  },
];
