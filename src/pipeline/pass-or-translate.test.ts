import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  claudeEndpoint,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { ReasoningConfig } from '../ir/index.ts';

let harness: Harness;
let upstream: LocalUpstream;

beforeEach(async () => {
  harness = createHarness();
  upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(chatAnswer));
  });
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sent = (): Record<string, unknown> => JSON.parse(upstream.requests.at(-1)?.body ?? '{}');

test.each<[string, ReasoningConfig, unknown]>([
  ['above the body', { effort: 'high' }, { ...chatBody, reasoning_effort: 'low' }],
  ['where the body has none', { effort: 'high' }, chatBody],
])('the reasoning in a model name stands %s', async (_, reasoning, body) => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', reasoning })];
  const reply = await harness.ask({}, body);
  expect(reply.status).toBe(200);
  expect(sent()).toMatchObject({ model: 'up', reasoning_effort: 'high' });
});

test('the reasoning in a model name reaches another dialect', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, reasoning: { budgetTokens: 2000 } })];
  await harness.ask({}, chatBody);
  expect(sent()).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 2000 } });
});

const continued = { model: 'm', max_tokens: 9, thread: { type: 'continue', id: 't' }, messages: [] };
const asClaude = { codec: anthropicMessages };

test('a stored conversation goes to the one account that can know it', async () => {
  const own = { ...claudeEndpoint, baseUrl: upstream.origin };
  harness.targets = [target(upstream.origin, 'c1', { manifest: own })];
  const reply = await harness.ask(asClaude, continued);
  expect(reply.status).toBe(200);
  expect(sent()).toEqual(continued);
});

test.each([
  ['another server', ['c1'], 'https://api.example.com'],
  ['several accounts', ['c1', 'c2'], ''],
])('a stored conversation is refused where it cannot be known: %s', async (_, ids, baseUrl) => {
  const manifest = { ...claudeEndpoint, baseUrl: baseUrl || upstream.origin };
  harness.targets = ids.map((id) => target(upstream.origin, id, { manifest }));
  const reply = await harness.ask(asClaude, continued);
  expect(reply.status).toBe(400);
  expect(reply.json()).toMatchObject({ error: { details: { error_code: 'thread_unsupported_request' } } });
  expect(upstream.requests).toHaveLength(0);
});
