/** Turns of one conversation stay on one account, over real sockets, for clients that name no session. */
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import type { Script, UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { pairs, pathOf } from './dialect-client.ts';
import { type Gateway, type GatewayOptions, keyOf, startGateway } from './gateway.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

/** What was said so far: the user and the assistant by turns. */
function bodyOf(dialect: UpstreamDialect, model: string, said: readonly string[], stream: boolean): Wire {
  const role = (index: number, assistant: string): string => (index % 2 === 0 ? 'user' : assistant);
  switch (dialect) {
    case 'openai-chat':
      return { model, stream, messages: said.map((content, index) => ({ role: role(index, 'assistant'), content })) };
    case 'openai-responses':
      return {
        model,
        stream,
        instructions: 'Be kind.',
        input: said.map((text, index) => ({
          role: role(index, 'assistant'),
          content: [{ type: index % 2 === 0 ? 'input_text' : 'output_text', text }],
        })),
      };
    case 'anthropic-messages':
      return {
        model,
        stream,
        max_tokens: 100,
        system: [{ type: 'text', text: 'Be kind.' }],
        // The mark moves with every turn.
        messages: said.map((text, index) => ({
          role: role(index, 'assistant'),
          content: [{ type: 'text', text, ...(index === said.length - 1 && { cache_control: { type: 'ephemeral' } }) }],
        })),
      };
    case 'gemini':
      return {
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        contents: said.map((text, index) => ({ role: role(index, 'model'), parts: [{ text }] })),
      };
  }
}

async function say(dialect: UpstreamDialect, model: string, said: readonly string[], stream = false): Promise<string> {
  const reply = await fetch(gateway.origin + pathOf(dialect, model, stream), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify(bodyOf(dialect, model, said, stream)),
  });
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
  return gateway.keys().at(-1) ?? '';
}

const start = async (script: Script, options?: GatewayOptions): Promise<void> => {
  gateway = await startGateway(script, options);
};

test.for(pairs)('%s client, %s upstream: a conversation stays, others go elsewhere', async ([client, upstream]) => {
  await start(() => ({ text: 'ok.' }));
  const model = upstreamModels[upstream];
  const begun: string[] = [];
  for (const name of ['p', 'q', 'r', 's']) begun.push(await say(client, model, [`question ${name}`]));
  expect(begun.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  for (const stream of [false, true]) {
    const goneOn: string[] = [];
    for (const name of ['p', 'q', 'r', 's'])
      goneOn.push(await say(client, model, [`question ${name}`, `answer ${name}`, stream ? 'go on' : 'and?'], stream));
    expect(goneOn).toEqual(begun);
  }
});

test.for(pairs)('%s client, %s upstream: after a 429 it moves, and stays there', async ([client, upstream]) => {
  let dry = '';
  await start((seen) =>
    keyOf(seen) === dry
      ? { fault: 'status', status: 429, headers: { 'retry-after': '1' }, body: '{"error":{"message":"slow down"}}' }
      : { text: 'ok.' },
  );
  const model = upstreamModels[upstream];
  const first = await say(client, model, ['question']);
  const other = first === 'one' ? 'two' : 'one';
  dry = first;
  const said = ['question', 'answer', 'and?'];
  expect(await say(client, model, said)).toBe(other);
  dry = '';
  await new Promise((done) => setTimeout(done, 1100));
  for (let turn = 0; turn < 3; turn++) expect(await say(client, model, [...said, 'more', 'and?'])).toBe(other);
});

test('with affinity switched off everybody takes turns', async () => {
  await start(() => ({ text: 'ok.' }), { config: 'request-retry: 0\nrouting: { session-affinity: false }' });
  const model = upstreamModels['openai-chat'];
  const keys: string[] = [];
  for (let turn = 0; turn < 4; turn++) keys.push(await say('openai-chat', model, ['question', 'answer', 'and?']));
  expect(keys).toEqual(['one', 'two', 'one', 'two']);
});

test('a name in a header holds a conversation together that begins anew', async () => {
  await start(() => ({ text: 'ok.' }));
  const keys: string[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const reply = await fetch(`${gateway.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${CLIENT_KEY}`,
        'session-id': turn < 3 ? 'one' : 'other',
      },
      body: JSON.stringify(bodyOf('openai-chat', upstreamModels['openai-chat'], [`summary ${turn}`], false)),
    });
    await reply.text();
    keys.push(gateway.keys().at(-1) ?? '');
  }
  expect(keys).toEqual(['one', 'one', 'one', 'two', 'two', 'two']);
});
