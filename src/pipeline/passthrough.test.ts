import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  chatStream,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';

let harness: Harness;
let upstream: LocalUpstream;
let answer: UpstreamHandler;

beforeEach(async () => {
  harness = createHarness();
  upstream = await startUpstream((request, response, body) => answer(request, response, body));
  harness.targets = [target(upstream.origin)];
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sendJson: UpstreamHandler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'x-upstream': 'yes' }).end(JSON.stringify(chatAnswer));
};

const streamed = { ...chatBody, stream: true };

function sendStream(...parts: string[]): UpstreamHandler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end();
  };
}

test('a whole answer goes through byte for byte, in one write, with usage on the side', async () => {
  answer = sendJson;
  const raw = '{ "model":"m" , "unknown_field" : 1.50, "messages":[] }';
  const reply = await harness.ask({ headers: { 'user-agent': 'client/1', authorization: 'Bearer client' } }, raw);
  expect(reply.status).toBe(200);
  expect(reply.text()).toBe(JSON.stringify(chatAnswer));
  expect(reply.headers).toEqual({
    'content-type': 'application/json',
    'content-length': String(reply.text().length),
    'x-request-id': 'req-1',
  });
  expect(reply.writes).toBe(0);
  expect(upstream.requests[0]?.body).toBe(raw);
  expect(upstream.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer fake-secret-c1',
    'user-agent': 'client/1',
    'content-type': 'application/json',
  });
  expect(harness.pool.log).toEqual(['c1 ok']);
  expect(harness.records).toHaveLength(1);
  expect(harness.records[0]).toMatchObject({
    status: 200,
    errorCode: undefined,
    attempts: 1,
    requestedModel: 'm',
    upstreamDialect: 'openai-chat',
    provider: 'test',
    usage: { inputTokens: 3, outputTokens: 2 },
  });
});

test('only the model is spliced when the upstream knows it by another name', async () => {
  answer = sendJson;
  harness.targets = [target(upstream.origin, 'c1', { model: 'vendor/real' })];
  await harness.ask({}, '{ "model" : "m","n":1.0 }');
  expect(upstream.requests[0]?.body).toBe('{ "model" : "vendor/real","n":1.0 }');
});

test('fields that the provider rejects are left out and named; strict mode refuses instead', async () => {
  answer = sendJson;
  harness.targets = [target(upstream.origin, 'c1', { manifest: { quirks: { rejects: ['logprobs'] } } })];
  const reply = await harness.ask({}, '{"model":"m","logprobs":true,"n":1.0}');
  expect(upstream.requests[0]?.body).toBe('{"model":"m","n":1.0}');
  expect(reply.headers['x-llmproxy-dropped']).toBe('logprobs');
  const strict = await harness.ask({ headers: { 'x-llmproxy-strict': '1' } }, '{"model":"m","logprobs":true}');
  expect(strict.status).toBe(400);
  expect(strict.text()).toContain('logprobs');
  expect(upstream.requests).toHaveLength(1);
  expect(harness.records[1]?.errorCode).toBe('lossy_translation');
});

test('members that the provider sets, demands or takes with some values only are spliced, the rest stays', async () => {
  answer = sendJson;
  const quirks = { sets: { store: false }, defaults: { seed: 7, tag: '' }, onlyValues: { tier: ['fast', { a: [1] }] } };
  harness.targets = [target(upstream.origin, 'c1', { manifest: { quirks } })];
  const sent = async (body: string): Promise<readonly unknown[]> => {
    const { headers } = await harness.ask({}, body);
    return [upstream.requests.at(-1)?.body, headers['x-llmproxy-dropped']];
  };
  expect(await sent('{"model":"m","n":1.0,"store":true,"seed":null,"tier":"fast"}')).toEqual([
    '{"model":"m","n":1.0,"store":false,"seed":7,"tier":"fast","tag":""}',
    undefined,
  ]);
  expect(await sent('{"model":"m","seed":1,"tag":"x","tier": { "a" : [1] }}')).toEqual([
    '{"model":"m","seed":1,"tag":"x","tier": { "a" : [1] },"store":false}',
    undefined,
  ]);
  expect(await sent('{"model":"m","seed":1,"tag":"x","tier":"slow"}')).toEqual([
    '{"model":"m","seed":1,"tag":"x","store":false}',
    'tier',
  ]);
});

test('a stream goes through byte for byte, usage from its end', async () => {
  const parts = chatStream('one', 'two', 'three');
  answer = sendStream(...parts);
  const reply = await harness.ask({}, streamed);
  expect(reply.text()).toBe(parts.join(''));
  expect(reply.headers['content-type']).toBe('text/event-stream');
  expect(reply.headers['cache-control']).toBe('no-cache');
  expect(reply.headers['content-length']).toBeUndefined();
  expect(harness.records[0]).toMatchObject({ status: 200, stream: true, errorCode: undefined });
  expect(harness.records[0]?.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  expect(harness.records[0]?.ttfbMs).toBeGreaterThanOrEqual(0);
});

test('events cut anywhere arrive whole and unchanged', async () => {
  const text = chatStream('\u00e4\u{1F600}', 'x'.repeat(5000)).join('').replaceAll('\n', '\r\n');
  const bytes = Buffer.from(text);
  answer = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < bytes.length; at += 97) {
      response.write(bytes.subarray(at, at + 97));
      if (at % 970 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  };
  const reply = await harness.ask({}, streamed);
  expect(reply.text()).toBe(text);
  for (const chunk of reply.chunks) expect(chunk.toString().endsWith('\r\n\r\n')).toBe(true);
});

test('forceMapping writes the client name into answers and stream events only where a model is stated', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'real', forceMapping: true })];
  answer = (_request, response, body) => {
    const real = { ...chatAnswer, model: 'real-2026', note: '"model":"keep"' };
    if (!body.includes('stream')) response.setHeader('content-type', 'application/json').end(JSON.stringify(real));
    else sendStream(...chatStream('"model":"keep"'))(_request, response, body);
  };
  const whole = await harness.ask({}, { ...chatBody, model: 'alias' });
  expect(whole.json()).toEqual({ ...chatAnswer, model: 'alias', note: '"model":"keep"' });
  const stream = await harness.ask({}, { ...streamed, model: 'alias' });
  expect(stream.text()).toBe(chatStream('"model":"keep"').join('').replaceAll('"model":"m"', '"model":"alias"'));
});

test('passthroughHeaders passes end-to-end headers on, and no others', async () => {
  await harness.close();
  harness = createHarness({ settings: { passthroughHeaders: true } });
  harness.targets = [target(upstream.origin)];
  answer = (_request, response) => {
    response.setHeader('set-cookie', 'a=b').setHeader('x-ratelimit-remaining', '7').setHeader('connection', 'close');
    response.setHeader('x-request-id', 'theirs').setHeader('content-type', 'application/json').end('{}');
  };
  const reply = await harness.ask();
  expect(reply.headers).toEqual({
    'content-type': 'application/json',
    'content-length': '2',
    'x-request-id': 'req-1',
    'x-ratelimit-remaining': '7',
  });
});

test('a gzip answer that nobody asked for is decoded', async () => {
  const parts = chatStream('one', 'two').join('');
  answer = (_request, response, body) => {
    const stream = body.includes('stream');
    response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json');
    response.setHeader('content-encoding', 'gzip').end(gzipSync(stream ? parts : JSON.stringify(chatAnswer)));
  };
  expect((await harness.ask()).json()).toEqual(chatAnswer);
  expect((await harness.ask({}, streamed)).text()).toBe(parts);
});

test('$Name headers copy the client header, declared headers are forwarded, keys are not', async () => {
  answer = sendJson;
  harness.targets = [
    target(upstream.origin, 'c1', {
      manifest: { headers: { 'X-Version': '1' }, quirks: { forwardHeaders: ['x-beta', 'x-*'] } },
      account: { headers: { 'X-Own': 'fixed', 'X-Copy': '$X-Trace', 'X-Absent': '$x-nothing' } },
    }),
  ];
  await harness.ask({ headers: { 'x-beta': 'b', 'x-api-key': 'client-key', 'x-trace': 't', cookie: 'c' } });
  const seen = upstream.requests[0]?.headers;
  expect(seen).toMatchObject({ 'x-version': '1', 'x-own': 'fixed', 'x-copy': 't', 'x-beta': 'b', 'x-trace': 't' });
  expect(seen).toMatchObject({ 'user-agent': 'llmproxy/test' });
  for (const name of ['x-api-key', 'cookie', 'x-absent']) expect(seen).not.toHaveProperty(name);
});

test.each(['', '[]', '{"model":"m"', '{"model":"m"} x', '{"model":}'])('%j is a clean 400', async (body) => {
  answer = sendJson;
  const reply = await harness.ask({}, body);
  expect(reply.status).toBe(400);
  expect(reply.json()).toMatchObject({ error: { message: expect.stringContaining('JSON') } });
  expect(harness.records[0]?.errorCode).toBe('invalid_json');
  expect(upstream.requests).toHaveLength(0);
});

test.each(['{}', '{"model":7}', '{"model":""}'])('%s names no model: a clean 400', async (body) => {
  const reply = await harness.ask({}, body);
  expect(reply.status).toBe(400);
  expect(harness.records[0]?.errorCode).toBe('invalid_request');
});
