/** Payload rules as an existing file of CLIProxyAPI's users has them, over real sockets, in front of every dialect. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects, pairs } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

/** What users call the dialect of an upstream. */
const protocols: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'openai',
  'openai-responses': 'codex',
  'anthropic-messages': 'claude',
  gemini: 'gemini',
};

/** What users call the dialect of a client. */
const fromProtocols = { ...protocols, 'openai-responses': 'openai-response' };

/** Where an upstream's body has its sampling settings. */
const sampling = (dialect: UpstreamDialect): string => (dialect === 'gemini' ? 'generationConfig.' : '');

const rulesOf = (dialect: UpstreamDialect): Readonly<Record<string, string>> => ({
  default: `
    - models: [{ name: "up-*", protocol: "${protocols[dialect]}" }]
      params:
        "${sampling(dialect)}temperature": 0.9
        "x_set.by.default": "${dialect}"
        "x_first": 1
    - models: [{ name: "up-*", protocol: "${protocols[dialect]}" }]
      params:
        "x_first": 2`,
  'default-raw': `
    - models: [{ name: "up-*", protocol: "${protocols[dialect]}" }]
      params:
        "x_raw": "{\\"type\\":\\"object\\",\\"list\\":[1,\\"two\\"]}"`,
  override: `
    - models:
        - name: "${upstreamModels[dialect]}"
          protocol: "${protocols[dialect]}"
          headers: { X-Team: "core-*" }
      params:
        "${sampling(dialect)}temperature": 0.25
        "x_first": 3
        "x_list.-1": "appended"`,
  'override-raw': `
    - models: [{ name: "up-*", protocol: "${protocols[dialect]}", exist: ["x_raw.list"], match: [{ x_first: 3 }] }]
      params:
        "x_raw.list.1": "false"`,
  filter: `
    - models: [{ name: "*", protocol: "${protocols[dialect]}", not-exist: ["x_list"] }]
      params: ["x_set.by", "x_missing"]`,
});

const sections = ['default', 'default-raw', 'override', 'override-raw', 'filter'];
const byClient = dialects
  .map(
    (dialect) =>
      `    - { models: [{ name: "*", from-protocol: "${fromProtocols[dialect]}" }], params: { x_client: "${dialect}" } }`,
  )
  .join('\n');
const config = `request-retry: 0
payload:
${sections
  .map((section) => `  ${section}:${dialects.map((dialect) => rulesOf(dialect)[section]).join('')}`)
  .join('\n')
  .replace('\n  override-raw:', `\n${byClient}\n  override-raw:`)}`;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(() => ({ text: 'ok.' }), { config });
});
afterAll(() => gateway.close());

const temperature = (dialect: UpstreamDialect, value: number): Wire =>
  dialect === 'gemini' ? { generationConfig: { temperature: value } } : { temperature: value };

async function sent(
  client: UpstreamDialect,
  upstream: UpstreamDialect,
  more: Parameters<typeof ask>[3],
): Promise<Wire> {
  const reply = await ask(gateway.origin, client, upstreamModels[upstream], more);
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('ok.')]);
  return gateway.upstream.seen.at(-1)?.body;
}

const temperatureOf = (dialect: UpstreamDialect, body: Wire): unknown =>
  (dialect === 'gemini' ? body.generationConfig : body)?.temperature;

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  test.for([false, true])('a default fills what the client left out (stream %s)', async (stream) => {
    const body = await sent(client, upstream, { stream });
    expect(temperatureOf(upstream, body)).toBe(0.9);
    expect(body).toMatchObject({
      x_first: 1,
      x_raw: { type: 'object', list: [1, 'two'] },
      x_set: {},
      x_client: client,
    });
    expect(body.x_set).toEqual({});
  });

  test.for([false, true])('a default leaves what the client said (stream %s)', async (stream) => {
    const body = await sent(client, upstream, { stream, extra: temperature(client, 0.5) });
    expect(temperatureOf(upstream, body)).toBe(0.5);
  });

  test.for([false, true])('a header lets the overrides in (stream %s)', async (stream) => {
    const body = await sent(client, upstream, {
      stream,
      extra: temperature(client, 0.5),
      headers: { 'x-team': 'core-7' },
    });
    expect(temperatureOf(upstream, body)).toBe(0.25);
    expect(body).toMatchObject({ x_first: 3, x_list: ['appended'], x_raw: { list: [1, false] }, x_set: { by: {} } });
  });
});

test('what no rule touches keeps its exact bytes on the way through', async () => {
  const text =
    '{"model":"up-chat", "big":12345678901234567890, "one":1.0, "messages":[{"role":"user","content":"h\\u0069"}]}';
  const rewritten = await fetch(`${gateway.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test-client-key' },
    body: text,
  });
  expect(rewritten.status).toBe(200);
  await rewritten.text();
  // The recorded body is parsed: the exact number survives only if its bytes did.
  const length = Number(gateway.upstream.seen.at(-1)?.headers['content-length']);
  const added =
    ',"temperature":0.9,"x_set":{},"x_first":1,"x_raw":{"type":"object","list":[1,"two"]},"x_client":"openai-chat"}';
  expect(length).toBe(text.replaceAll(', ', ',').length - 1 + added.length);
});

test('a count of tokens is not changed: its endpoint knows no other fields', async () => {
  const reply = await fetch(`${gateway.origin}/v1/messages/count_tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test-client-key' },
    body: JSON.stringify({ model: 'up-claude', messages: [{ role: 'user', content: 'hi' }] }),
  });
  expect(await reply.json()).toEqual({ input_tokens: 42 });
});

describe('image generation switched off', () => {
  const tools = [{ type: 'image_generation' }, { type: 'function', name: 'f', parameters: { type: 'object' } }];
  test.for([
    ['true', 1],
    ['chat', 1],
    ['false', 2],
    ['passthrough', 2],
  ] as const)('%s: %i tools are left', async ([mode, count]) => {
    const own = await startGateway(() => ({ text: 'ok.' }), {
      config: `request-retry: 0\ndisable-image-generation: ${mode}`,
    });
    const extra = { tools, tool_choice: { type: 'image_generation' } };
    const reply = await ask(own.origin, 'openai-responses', 'up-responses', { extra });
    expect(reply.status).toBe(200);
    await reply.text();
    const body = own.upstream.seen.at(-1)?.body;
    expect([body.tools.length, body.tool_choice !== undefined]).toEqual([count, count === 2]);
    await own.close();
  });
});
