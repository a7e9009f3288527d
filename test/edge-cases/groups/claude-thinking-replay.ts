/** Thinking that a client leaves out of the history. */
import { expect } from 'vitest';
import { credentialModels } from '../../../src/config/build-credential.ts';
import { events, message, text, thinking, toolUse } from '../claude-wire.ts';
import { claudeAsk, type Gateway, withGateway } from '../gateway.ts';
import type { Group } from '../ledger.ts';
import { claudeError, jsonAnswer, streamAnswer } from '../server-answers.ts';
import { sse } from '../through.ts';

type Wire = Parameters<typeof message>[1];

const compat = { entry: '    models: [{ name: up, is-compat: true }]' };
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const user = { role: 'user', content: 'go' };
const chat = (gateway: Gateway, messages: readonly Wire[], stream = false) =>
  gateway.post('/v1/chat/completions', { model: 'up', tools, messages, stream });

/** What a client that forgets the thinking says after a call and its result. */
const after = (...ids: string[]): Wire[] => [
  user,
  ...ids.flatMap((id) => [
    { role: 'assistant', content: null, tool_calls: [call(id)] },
    { role: 'tool', tool_call_id: id, content: 'r' },
  ]),
];
const assistantTurns = (gateway: Gateway, index: number) =>
  gateway.seen[index]?.body.messages
    .filter(({ role }: Wire) => role === 'assistant')
    .map(({ content }: Wire) => content);

const steps = [[thinking('T1', 'S1'), toolUse('t1')], [thinking('T2', 'S2'), toolUse('t2')], [text('done')]];

/** Answers the steps one after the other. */
function inTurn(stream: boolean): Parameters<typeof withGateway>[0] {
  let step = 0;
  return (seen, response, body) => {
    const content = steps[Math.min(step++, 2)] ?? [];
    const handler = stream ? streamAnswer(sse('anthropic-messages', events(content))) : jsonAnswer(message(content));
    handler(seen, response, body);
  };
}

async function restores(stream: boolean): Promise<void> {
  await withGateway(
    inTurn(stream),
    async (gateway) => {
      await chat(gateway, [user], stream);
      await chat(gateway, after('t1'), stream);
      expect(assistantTurns(gateway, 1)).toEqual([[thinking('T1', 'S1'), expect.objectContaining(toolUse('t1'))]]);
    },
    compat,
  );
}

export const claudeThinkingReplay: Group = {
  group: 'claude_thinking_replay',
  entries: [
    {
      names: ['ClaudeThinkingReplayEnabledRequiresCompatClaudeAPIKey'],
      note: 'signed thinking is put back for every model; unsigned is kept for models that are said to take it',
      async run() {
        const entry = { name: 'up', alias: '', 'display-name': '', 'force-mapping': false };
        expect(credentialModels([{ ...entry, 'is-compat': true }])).toEqual([
          { name: 'up', info: { unsignedReasoning: true } },
        ]);
        expect(credentialModels([{ ...entry, 'is-compat': false }])).toEqual([{ name: 'up' }]);
        const unsigned = [thinking('T', ''), text('a')];
        const messages = [...claudeAsk.messages, { role: 'assistant', content: unsigned }, ...claudeAsk.messages];
        for (const [options, kept] of [
          [compat, unsigned],
          [{}, [text('a')]],
        ] as const) {
          await withGateway(
            jsonAnswer(message([text('fine')])),
            async (gateway) => {
              await gateway.post('/v1/messages', { ...claudeAsk, messages });
              expect(gateway.seen[0]?.body.messages[1].content).toEqual(kept);
            },
            options,
          );
        }
      },
    },
    { names: ['ClaudeExecutorCompatThinkingReplayRestoresOmittedBlock'], run: () => restores(false) },
    { names: ['ClaudeExecutorCompatThinkingReplayRestoresOmittedBlockInStream'], run: () => restores(true) },
    {
      names: ['ClaudeExecutorCompatThinkingReplayRestoresMultipleOmittedBlocks'],
      async run() {
        await withGateway(inTurn(false), async (gateway) => {
          await chat(gateway, [user]);
          await chat(gateway, after('t1'));
          await chat(gateway, after('t1', 't2'));
          expect(assistantTurns(gateway, 2)).toMatchObject([
            [thinking('T1', 'S1'), toolUse('t1')],
            [thinking('T2', 'S2'), toolUse('t2')],
          ]);
        });
      },
    },
    {
      names: ['ClaudeExecutorCompatThinkingReplayClearsAfterUpstreamBadRequest'],
      note: 'a refused signature is forgotten, and the request made once more without it',
      async run() {
        const refused = jsonAnswer(
          claudeError('invalid_request_error', 'Invalid `signature` in `thinking` block'),
          400,
        );
        const turn = inTurn(false);
        await withGateway(
          (seen, response, body) => (body.includes('"signature"') ? refused : turn)(seen, response, body),
          async (gateway) => {
            await chat(gateway, [user]);
            expect((await chat(gateway, after('t1'))).status).toBe(200);
            await chat(gateway, after('t1'));
            const sent = gateway.seen.map(({ text: body }) => body.includes('"signature"'));
            expect(sent).toEqual([false, true, false, false]);
          },
        );
      },
    },
  ],
};
