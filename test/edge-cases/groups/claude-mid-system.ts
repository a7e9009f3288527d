/** Instructions amid the conversation, which only some Claude models take. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { message, text } from '../claude-wire.ts';
import { claudeAsk, withGateway } from '../gateway.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { claudeError, jsonAnswer } from '../server-answers.ts';
import { request } from '../through.ts';

const ok = jsonAnswer(message([text('fine')]));
const words = 'messages.1.role: system is not supported by this model';
const refused = claudeError('invalid_request_error', words);
const asked = {
  ...claudeAsk,
  messages: [
    ...claudeAsk.messages,
    { role: 'system', content: 'S' },
    { role: 'assistant', content: 'a' },
    ...claudeAsk.messages,
  ],
};

/** With `rebuild-mid-system-message`, also for a count. */
export async function checkRebuilt(): Promise<void> {
  for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
    await withGateway(
      path.endsWith('count_tokens') ? jsonAnswer({ input_tokens: 3 }) : ok,
      async (gateway) => {
        const got = await gateway.post(path, { ...asked, system: 'first' });
        expect([got.status, gateway.seen.length]).toEqual([200, 1]);
        const { system, messages } = gateway.seen[0]?.body ?? {};
        expect(system).toEqual([text('first'), text('S')]);
        expect(messages).toEqual(asked.messages.filter((one: Wire) => one.role !== 'system'));
      },
      { entry: '    rebuild-mid-system-message: true\n    models: [{ name: up }]' },
    );
  }
}

export const claudeMidSystem: Group = {
  group: 'claude_mid_system_model',
  entries: [
    {
      names: [
        'ClaudeExecutor_LegacyMidSystemMessageRejectedOnEveryUpstreamPath',
        'ValidateClaudeMidSystemMessageModel',
      ],
      note: 'which models take them is for the server to say: its refusal arrives in its own words, and no other key is asked',
      async run() {
        for (const [path, more] of [
          ['/v1/messages', {}],
          ['/v1/messages', { stream: true }],
          ['/v1/messages/count_tokens', {}],
        ] as const) {
          await withGateway(
            jsonAnswer(refused, 400),
            async (gateway) => {
              const got = await gateway.post(path, { ...asked, ...more });
              expect([got.status, got.body]).toEqual([400, refused]);
              expect(gateway.seen).toHaveLength(1);
            },
            { keys: ['sk-up-1', 'sk-up-2'] },
          );
        }
      },
    },
    {
      names: [
        'ClaudeExecutor_ConfirmedNativeLegacyMidSystemMessageForwarded',
        'ClaudeExecutor_LegacyMidSystemMessageForwardedToThirdPartyGateway',
        'ClaudeExecutor_SupportedModelMidSystemMessageForwarded',
        'ClaudePayloadHasMidSystemMessage',
      ],
      async run() {
        for (const name of ['claude-opus-4-1', 'claude-sonnet-9', 'somebody-elses']) {
          await withGateway(
            ok,
            async (gateway) => {
              const body = { ...asked, model: name };
              expect((await gateway.post('/v1/messages', body)).status).toBe(200);
              expect(gateway.seen[0]?.text).toBe(JSON.stringify(body));
            },
            { entry: `    models: [{ name: ${name} }]` },
          );
        }
      },
    },
    {
      names: [
        'ClaudeExecutor_PayloadOverrideCannotSmuggleLegacyMidSystemMessage',
        'ClaudeExecutor_PayloadOverrideDoesNotClaimMatchingCallerTurn',
      ],
      note: 'rules are the last word of the operator: what they write is sent',
      async run() {
        const config =
          'payload:\n  override:\n    - models: [{ name: "*" }]\n      params: { messages.1.role: system }';
        await withGateway(
          ok,
          async (gateway) => {
            const messages = [...claudeAsk.messages, { role: 'user', content: 'S' }];
            await gateway.post('/v1/messages', { ...claudeAsk, messages });
            expect(gateway.seen[0]?.body.messages).toEqual([...claudeAsk.messages, { role: 'system', content: 'S' }]);
          },
          { config },
        );
      },
    },
    {
      names: ['TranslatedRequestNeverPairsLegacyModelWithMidSystemMessage'],
      run() {
        const system = { role: 'system', content: 'S' };
        const chat = { messages: [claudeAsk.messages[0], system, claudeAsk.messages[0]] };
        const responses = { input: chat.messages };
        for (const { body } of [
          request('openai-chat', 'anthropic-messages', chat),
          request('openai-responses', 'anthropic-messages', responses),
          request('anthropic-messages', 'anthropic-messages', asked),
        ]) {
          expect(body.messages.map(({ role }: { role: string }) => role)).not.toContain('system');
          expect(JSON.stringify(body.messages)).toContain('<system-reminder>\\nS\\n</system-reminder>');
        }
      },
    },
    { names: ['ClaudeExecutor_LegacyMidSystemMessageOptInStillRebuilds'], run: () => checkRebuilt() },
    { names: ['ClaudeExecutor_PayloadOverrideReconcilesRelocatedSystemPrompt'], because: reasons.imitation },
  ],
};
