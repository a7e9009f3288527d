/** Aliases, forced names, pools, prefixes, exclusions, copied and passed headers, over real sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, bodyOf, dialects, pairs, pathOf } from '../faults/dialect-client.ts';
import { type Gateway, listen } from '../faults/gateway.ts';
import {
  type Script,
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';

/** What a model may say without being renamed for it. */
const trap = { model: 'inner', nested: { model: 'inner', modelVersion: 'inner' } };
const answer: Script = () => ({ text: 'my "model": "inner" is fine', toolCalls: [{ name: 'pick', arguments: trap }] });

const configOf = (origin: string): string => `
host: 127.0.0.1
port: 0
log-level: silent
request-retry: 0
passthrough-headers: true
api-keys: [sk-test-client-key]
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    prefix: team
    headers: { X-Session: $X-Client-Session, X-Fixed: fixed, User-Agent: $X-Agent }
    api-key-entries: [{ api-key: sk-fake-chat }]
    models:
      - { name: real-chat, alias: my-openai-chat, force-mapping: true }
      - { name: pool-a, alias: pool }
      - { name: pool-b, alias: pool }
      - { name: pool-c, alias: pool }
codex-api-key:
  - { api-key: sk-fake-responses, base-url: "${origin}/v1", models: [{ name: real-responses, alias: my-openai-responses, force-mapping: true }] }
claude-api-key:
  - api-key: sk-fake-claude
    base-url: ${origin}
    excluded-models: ["real-*-preview"]
    models: [{ name: real-claude, alias: my-anthropic-messages, force-mapping: true }, { name: real-x-preview }]
gemini-api-key:
  - { api-key: sk-fake-gemini, base-url: "${origin}", models: [{ name: real-gemini, alias: my-gemini, force-mapping: true }] }
`;

let upstream: ScriptedUpstream;
let gateway: Pick<Gateway, 'origin' | 'close'>;
beforeAll(async () => {
  upstream = await startScriptedUpstream(answer);
  gateway = await listen(configOf(upstream.origin));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const real: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'real-chat',
  'openai-responses': 'real-responses',
  'anthropic-messages': 'real-claude',
  gemini: 'real-gemini',
};
const tools = {
  'openai-chat': [{ type: 'function', function: { name: 'pick', parameters: { type: 'object' } } }],
  'openai-responses': [{ type: 'function', name: 'pick', parameters: { type: 'object' } }],
  'anthropic-messages': [{ name: 'pick', input_schema: { type: 'object' } }],
  gemini: [{ functionDeclarations: [{ name: 'pick', parameters: { type: 'OBJECT' } }] }],
};

describe.for(pairs)('a forced name: %s client, %s upstream', ([client, to]) => {
  test.for([false, true])('is the only one that the client sees (stream %s)', async (stream) => {
    const reply = await ask(gateway.origin, client, `my-${to}`, { stream, extra: { tools: tools[client] } });
    const text = await reply.text();
    expect([reply.status, upstream.seen.at(-1)?.model]).toEqual([200, real[to]]);
    expect(text).not.toContain(real[to]);
    expect(text).toContain(`"my-${to}"`);
    if (client !== to) return;
    // On the way through, nothing else has changed: not a "model" in text, nor one among the arguments of a tool.
    const direct = await fetch(upstream.origin + pathOf(to, real[to], stream), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...bodyOf(to, real[to], stream), tools: tools[to] }),
    });
    expect(text).toBe((await direct.text()).replaceAll(`"${real[to]}"`, `"my-${to}"`));
  });
});

test('a forced name in a JSON array of Gemini', async () => {
  const reply = await fetch(`${gateway.origin}/v1beta/models/my-gemini:streamGenerateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test-client-key' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
  });
  const text = await reply.text();
  expect(Array.isArray(JSON.parse(text))).toBe(true);
  expect(text).toContain('"modelVersion":"my-gemini"');
  expect(text).not.toContain('real-gemini');
});

describe('an alias with several models', () => {
  const models = (): string[] => upstream.seen.map((seen) => seen.model);
  const down = { fault: 'status', body: '{"error":{"message":"no"}}' } as const;

  test('takes them in turn', async () => {
    upstream.seen.length = 0;
    for (let index = 0; index < 4; index++) await (await ask(gateway.origin, 'openai-chat', 'pool')).text();
    expect(models()).toEqual(['pool-a', 'pool-b', 'pool-c', 'pool-a']);
  });

  test.for([404, 500])('%i: the next one answers', async (status) => {
    const own = await listen(configOf(upstream.origin));
    upstream.seen.length = 0;
    upstream.script = (seen, index) => (seen.model === 'pool-a' ? { ...down, status } : answer(seen, index));
    const reply = await ask(own.origin, 'openai-chat', 'team/pool', { stream: true });
    expect([reply.status, models()]).toEqual([200, ['pool-a', 'pool-b']]);
    await reply.text();
    await own.close();
    upstream.script = answer;
  });

  test('400 is about the request: nobody else is asked; 401 is about the key: neither', async () => {
    for (const status of [400, 401]) {
      const own = await listen(configOf(upstream.origin));
      upstream.seen.length = 0;
      upstream.script = () => ({ ...down, status });
      const reply = await ask(own.origin, 'openai-chat', 'pool');
      expect([reply.status, models()]).toEqual([status, ['pool-a']]);
      await reply.text();
      await own.close();
    }
    upstream.script = answer;
  });
});

test('an excluded model is not there, the others are', async () => {
  const reply = await fetch(`${gateway.origin}/v1/models`, { headers: { authorization: 'Bearer sk-test-client-key' } });
  const { data }: Wire = await reply.json();
  const ids = data.map(({ id }: Wire) => id);
  expect(ids).toContain('team/my-openai-chat');
  expect(ids).toContain('my-anthropic-messages');
  expect(ids).not.toContain('real-x-preview');
  expect((await ask(gateway.origin, 'anthropic-messages', 'real-x-preview')).status).toBe(404);
});

describe('headers', () => {
  test("$Name copies the client's header; one that it lacks is not sent", async () => {
    await (await ask(gateway.origin, 'openai-chat', 'pool', { headers: { 'x-client-session': 's-1' } })).text();
    expect(upstream.seen.at(-1)?.headers).toMatchObject({ 'x-session': 's-1', 'x-fixed': 'fixed' });
    await (await ask(gateway.origin, 'openai-chat', 'pool', { headers: { 'x-client-session': '' } })).text();
    expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('x-session');
    expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('user-agent');
  });

  test.for(dialects)("of an upstream's error reach a %s client, without those of a gateway between", async (client) => {
    const own = await listen(configOf(upstream.origin));
    upstream.script = () => ({
      fault: 'status',
      status: 400,
      headers: {
        'x-vendor-request': 'r-1',
        'x-litellm-model': 'm',
        'set-cookie': 'a=b',
        'content-type': 'application/json',
      },
      body: '{"error":{"message":"no","type":"invalid_request_error"}}',
    });
    const reply = await ask(own.origin, client, 'my-anthropic-messages');
    expect([reply.status, reply.headers.get('x-vendor-request')]).toEqual([400, 'r-1']);
    expect([reply.headers.get('x-litellm-model'), reply.headers.get('set-cookie')]).toEqual([null, null]);
    expect(JSON.stringify(await reply.json())).toContain('no');
    await own.close();
    upstream.script = answer;
  });
});
