import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cut, type FailingUpstream, refuse, startFailingUpstream } from '../../test/support/failing-upstream.ts';
import {
  chatAnswer,
  chatBody,
  chatStream,
  claudeEndpoint,
  createHarness,
  type Harness,
  type HarnessOptions,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { gemini } from '../dialects/gemini/index.ts';
import { ProxyError } from '../errors.ts';
import type { FallbackRule } from '../routing/fallback.ts';
import type { Target } from '../routing/target.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { PipelineSettings } from './options.ts';

let harness: Harness;
let upstream: FailingUpstream;
let served: Record<string, readonly Target[]>;

beforeEach(async () => {
  upstream = await startFailingUpstream();
  const two = (model: string): Target[] => ['c1', 'c2'].map((id) => target(upstream.origin, id, { model }));
  served = { a: two('a'), b: two('b'), c: two('c') };
});

afterEach(async () => {
  expect(harness.pool.inFlight).toBe(0);
  await harness.close();
  await upstream.close();
});

const rule = (to: readonly string[], when: FallbackRule['when'] = [], model = 'a'): FallbackRule => ({
  model,
  to,
  when,
});

function start(
  fallbacks: readonly FallbackRule[],
  settings: Partial<PipelineSettings> = {},
  more: HarnessOptions = {},
): void {
  harness = createHarness({
    settings: { ...settings, fallbacks },
    route(model) {
      const found = served[model];
      if (found === undefined) throw new ProxyError('model_not_found', `no model ${model}`);
      return found;
    },
    ...more,
  });
}

const body = { ...chatBody, model: 'a' };

describe('a model whose credentials all failed', () => {
  test('gives way to the next; a header and the record name who answered, the body stays as it is', async () => {
    start([rule(['b'])]);
    upstream.answers = { a: refuse(429) };
    const reply = await harness.ask({}, body);
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual(chatAnswer);
    expect(reply.headers['x-llmproxy-model']).toBe('test/b');
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 b']);
    expect(harness.records[0]).toMatchObject({ requestedModel: 'a', upstreamModel: 'b', status: 200, attempts: 3 });
    expect(harness.records[0]?.outcomes?.map(({ model, outcome }) => `${model} ${outcome}`)).toEqual([
      'a upstream_rate_limited',
      'a upstream_rate_limited',
      'b ok',
    ]);
  });

  test('without a failure there is no header', async () => {
    start([rule(['b'])]);
    expect((await harness.ask({}, body)).headers).not.toHaveProperty('x-llmproxy-model');
  });

  test.each([
    ['stream', { ...body, stream: true }],
    ['whole', body],
  ])('%s: a lost connection counts as well', async (_name, sent) => {
    start([rule(['b'])]);
    upstream.answers = { a: cut };
    const reply = await harness.ask({}, sent);
    expect(reply.text()).toBe('stream' in sent ? chatStream('hello').join('') : JSON.stringify(chatAnswer));
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 b']);
  });

  test('a forced alias keeps the name that the client knows', async () => {
    served['b'] = [target(upstream.origin, 'c1', { model: 'b', forceMapping: true })];
    start([rule(['b'])]);
    upstream.answers = { a: refuse(500) };
    expect((await harness.ask({}, body)).json()).toMatchObject({ model: 'a' });
  });

  test('all of them failing: the client is told what became of the model that it asked for', async () => {
    start([rule(['b', 'c'])]);
    upstream.answers = { a: refuse(429, 'a is limited'), b: refuse(500, 'b failed'), c: refuse(400, 'c is odd') };
    const reply = await harness.ask({}, body);
    expect(reply.status).toBe(429);
    expect(reply.json()).toMatchObject({ error: { message: 'a is limited' } });
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 b', 'c2 b', 'c1 c']);
    // A fallback that refuses the request blames nobody.
    expect(harness.pool.log.filter((line) => line.endsWith('upstream_failed'))).toHaveLength(2);
    expect(harness.pool.log).toHaveLength(4);
  });

  test('a fault of the request stops at once', async () => {
    start([rule(['b'])]);
    for (const status of [400, 422]) {
      upstream.answers = { a: refuse(status) };
      expect((await harness.ask({}, body)).status).toBe(status);
    }
    expect(upstream.asked).toEqual(['c1 a', 'c1 a']);
  });

  test('conditions: a request too long for one model goes to a larger one, a limit does not', async () => {
    start([rule(['b'], ['context-length'])]);
    upstream.answers = { a: refuse(400, 'prompt is too long: 210000 tokens > 200000 maximum') };
    expect((await harness.ask({}, body)).headers['x-llmproxy-model']).toBe('test/b');
    expect(upstream.asked).toEqual(['c1 a', 'c1 b']);
    upstream.answers = { a: refuse(429) };
    expect((await harness.ask({}, body)).status).toBe(429);
  });
});

describe('cooling down', () => {
  test('all paused: the fallback answers without a wait', async () => {
    start([rule(['b'])], { requestRetry: 3, maxRetryIntervalS: 30 });
    harness.pool.pick = ({ targets, tried }) =>
      targets.find((one) => one.model !== 'a' && !tried.has(one.credential.id));
    harness.pool.waitMs = 10_000;
    expect((await harness.ask({}, body)).headers['x-llmproxy-model']).toBe('test/b');
    expect(upstream.asked).toEqual(['c1 b']);
  });

  test('one that is paused by a guess is spared, and asked when the fallback fails as well', async () => {
    start([rule(['b'])]);
    const paused = new Set(['a']);
    harness.pool.retryAfterMs = (targets) => (targets.every(({ model }) => paused.has(model)) ? 60_000 : 0);
    upstream.answers = { b: refuse(500) };
    const reply = await harness.ask({}, body);
    expect(upstream.asked).toEqual(['c1 b', 'c2 b', 'c1 a']);
    expect(reply.status).toBe(200);
    expect(reply.headers).not.toHaveProperty('x-llmproxy-model');
    upstream.asked.length = 0;
    upstream.answers = { a: refuse(500, 'a failed'), b: refuse(502) };
    expect((await harness.ask({}, body)).json()).toMatchObject({ error: { message: 'a failed' } });
    expect(upstream.asked).toEqual(['c1 b', 'c2 b', 'c1 a']);
  });

  test('a further round begins with the asked model again', async () => {
    start([rule(['b'])], { requestRetry: 1, maxRetryIntervalS: 1 });
    upstream.answers = { a: refuse(500), b: refuse(500) };
    setTimeout(() => {
      upstream.answers = {};
    }, 40);
    harness.pool.waitMs = 150;
    harness.pool.retryAfterMs = (targets) => (targets.length === 1 ? 0 : harness.pool.waitMs);
    const reply = await harness.ask({}, body);
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 b', 'c2 b', 'c1 a']);
    expect(reply.headers).not.toHaveProperty('x-llmproxy-model');
  });
});

describe('names', () => {
  test('a model that nobody serves has fallbacks too; one without them is a 404', async () => {
    start([rule(['b'], [], 'gone*')]);
    expect((await harness.ask({}, { ...body, model: 'gone-1' })).headers['x-llmproxy-model']).toBe('test/b');
    expect((await harness.ask({}, { ...body, model: 'other' })).status).toBe(404);
    upstream.answers = { b: refuse(429, 'b is limited') };
    const reply = await harness.ask({}, { ...body, model: 'gone-1' });
    expect(reply.status).toBe(429);
    expect(reply.text()).toContain('b is limited');
  });

  test('unknown fallbacks are passed over; loops and chains end', async () => {
    start([rule(['nobody', 'b']), rule(['a', 'c'], [], 'b'), rule(['a', 'b'], [], 'c')]);
    upstream.answers = { a: refuse(500), b: refuse(500), c: refuse(500, 'last') };
    expect((await harness.ask({}, body)).status).toBe(500);
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 b', 'c2 b', 'c1 c', 'c2 c']);
  });

  test('effort in the asked name holds for the fallback', async () => {
    served['a(high)'] = served['a'] ?? [];
    start([rule(['b'])]);
    upstream.answers = { a: refuse(500) };
    await harness.ask({}, { ...body, model: 'a(high)' });
    expect(JSON.parse(upstream.requests.at(-1)?.body ?? '')).toMatchObject({ model: 'b', reasoning_effort: 'high' });
  });

  test('names that no header can carry are encoded', async () => {
    served['b'] = [target(upstream.origin, 'c1', { model: 'größe' })];
    start([rule(['b'])]);
    upstream.answers = { a: refuse(500) };
    expect((await harness.ask({}, body)).headers['x-llmproxy-model']).toBe('test/gr%C3%B6%C3%9Fe');
  });
});

describe('other dialects and other operations', () => {
  const schemaless = { ...claudeEndpoint, id: 'claude-like' };
  const lossy = { ...body, logprobs: true, top_logprobs: 2, seed: 7 };

  test('what a fallback of another dialect cannot carry is told; in strict mode it is passed over', async () => {
    served['b'] = [target(upstream.origin, 'c1', { model: 'b', manifest: schemaless })];
    start([rule(['b', 'c'])]);
    upstream.answers = { a: refuse(500), b: refuse(404, 'unused') };
    const strict = await harness.ask({ headers: { 'x-llmproxy-strict': '1' } }, lossy);
    expect(strict.headers['x-llmproxy-model']).toBe('test/c');
    expect(upstream.asked).toEqual(['c1 a', 'c2 a', 'c1 c']);
    upstream.asked.length = 0;
    const loose = await harness.ask({}, lossy);
    expect(loose.headers['x-llmproxy-model']).toBe('test/c');
    expect(upstream.requests.some(({ path }) => path === '/v1/messages')).toBe(true);
  });

  test('a model in the URL (Gemini), answered in another dialect', async () => {
    start([rule(['b'])]);
    upstream.answers = { a: refuse(503) };
    const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
    const reply = await harness.ask({ codec: gemini, urlModel: 'a', urlStream: false }, { contents });
    expect(reply.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'hello' }] } }] });
    expect(reply.headers['x-llmproxy-model']).toBe('test/b');
  });

  test('a conversation that a provider keeps stays there; so does a summary', async () => {
    start([rule(['b'])]);
    upstream.answers = { a: refuse(500) };
    const state: ExchangeState = { credentialId: 'c1', needsProvider: undefined, attempting() {} };
    expect((await harness.ask({ state }, body)).status).toBe(500);
    expect(
      (await harness.ask({ state: { ...state, credentialId: undefined, needsProvider: 'conversation' } }, body)).status,
    ).toBe(400);
    expect((await harness.ask({ operation: 'compact' }, body)).status).toBe(404);
    expect(upstream.asked.filter((line) => line.endsWith(' b'))).toEqual([]);
    // One that llmproxy keeps itself is sent whole, to whoever answers.
    const own = { ...state, credentialId: undefined };
    expect((await harness.ask({ state: own }, body)).headers['x-llmproxy-model']).toBe('test/b');
  });

  test('a token count is that of the model which would answer', async () => {
    const counts = (id: string, model: string): Target =>
      target(upstream.origin, id, { model, manifest: claudeEndpoint });
    served = { a: [counts('c1', 'a')], b: [counts('c2', 'b')] };
    start([rule(['b'])]);
    upstream.answers = {
      a: refuse(529),
      b: (_request, response) => response.setHeader('content-type', 'application/json').end('{"input_tokens":12}'),
    };
    const count = { model: 'a', messages: [{ role: 'user', content: 'hi' }] };
    const reply = await harness.ask({ operation: 'count-tokens', codec: anthropicMessages }, count);
    expect(reply.json()).toEqual({ input_tokens: 12 });
    expect(reply.headers['x-llmproxy-model']).toBe('test/b');
  });
});
