import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  claudeEndpoint,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { gemini } from '../dialects/gemini/index.ts';

// The shipped codecs' own counters, both ways.

let harness: Harness;
let upstream: LocalUpstream;
beforeEach(async () => {
  harness = createHarness();
  upstream = await startUpstream((request, response) => {
    const gemini = request.url?.endsWith(':countTokens');
    response.setHeader('content-type', 'application/json').end(gemini ? '{"totalTokens":8}' : '{"input_tokens":9}');
  });
});
afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const geminiEndpoint = {
  endpoints: [{ dialect: 'gemini', path: '/g/{model}:generateContent', countTokensPath: '/g/{model}:countTokens' }],
};

test('a Claude client against Gemini', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: geminiEndpoint })];
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
  const reply = await harness.ask({ codec: anthropicMessages, operation: 'count-tokens' }, body);
  expect(reply.json()).toEqual({ input_tokens: 8 });
  expect(upstream.requests[0]?.path).toBe('/g/up:countTokens');
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    generateContentRequest: { model: 'models/up', contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
  });
});

const flat = { endpoints: geminiEndpoint.endpoints.map((endpoint) => ({ ...endpoint, countTokensFlat: true })) };

test('instructions and tools are counted where the fields stand side by side', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: flat })];
  const tools = [{ name: 'f', input_schema: { type: 'object', properties: {} } }];
  const body = { model: 'm', system: 'Be brief.', tools, messages: [{ role: 'user', content: 'hi' }] };
  const reply = await harness.ask({ codec: anthropicMessages, operation: 'count-tokens' }, body);
  expect(reply.json()).toEqual({ input_tokens: 8 });
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toMatchObject({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    tools: [{ functionDeclarations: [{ name: 'f' }] }],
  });
});

test.each([
  ['nested', { generateContentRequest: { model: 'models/m', contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } }],
  ['flat', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }],
])('a server without nesting gets the fields of a %s request of its own dialect', async (_form, body) => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'g', manifest: flat })];
  await harness.ask({ codec: gemini, operation: 'count-tokens', urlModel: 'g', urlStream: false }, body);
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  });
});

test("a provider's other endpoint counts when the one that answers cannot; what it cannot carry is named", async () => {
  const endpoints = [
    { dialect: 'openai-chat', path: '/chat' },
    { dialect: 'anthropic-messages', path: '/m', countTokensPath: '/m/count' },
  ];
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: { endpoints } })];
  const contents = [{ role: 'user', parts: [{ text: 'hi' }, { videoMetadata: { startOffset: '1s' } }] }];
  const exchange = { codec: gemini, operation: 'count-tokens', urlModel: 'g', urlStream: false } as const;
  const reply = await harness.ask(exchange, { contents });
  expect(reply.json()).toEqual({ totalTokens: 9 });
  expect(upstream.requests[0]?.path).toBe('/m/count');
  expect(reply.headers['x-llmproxy-dropped']).toContain('contents[0].parts[1]');
  const strict = await harness.ask({ ...exchange, headers: { 'x-llmproxy-strict': '1' } }, { contents });
  expect(strict.status).toBe(400);
  expect(upstream.requests).toHaveLength(1);
});

test("the model's suffix is no part of its name", async () => {
  const reasoning = { effort: 'high' } as const;
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint, reasoning })];
  const body = { model: 'm(high)', messages: [{ role: 'user', content: 'hi' }] };
  await harness.ask({ codec: anthropicMessages, operation: 'count-tokens' }, body);
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toMatchObject({ model: 'up' });
});

test('a Gemini client against Claude, with the request nested', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint })];
  const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
  const nested = { generateContentRequest: { model: 'models/g', contents } };
  const exchange = { codec: gemini, operation: 'count-tokens', urlModel: 'g', urlStream: false } as const;
  const reply = await harness.ask(exchange, nested);
  expect(reply.json()).toMatchObject({ totalTokens: 9 });
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    model: 'up',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  });
});
