/** The user's limits over real sockets: what waits, in which order, and what is refused with a Retry-After that holds. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../faults/gateway.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';

interface Upstream {
  readonly origin: string;
  /** `key text` of each request, in order of arrival. */
  readonly seen: string[];
  /** The most at a time, by key. */
  readonly most: Map<string, number>;
  readonly bodies: Record<string, unknown>[];
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Answers each request after so long. */
async function startUpstream(takesMs: (text: string) => number, status: (key: string) => number): Promise<Upstream> {
  const running = new Map<string, number>();
  const upstream = { seen: [] as string[], most: new Map<string, number>(), bodies: [] as Record<string, unknown>[] };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const key = /fake-(\w+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
      const body = JSON.parse(text);
      const question: string = body.messages[0].content;
      upstream.seen.push(`${key} ${question.slice(0, 40)}`);
      upstream.bodies.push(body);
      running.set(key, (running.get(key) ?? 0) + 1);
      upstream.most.set(key, Math.max(upstream.most.get(key) ?? 0, running.get(key) ?? 0));
      setTimeout(() => {
        running.set(key, (running.get(key) ?? 0) - 1);
        answer(response, status(key));
      }, takesMs(question));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // cast: a TCP server's address is an AddressInfo once it listens
  return { ...upstream, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answer(response: ServerResponse, status: number): void {
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
  const message = { role: 'assistant', content: 'ok' };
  const body =
    status === 200
      ? {
          id: 'x',
          object: 'chat.completion',
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
          usage,
        }
      : { error: { message: 'no more today', type: 'insufficient_quota' } };
  const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '3600' }) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

interface Setup {
  readonly keys?: readonly string[];
  readonly takesMs?: (text: string) => number;
  readonly status?: (key: string) => number;
}

async function setUp(limits: string, { keys = ['one'], takesMs = () => 0, status = () => 200 }: Setup = {}) {
  const upstream = await startUpstream(takesMs, status);
  const gateway = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
request-retry: 0
${limits}
openai-compatibility:
  - name: limited
    base-url: ${upstream.origin}/v1
    api-key-entries: [${keys.map((key) => `{ api-key: sk-fake-${key} }`).join(', ')}]
    models: [{ name: m }]
`);
  closers.push(() => gateway.close());
  const ask = (content: string, more: object = {}, signal?: AbortSignal): Promise<Response> =>
    fetch(`${gateway.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more }),
      ...(signal && { signal }),
    });
  return { upstream, ask };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('two accounts, two requests at a time each, twenty clients: all are served, in their order', async () => {
  const { upstream, ask } = await setUp('limits: { max_in_flight: 2 }', { keys: ['one', 'two'], takesMs: () => 40 });
  const questions = Array.from({ length: 20 }, (_, index) => `question ${index}`);
  const replies: Promise<Response>[] = [];
  for (const question of questions) {
    replies.push(ask(question));
    await sleep(3);
  }
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(questions.map(() => 200));
  expect([...upstream.most].toSorted()).toEqual([
    ['one', 2],
    ['two', 2],
  ]);
  const order = upstream.seen.map((seen) => Number(seen.split(' ').at(-1)));
  // Two that are let in together may overtake each other on their way.
  for (const [place, index] of order.entries()) expect(Math.abs(place - index)).toBeLessThanOrEqual(3);
});

test('requests per minute: 429 with a Retry-After after which there is room', async () => {
  const { upstream, ask } = await setUp(
    'limits: { max-wait-seconds: 0, providers: { default: { requests_per_minute: 60, burst: 2 } } }',
  );
  expect((await ask('1')).status).toBe(200);
  expect((await ask('2')).status).toBe(200);
  const refused = await ask('3');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('limits') } });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBe(1);
  await sleep(seconds * 1000);
  expect((await ask('4')).status).toBe(200);
  expect(upstream.seen).toEqual(['one 1', 'one 2', 'one 4']);
});

test('a wait for room: served when it comes, refused at once when it comes too late', async () => {
  const { ask } = await setUp('limits: { max-wait-seconds: 2, total: { requests-per-minute: 60, burst: 1 } }');
  expect((await ask('1')).status).toBe(200);
  const startedMs = performance.now();
  const [second, third, fourth] = await Promise.all([ask('2'), ask('3'), ask('4')]);
  expect([second.status, third.status, fourth.status].toSorted()).toEqual([200, 200, 429]);
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(1500);
  expect(tookMs).toBeLessThan(4000);
  const refused = [second, third, fourth].find(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBe(3);
});

test('a client that leaves gives up its place', async () => {
  const { upstream, ask } = await setUp('limits: { max-in-flight: 1 }', {
    takesMs: (text) => (text === 'long' ? 300 : 0),
  });
  const long = ask('long');
  await sleep(50);
  const leaver = new AbortController();
  const left = ask('left', {}, leaver.signal).catch(() => undefined);
  await sleep(50);
  const last = ask('last');
  await sleep(50);
  leaver.abort();
  await left;
  expect((await long).status).toBe(200);
  expect((await last).status).toBe(200);
  expect(upstream.seen).toEqual(['one long', 'one last']);
});

test('one account cools for an hour, the other is busy for a moment: the wait is for the other', async () => {
  let isOver = false;
  const { upstream, ask } = await setUp('limits: { max-in-flight: 1 }', {
    keys: ['over', 'fine'],
    takesMs: (text) => (text.startsWith('long') ? 700 : 0),
    status: (key) => (key === 'over' && isOver ? 429 : 200),
  });
  isOver = true;
  // Whoever gets the exhausted account fails over; afterwards only the other one is left.
  expect((await ask('first')).status).toBe(200);
  expect((await ask('second')).status).toBe(200);
  expect(upstream.seen.filter((seen) => seen.startsWith('over'))).toHaveLength(1);
  const long = ask('long');
  await sleep(100);
  const startedMs = performance.now();
  const waiting = await ask('waits');
  expect(waiting.status).toBe(200);
  expect(performance.now() - startedMs).toBeGreaterThan(300);
  expect((await long).status).toBe(200);
  expect(upstream.seen.slice(-2)).toEqual(['fine long', 'fine waits']);
});

test('max-tokens-per-request: output is lowered and told, too much input refused, strict mode sends nothing', async () => {
  const { upstream, ask } = await setUp('limits: { providers: { limited: { max_tokens_per_request: 100 } } }');
  const lowered = await ask('short', { max_tokens: 5000 });
  expect(lowered.status).toBe(200);
  expect(upstream.bodies[0]).toMatchObject({ max_tokens: 100 });
  expect(lowered.headers.get('x-llmproxy-dropped')).toContain('max_tokens');
  const fits = await ask('short', { max_tokens: 50 });
  expect(fits.headers.get('x-llmproxy-dropped')).toBeNull();
  expect(upstream.bodies[1]).toMatchObject({ max_tokens: 50 });
  const tooLarge = await ask('word '.repeat(200));
  expect(tooLarge.status).toBe(400);
  expect(await tooLarge.json()).toMatchObject({
    error: { message: expect.stringContaining('max-tokens-per-request') },
  });
  expect(upstream.seen).toHaveLength(2);
  const strict = await setUp('strict: true\nlimits: { providers: { default: { max-tokens-per-request: 100 } } }');
  expect((await strict.ask('short', { max_tokens: 5000 })).status).toBe(400);
  expect(strict.upstream.seen).toEqual([]);
});

test('tokens per minute: what was reserved and not used comes back', async () => {
  const { ask } = await setUp('limits: { max-wait-seconds: 0, providers: { default: { tokens_per_minute: 1000 } } }', {
    takesMs: (text) => (text === 'short' ? 0 : 300),
  });
  // Each asks for nearly all there is, and costs 20.
  for (let count = 0; count < 3; count++) expect((await ask('short', { max_tokens: 900 })).status).toBe(200);
  const replies = await Promise.all([ask('a', { max_tokens: 900 }), ask('b', { max_tokens: 900 })]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 429]);
});
