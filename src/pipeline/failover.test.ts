import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  chatStream,
  claudeEndpoint,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { ProxyError } from '../errors.ts';

let harness: Harness;
let upstream: LocalUpstream;
/** What the upstream does for each credential. */
let answers: Record<string, UpstreamHandler>;

beforeEach(async () => {
  harness = createHarness();
  answers = {};
  upstream = await startUpstream((request, response, body) => {
    const id = /fake-secret-(\w+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    answers[id]?.(request, response, body);
  });
  harness.targets = ['c1', 'c2', 'c3'].map((id) => target(upstream.origin, id));
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sendJson: UpstreamHandler = (_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(chatAnswer));
};

function reject(status: number, headers: Record<string, string> = {}, message = `no: ${status}`): UpstreamHandler {
  return (_request, response) => {
    const body = JSON.stringify({ error: { message, type: 'their_type', code: 'their_code' } });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

test.each([401, 402, 403, 429, 500, 503, 529])('%i fails over to the next credential', async (status) => {
  answers = { c1: reject(status), c2: sendJson };
  const reply = await harness.ask();
  expect(reply.json()).toEqual(chatAnswer);
  expect(harness.pool.log).toHaveLength(2);
  expect(harness.pool.log[1]).toBe('c2 ok');
  expect(harness.records[0]).toMatchObject({ attempts: 2, credentialId: 'c2', status: 200 });
});

test.each([400, 404, 413, 422])(
  '%i is about the request: it stops at once and counts against nobody',
  async (status) => {
    answers = { c1: reject(status), c2: sendJson };
    const reply = await harness.ask();
    expect(reply.status).toBe(status);
    expect(reply.json()).toEqual({ error: { message: `no: ${status}`, type: 'their_type', code: 'their_code' } });
    expect(upstream.requests).toHaveLength(1);
    expect(harness.pool.log).toEqual([]);
  },
);

test('after all failed the last error is told, with its Retry-After', async () => {
  answers = { c1: reject(500), c2: reject(500), c3: reject(429, { 'retry-after': '7' }) };
  const reply = await harness.ask();
  expect(reply.status).toBe(429);
  expect(reply.headers['retry-after']).toBe('7');
  expect(harness.records[0]).toMatchObject({ attempts: 3, status: 429, errorCode: 'upstream_rate_limited' });
  expect(harness.records[0]?.error).toMatchObject({ code: 'upstream_rate_limited', status: 429 });
});

test('an HTTP date is a Retry-After too', async () => {
  answers = { c1: reject(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }) };
  harness.targets = harness.targets.slice(0, 1);
  const seconds = Number((await harness.ask()).headers['retry-after']);
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(61);
});

test('maxRetryCredentials limits the attempts of a round', async () => {
  await harness.close();
  harness = createHarness({ settings: { maxRetryCredentials: 2 } });
  harness.targets = ['c1', 'c2', 'c3'].map((id) => target(upstream.origin, id));
  answers = { c1: reject(500), c2: reject(500), c3: sendJson };
  expect((await harness.ask()).status).toBe(500);
  expect(upstream.requests).toHaveLength(2);
});

test('a further round is made when a credential recovers soon enough, after the wait', async () => {
  await harness.close();
  harness = createHarness({ settings: { requestRetry: 1, maxRetryIntervalS: 1 } });
  harness.targets = [target(upstream.origin, 'c1')];
  harness.pool.waitMs = 60;
  let calls = 0;
  answers = { c1: (...all) => (calls++ === 0 ? reject(503) : sendJson)(...all) };
  const startedAt = performance.now();
  expect((await harness.ask()).json()).toEqual(chatAnswer);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  calls = 0;
  harness.pool.waitMs = 1001;
  expect((await harness.ask()).status).toBe(503);
  expect(calls).toBe(1);
});

test('rounds end; a client that leaves during the wait ends them at once', async () => {
  await harness.close();
  harness = createHarness({ settings: { requestRetry: 2, maxRetryIntervalS: 30 } });
  harness.targets = [target(upstream.origin, 'c1')];
  answers = { c1: reject(503) };
  expect((await harness.ask()).status).toBe(503);
  expect(upstream.requests).toHaveLength(3);
  harness.pool.waitMs = 200;
  const reply = harness.begin();
  await expect.poll(() => harness.pool.log.length, { interval: 5 }).toBe(4);
  reply.leave();
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(upstream.requests).toHaveLength(4);
  expect(harness.records.at(-1)).toMatchObject({ status: 499, attempts: 1 });
});

test('everything cooling down: 429 with Retry-After; nothing usable: 503', async () => {
  harness.pool.cooling.add('c1').add('c2').add('c3');
  harness.pool.waitMs = 41_500;
  const reply = await harness.ask();
  expect(reply.status).toBe(429);
  expect(reply.headers['retry-after']).toBe('42');
  expect(reply.text()).toContain('cooling down');
  harness.targets = [];
  expect((await harness.ask()).status).toBe(503);
  expect(harness.records.map((record) => record.errorCode)).toEqual(['model_cooldown', 'no_credential']);
});

test('an unknown model is a 404 in the dialect of the client', async () => {
  await harness.close();
  harness = createHarness({
    route() {
      throw new ProxyError('model_not_found', 'no such model; similar: m2');
    },
  });
  const body = { model: 'm1', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
  const reply = await harness.ask({ codec: anthropicMessages }, body);
  expect(reply.status).toBe(404);
  expect(reply.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  expect(harness.records[0]).toMatchObject({ requestedModel: 'm1', attempts: 0, errorCode: 'model_not_found' });
});

test('another dialect renders the upstream error as its own', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
  answers = {
    c1: (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}');
    },
  };
  const reply = await harness.ask();
  expect(reply.status).toBe(400);
  expect(reply.json()).toMatchObject({ error: { message: expect.stringContaining('prompt is too long') } });
  expect(reply.json()).not.toHaveProperty('type');
});

test('a secret in an upstream error never reaches the client', async () => {
  harness.targets = [target(upstream.origin, 'c1')];
  answers = { c1: reject(401, {}, 'bad key fake-secret-c1 given') };
  const reply = await harness.ask();
  expect(reply.status).toBe(401);
  expect(reply.text()).toContain('bad key fake...c1 given');
  expect(reply.text()).not.toContain('fake-secret-c1');
});

test('an error event before anything else fails over; a later one passes through as the end', async () => {
  const errorEvent = 'data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n';
  const send =
    (...parts: string[]): UpstreamHandler =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(parts.join(''));
    };
  answers = { c1: send(errorEvent), c2: send(...chatStream('fine')) };
  const body = { ...chatBody, stream: true };
  expect((await harness.ask({}, body)).text()).toBe(chatStream('fine').join(''));
  expect(harness.pool.log[1]).toBe('c2 ok');

  answers['c1'] = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chatStream('part')[0]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.end(errorEvent);
  };
  const reply = await harness.ask({}, body);
  expect(reply.text()).toBe(`${chatStream('part')[0]}${errorEvent}`);
  expect(harness.records[1]?.errorCode).toMatch(/^upstream_/);
});

test('a redirect is not followed and not passed on', async () => {
  harness.targets = [target(upstream.origin, 'c1')];
  answers = { c1: (_request, response) => response.writeHead(302, { location: 'http://elsewhere/' }).end() };
  const reply = await harness.ask();
  expect(reply.status).toBe(502);
  expect(reply.text()).toContain('302');
});
