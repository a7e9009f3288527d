import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  chatBody,
  chatStream,
  claudeEndpoint,
  claudeStream,
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

const streamed = { ...chatBody, stream: true };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends the first parts, waits until they have left, then does what breaks the stream. */
function sendThen(parts: readonly string[], then: (response: Parameters<UpstreamHandler>[1]) => void): UpstreamHandler {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    await pause(30);
    then(response);
  };
}

test('connection refused: 502 that names host and port', async () => {
  await upstream.close();
  const reply = await harness.ask();
  expect(reply.status).toBe(502);
  expect(reply.text()).toContain(upstream.origin.replace('http://', ''));
  expect(harness.records[0]?.errorCode).toBe('upstream_unreachable');
  expect(harness.pool.log).toEqual(['c1 upstream_unreachable']);
});

test('reset before the head: 502', async () => {
  answer = (_request, response) => response.socket?.resetAndDestroy();
  const reply = await harness.ask();
  expect(reply.status).toBe(502);
  expect(harness.records[0]?.errorCode).toBe('upstream_failed');
});

// The same faults in a stream that passes through and in one that is translated.
const routes = [
  { name: 'pass-through', manifest: {}, parts: chatStream('one', 'two', 'three') },
  { name: 'translated', manifest: claudeEndpoint, parts: claudeStream('one', 'two', 'three') },
] as const;

describe.each(routes)('$name stream', ({ manifest, parts }) => {
  beforeEach(() => {
    harness.targets = [target(upstream.origin, 'c1', { manifest })];
  });

  test.each([
    ['reset', (response: Parameters<UpstreamHandler>[1]) => response.socket?.resetAndDestroy()],
    ['ended early', (response: Parameters<UpstreamHandler>[1]) => response.end()],
    ['ended inside an event', (response: Parameters<UpstreamHandler>[1]) => response.end('data: {"choi')],
  ])('%s after the first bytes: an error event and no end marker', async (_name, then) => {
    answer = sendThen(parts.slice(0, -3), then);
    const reply = await harness.ask({}, streamed);
    expect(reply.status).toBe(200);
    expect(reply.text()).toContain('one');
    expect(reply.text()).not.toContain('[DONE]');
    const events = reply.text().trim().split('\n\n');
    expect(JSON.parse(events.at(-1)?.replace(/^data: /, '') ?? '')).toHaveProperty('error.message');
    expect(harness.records[0]).toMatchObject({ errorCode: 'upstream_stream_truncated', status: 200 });
  });

  test('a stall ends with an error event', async () => {
    await harness.close();
    harness = createHarness({ idleTimeoutMs: 150 });
    harness.targets = [target(upstream.origin, 'c1', { manifest })];
    answer = sendThen(parts.slice(0, -3), () => {});
    const reply = await harness.ask({}, streamed);
    expect(reply.text()).toContain('one');
    expect(reply.text()).toContain('"error"');
    expect(harness.records[0]?.errorCode).toBe('upstream_timeout');
  });

  test('cut short before anything was sent: the next credential answers', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest }), target(upstream.origin, 'c2', { manifest })];
    answer = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const first = request.headers['authorization'] === 'Bearer fake-secret-c1';
      response.end(first ? '' : parts.join(''));
    };
    const reply = await harness.ask({}, streamed);
    expect(reply.text()).toContain('[DONE]');
    expect(harness.pool.log).toEqual(['c1 upstream_stream_truncated', 'c2 ok']);
    expect(harness.records[0]).toMatchObject({ attempts: 2, errorCode: undefined, credentialId: 'c2' });
  });

  test('an abort by the client reaches the upstream within 100 ms', async () => {
    let closedAt = 0;
    answer = (_request, response) => {
      response.on('close', () => {
        closedAt = performance.now();
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(parts.slice(0, 3).join(''));
    };
    const reply = harness.begin({}, streamed);
    await reply.firstWrite();
    const leftAt = performance.now();
    reply.leave();
    await expect.poll(() => closedAt, { interval: 5 }).toBeGreaterThan(0);
    expect(closedAt - leftAt).toBeLessThan(100);
    expect(harness.records).toHaveLength(1);
    expect(harness.records[0]).toMatchObject({ status: 499, errorCode: 'client_closed' });
    expect(harness.pool.log).toEqual([]);
  });

  test('a slow client pauses the upstream and loses nothing', async () => {
    const text = 'x'.repeat(4000);
    const total = 5000;
    let sent = 0;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const [first, last] = [parts.slice(0, -3), parts.slice(-3)];
      response.write(first.join(''));
      const middle = (parts.find((part) => part.includes('three')) ?? '').replace('three', text);
      const push = (): void => {
        while (sent < total) {
          sent++;
          if (!response.write(middle)) {
            response.once('drain', push);
            return;
          }
        }
        response.end(last.join(''));
      };
      push();
    };
    const reply = harness.begin({}, streamed);
    reply.accepting = false;
    await reply.firstWrite();
    await pause(300);
    const sentWhilePaused = sent;
    const writesWhilePaused = reply.writes;
    await pause(100);
    expect(sent).toBe(sentWhilePaused);
    expect(reply.writes).toBe(writesWhilePaused);
    expect(sentWhilePaused).toBeLessThan(total);
    reply.drain();
    await reply.done;
    expect(reply.text().split(text)).toHaveLength(total + 1);
    expect(reply.text()).toContain('[DONE]');
    expect(harness.records[0]?.errorCode).toBeUndefined();
  });
});

test('no answer at all: 504 after the first-byte timeout', async () => {
  await harness.close();
  harness = createHarness({ firstByteTimeoutMs: 150 });
  harness.targets = [target(upstream.origin)];
  answer = () => {};
  const reply = await harness.ask();
  expect(reply.status).toBe(504);
  expect(reply.text()).toContain('0.2 s');
});

test('an abort before the answer began reaches the upstream', async () => {
  let closed = false;
  answer = (_request, response) => {
    response.on('close', () => {
      closed = true;
    });
  };
  const reply = harness.begin();
  await expect.poll(() => upstream.requests.length).toBe(1);
  reply.leave();
  await expect.poll(() => closed, { interval: 5, timeout: 200 }).toBe(true);
  expect(reply.headSent).toBe(false);
});

test('a whole body that is cut after its head was sent destroys the reply', async () => {
  answer = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"id":');
    await pause(30);
    response.destroy();
  };
  const reply = await harness.ask();
  expect(reply).toMatchObject({ destroyed: true, ended: false });
  expect(harness.records[0]?.errorCode).toBe('upstream_stream_truncated');
});

test('JSON that ends early without any other sign is an error, not an answer', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"id":"x","choices":[{"message":');
  };
  const reply = await harness.ask();
  expect(reply.status).toBe(502);
  expect(harness.records[0]?.errorCode).toBe('upstream_invalid_response');
});

test('a translated answer that is no JSON is a 502', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
  answer = (_request, response) => response.setHeader('content-type', 'application/json').end('<html>');
  const reply = await harness.ask();
  expect(reply.status).toBe(502);
  expect(harness.records[0]?.errorCode).toBe('upstream_invalid_response');
});
