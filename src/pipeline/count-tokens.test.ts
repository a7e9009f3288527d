import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  claudeEndpoint,
  codecs,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { Codec, TokenCounter } from '../dialects/codec.ts';
import { gemini } from '../dialects/gemini/index.ts';

/** Counters of the test's own, so that each half can be told apart. */
const claudeCounter: TokenCounter = {
  toGenerationBody: (body) => ({ max_tokens: 1, ...body }),
  toCountBody: ({ messages }, model) => ({ model, messages }),
  decodeCount: (answer) => (typeof answer['input_tokens'] === 'number' ? answer['input_tokens'] : undefined),
  encodeCount: (tokens) => ({ input_tokens: tokens }),
};
const geminiCounter: TokenCounter = {
  toGenerationBody: (body) => body,
  toCountBody: ({ contents }) => ({ contents }),
  decodeCount: (answer) => (typeof answer['totalTokens'] === 'number' ? answer['totalTokens'] : undefined),
  encodeCount: (tokens) => ({ totalTokens: tokens }),
};
const claude: Codec = { ...anthropicMessages, tokenCounter: claudeCounter };
const geminiCodec: Codec = { ...gemini, tokenCounter: geminiCounter };

let harness: Harness;
let upstream: LocalUpstream;
let answer: UpstreamHandler;

beforeEach(async () => {
  harness = createHarness({ codecs: new Map([...codecs, [claude.id, claude], [geminiCodec.id, geminiCodec]]) });
  upstream = await startUpstream((request, response, body) => answer(request, response, body));
  answer = (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"input_tokens":42}');
  };
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const body = { model: 'm', messages: [{ role: 'user', content: 'The quick brown fox jumps over the lazy dog.' }] };
const asClaude = { codec: claude, operation: 'count-tokens' } as const;
const asGemini = { codec: geminiCodec, operation: 'count-tokens', urlModel: 'g', urlStream: false } as const;

test('an upstream of the same dialect counts; only the model is spliced', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint })];
  const reply = await harness.ask(asClaude, body);
  expect(reply.text()).toBe('{"input_tokens":42}');
  expect(reply.headers).not.toHaveProperty('x-llmproxy-estimate');
  expect(upstream.requests[0]?.path).toBe('/v1/messages/count_tokens');
  expect(upstream.requests[0]?.body).toBe(JSON.stringify({ ...body, model: 'up' }));
  expect(harness.records[0]).toMatchObject({ operation: 'count-tokens', status: 200, stream: false, usage: undefined });
});

test('an upstream of another dialect counts the translated request', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint })];
  const reply = await harness.ask(asGemini, { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] });
  expect(reply.json()).toEqual({ totalTokens: 42 });
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    model: 'up',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  });
});

test('without a counting endpoint the answer is an estimate and says so', async () => {
  harness.targets = [target(upstream.origin)];
  const reply = await harness.ask(asClaude, body);
  expect(reply.status).toBe(200);
  expect(reply.headers['x-llmproxy-estimate']).toBe('tokenizer');
  // 10 tokens of text in o200k, and a little for the message around it.
  expect(reply.json()).toEqual({ input_tokens: 14 });
  expect(upstream.requests).toHaveLength(0);
  expect(harness.records).toHaveLength(1);
});

test('an estimate says how much of it stands for images', async () => {
  harness.targets = [target(upstream.origin)];
  const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
  const reply = await harness.ask(asClaude, { ...body, messages: [{ role: 'user', content: [image, image] }] });
  expect(reply.headers).toMatchObject({ 'x-llmproxy-estimate': 'tokenizer', 'x-llmproxy-estimate-media': '2000' });
  expect(reply.json()).toEqual({ input_tokens: 2004 });
  expect((await harness.ask(asClaude, body)).headers).not.toHaveProperty('x-llmproxy-estimate-media');
});

test.each([404, 405, 501])('an upstream whose counting is missing (%i) gets an estimate', async (status) => {
  answer = (_request, response) => response.writeHead(status).end('{"detail":"Not Found"}');
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
  const reply = await harness.ask(asClaude, body);
  expect([reply.status, reply.headers['x-llmproxy-estimate']]).toEqual([200, 'tokenizer']);
  expect(harness.records).toMatchObject([{ status: 200, attempts: 1 }]);
  expect(harness.pool.log.filter((entry) => !entry.endsWith('ok'))).toEqual([]);
});

test('a model that the upstream does not know is no missing endpoint', async () => {
  answer = (_request, response) =>
    response.writeHead(404).end('{"type":"error","error":{"type":"not_found_error","message":"model: gone-1"}}');
  harness.targets = [target(upstream.origin, 'c1', { model: 'gone-1', manifest: claudeEndpoint })];
  expect((await harness.ask(asClaude, body)).status).toBe(404);
});

test('counting fails over, and a refused request stops it', async () => {
  harness.targets = ['c1', 'c2'].map((id) => target(upstream.origin, id, { manifest: claudeEndpoint }));
  let calls = 0;
  answer = (_request, response) => {
    calls++;
    response.writeHead(calls === 1 ? 429 : 200, { 'content-type': 'application/json' }).end('{"input_tokens":7}');
  };
  expect((await harness.ask(asClaude, body)).json()).toEqual({ input_tokens: 7 });
  answer = (_request, response) => response.writeHead(400).end('{"type":"error","error":{"message":"bad"}}');
  expect((await harness.ask(asClaude, body)).status).toBe(400);
});

test('an answer without a number is a 502', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
  answer = (_request, response) => response.end('{}');
  const reply = await harness.ask(asGemini, { contents: [] });
  expect(reply.status).toBe(502);
});

test('an unreadable request is a 400 in an estimate too', async () => {
  harness.targets = [target(upstream.origin)];
  const reply = await harness.ask(asClaude, { model: 'm', messages: 7 });
  expect(reply.status).toBe(400);
  expect(harness.records[0]?.errorCode).toBe('invalid_request');
});

test.each([{ type: 'create' }, { type: 'continue', previous_message_id: 'x' }])(
  'a thread is refused where it cannot be counted: %j',
  async (thread) => {
    const threaded = { ...body, thread };
    const own = { ...claudeEndpoint, baseUrl: upstream.origin };
    harness.targets = [target(upstream.origin, 'c1', { manifest: own })];
    expect((await harness.ask(asClaude, threaded)).json()).toEqual({ input_tokens: 42 });
    for (const targets of [
      [target(upstream.origin)],
      [target(upstream.origin, 'c1', { manifest: claudeEndpoint })],
      ['c1', 'c2'].map((id) => target(upstream.origin, id, { manifest: own })),
    ]) {
      harness.targets = targets;
      const reply = await harness.ask(asClaude, threaded);
      expect(reply.status).toBe(400);
      expect(reply.json()).toMatchObject({ error: { details: { error_code: 'thread_unsupported_request' } } });
    }
    expect(upstream.requests).toHaveLength(1);
  },
);
