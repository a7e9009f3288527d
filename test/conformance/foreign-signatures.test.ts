/**
 * Signatures go back to those who made them and to nobody else: a model changed and changed back, two families of one
 * dialect, an account that cannot read another's, and reasoning that was withheld.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { echoClients } from './echo.ts';
import { memoryOf } from './memory.ts';
import { dialects } from './model.ts';

/** Two servers; both speak every dialect, and none reads the other's signatures. */
const upstreams: ScriptedUpstream[] = [];
let proxy: TestProxy;
let count = 0;
/** By server and dialect, fresh for each conversation. */
const signatureOf = (server: number, dialect: UpstreamDialect): string =>
  Buffer.from(`SIGNATURE-${count}-of-${server}-${dialect}`).toString('base64');

const config = (origins: readonly string[]): string => `
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
${origins.map((origin, n) => `  - { name: server${n}, base-url: "${origin}/v1", api-key-entries: [{ api-key: sk-chat-${n} }], models: [{ name: chat-${n}, alias: chat }, { name: chat-${n} }] }`).join('\n')}
codex-api-key:
${origins.map((origin, n) => `  - { api-key: sk-responses-${n}, base-url: "${origin}/v1", models: [{ name: responses-${n}, alias: responses }, { name: responses-${n} }] }`).join('\n')}
claude-api-key:
${origins.map((origin, n) => `  - { api-key: sk-claude-${n}, base-url: "${origin}", models: [{ name: claude-${n}, alias: claude }, { name: claude-${n} }] }`).join('\n')}
gemini-api-key:
${origins.map((origin, n) => `  - { api-key: sk-gemini-${n}, base-url: "${origin}", models: [{ name: gemini-${n}, alias: gemini }, { name: gemini-${n} }] }`).join('\n')}
`;

const short: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'anthropic-messages': 'claude',
  gemini: 'gemini',
};

beforeAll(async () => {
  for (const server of [0, 1]) {
    upstreams.push(
      await startScriptedUpstream(({ dialect, toolResult }) =>
        toolResult === undefined
          ? {
              reasoning: 'I need the weather.',
              signature: signatureOf(server, dialect),
              toolCalls: [{ id: `call_${count}_${server}`, name: 'get_weather', arguments: { city: 'Bern' } }],
            }
          : { reasoning: `Thought ${count}.`, signature: signatureOf(server, dialect), text: `Sunny ${count}.` },
      ),
    );
  }
  proxy = await createTestProxy(config(upstreams.map(({ origin }) => origin)));
});

afterAll(async () => {
  await proxy?.close();
  for (const upstream of upstreams) await upstream.close();
});

/** The answer's text; what the server saw is the last of its `seen`. */
async function ask(client: UpstreamDialect, model: string, stream: boolean, body: Wire): Promise<Response> {
  const answer = await proxy.post(
    echoClients[client].path(model, stream),
    client === 'gemini' ? body : { ...body, model },
  );
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer;
}

const seenBy = (server: number): string => JSON.stringify(upstreams[server]?.seen.at(-1)?.body);

describe.for(dialects)('%s client', (client) => {
  const { first, second } = echoClients[client];

  describe.for(dialects)('%s upstreams of two families', (target) => {
    const name = short[target];

    test.for([false, true])('a signature goes to the family that made it only, stream: %s', async (stream) => {
      count++;
      const answer = await ask(client, `${name}-0`, stream, first('', stream));
      const history = second('', stream, await answer.text());
      const other = await ask(client, `${name}-1`, stream, history);
      expect(seenBy(1)).not.toContain(signatureOf(0, target));
      expect(seenBy(1)).toContain(`call_${count}_0`);
      await other.text();
      const own = await ask(client, `${name}-0`, stream, history);
      await own.text();
      expect(memoryOf(target, upstreams[0]?.seen.at(-1)?.body).signature).toBe(signatureOf(0, target));
    });
  });

  test.for([false, true])('failover to another family amid a conversation, stream: %s', async (stream) => {
    count++;
    const name = short[client];
    const answer = await ask(client, `${name}-0`, stream, first('', stream));
    const history = second('', stream, await answer.text());
    const [primary] = upstreams;
    if (primary === undefined) throw new Error('no upstream');
    const script = primary.script;
    primary.script = () => ({ fault: 'reset-before' });
    for (const server of upstreams) server.seen.length = 0;
    try {
      for (let turn = 0; turn < 2; turn++) await (await ask(client, name, stream, history)).text();
      expect(upstreams[1]?.seen.length).toBeGreaterThan(0);
      for (const { body } of upstreams[1]?.seen ?? []) {
        expect(JSON.stringify(body)).not.toContain(signatureOf(0, client));
      }
    } finally {
      primary.script = script;
    }
  });
});

test('Claude, then Gemini, then Claude again: each gets its own signatures verbatim and no other', async () => {
  count++;
  const { first } = echoClients['anthropic-messages'];
  const say = async (model: string, messages: readonly Wire[]): Promise<Wire[]> => {
    const answer = await ask('anthropic-messages', model, false, { ...first('', false), messages });
    const { content }: Wire = await answer.json();
    const results = content
      .filter((block: Wire) => block.type === 'tool_use')
      .map((block: Wire) => ({ type: 'tool_result', tool_use_id: block.id, content: 'sunny' }));
    const next = results.length > 0 ? results : [{ type: 'text', text: 'and now?' }];
    return [...messages, { role: 'assistant', content }, { role: 'user', content: next }];
  };
  const [server] = upstreams;
  if (server === undefined) throw new Error('no upstream');
  const script = server.script;
  server.script = ({ dialect }, index) => ({
    reasoning: `Thought ${index}.`,
    signature: signatureOf(0, dialect),
    toolCalls: [{ id: `call_${count}_${index}`, name: 'get_weather', arguments: { city: 'Bern' } }],
  });
  const claude = signatureOf(0, 'anthropic-messages');
  const gemini = signatureOf(0, 'gemini');
  const one = await say('claude-0', first('', false).messages);
  const two = await say('gemini-0', one);
  expect(seenBy(0)).not.toContain(claude);
  await say('claude-0', two);
  expect(seenBy(0)).toContain(`"signature":"${claude}"`);
  expect(seenBy(0)).not.toContain(gemini);
  expect(seenBy(0)).not.toContain('llmproxy.');
  await say('gemini-0', two);
  expect(seenBy(0)).toContain(gemini);
  expect(seenBy(0)).not.toContain(claude);
  server.script = script;
});
