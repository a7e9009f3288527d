/** The official Anthropic SDK's threads where Anthropic's own server keeps them: nothing is refused, nothing is changed. */
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { claudeEndpoint, createHarness, type Harness, startUpstream, target } from '../../support/pipeline-harness.ts';

let harness: Harness;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
let asked: string[];

const client = new Anthropic({
  baseURL: 'http://localhost',
  apiKey: 'sk-test-client-key',
  maxRetries: 0,
  fetch: async (_url, init) => {
    asked.push(String(init?.body));
    const reply = await harness.ask({ codec: anthropicMessages }, String(init?.body));
    return new Response(reply.text(), { status: reply.status, headers: reply.headers });
  },
});

beforeEach(async () => {
  asked = [];
  upstream = await startUpstream((_request, response) => {
    const message = {
      id: `msg_${upstream.requests.length}`,
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(message));
  });
  harness = createHarness();
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const bodies = (): readonly Record<string, unknown>[] => upstream.requests.map(({ body }) => JSON.parse(body));

test('both turns go through as they are, the second without its history', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: { ...claudeEndpoint, baseUrl: upstream.origin } })];
  const thread = client.beta.messages.thread({ model: 'm', max_tokens: 100 });
  await thread.send({ role: 'user', content: 'one' });
  await thread.send({ role: 'user', content: 'two' });
  expect(upstream.requests.map(({ body }) => body)).toEqual(asked);
  expect(bodies()).toMatchObject([
    { thread: { type: 'create' }, messages: [{ content: 'one' }] },
    { thread: { type: 'continue', previous_message_id: 'msg_1' }, messages: [{ content: 'two' }] },
  ]);
  expect(bodies()[1]?.['messages']).toHaveLength(1);
});

test('with a second account, to which a failover could lead, the SDK sends all instead', async () => {
  const manifest = { ...claudeEndpoint, baseUrl: upstream.origin };
  harness.targets = ['c1', 'c2'].map((id) => target(upstream.origin, id, { manifest }));
  const thread = client.beta.messages.thread({
    model: 'm',
    max_tokens: 100,
    unsupportedRequestBehavior: 'continue_unthreaded',
  });
  await thread.send({ role: 'user', content: 'one' });
  harness.pool.cooling.add('c1');
  await thread.send({ role: 'user', content: 'two' });
  expect(bodies()).toMatchObject([
    { messages: [{ content: 'one' }] },
    { messages: [{ content: 'one' }, { role: 'assistant' }, { content: 'two' }] },
  ]);
  for (const body of bodies()) expect(body).not.toHaveProperty('thread');
});
