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
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  });
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
