import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { allowed, CLIENT_KEY, type Door, doorNames, openDoor } from '../../test/support/data-plane.ts';
import { principalOf } from '../access/config-api-key.ts';
import { ProxyError } from '../errors.ts';
import type { Exchange } from '../pipeline/exchange.ts';

let door: Door | undefined;

afterEach(async () => {
  await door?.server.close(0);
  door = undefined;
});

async function open(...given: Parameters<typeof openDoor>): Promise<Door> {
  door = await openDoor(...given);
  return door;
}

function post(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null = '{}',
  headers: Record<string, string> = allowed,
): RequestInit {
  return { method: 'POST', body, headers };
}

const endpoints = [
  ['/v1/chat/completions', 'chat'],
  ['/v1/completions', 'completions'],
  ['/v1/responses', 'responses'],
  ['/v1/messages', 'messages'],
  ['/v1beta/models/m:generateContent', 'gemini'],
] as const;

describe.each(doorNames)('through the %s door', (name) => {
  it.each(endpoints)('%s reaches the pipeline with the %s codec', async (path, dialect) => {
    const response = await (await open(name)).send(path, post('{"a":"ü"}'));
    expect(await response.json()).toMatchObject({
      dialect,
      operation: 'generate',
      body: '{"a":"ü"}',
      principal: principalOf(CLIENT_KEY),
      requestId: response.headers.get('x-request-id'),
    });
  });

  it.each(endpoints)('%s answers 401 in its own dialect', async (path, dialect) => {
    const { send } = await open(name);
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const response = await send(path, post('{}', headers));
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ dialect, code: 'unauthorized' });
      expect(response.headers.get('x-request-id')).toMatch(/^r\d+$/);
    }
  });

  it.each([
    [{ authorization: `Bearer ${CLIENT_KEY}` }, ''],
    [{ authorization: CLIENT_KEY }, ''],
    [{ 'x-goog-api-key': CLIENT_KEY }, ''],
    [{ 'x-api-key': CLIENT_KEY }, ''],
    [{}, `?key=${CLIENT_KEY}`],
    [{}, `?beta=true&auth_token=${CLIENT_KEY}`],
  ])('takes the client key from %j%s', async (headers, search) => {
    const response = await (await open(name)).send(`/v1/messages${search}`, post('{}', headers));
    expect(response.status).toBe(200);
  });

  it.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['GZIP', gzipSync],
    ['identity', (text: string) => Buffer.from(text)],
  ])('decodes a %s body (%#)', async (encoding, compress) => {
    const headers = { ...allowed, 'content-encoding': encoding };
    const body = new Uint8Array(compress('{"text":"hello hello hello"}'));
    const response = await (await open(name)).send('/v1/chat/completions', post(body, headers));
    expect(await response.json()).toMatchObject({ body: '{"text":"hello hello hello"}' });
  });

  it.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('stops a %s bomb at the limit, and a broken body', async (encoding, compress) => {
    const { send } = await open(name, { bodyLimitBytes: 100_000 });
    const headers = { ...allowed, 'content-encoding': encoding };
    const bomb = compress(Buffer.alloc(100_001));
    expect(bomb.length).toBeLessThan(1_000);
    const response = await send('/v1/messages', post(new Uint8Array(bomb), headers));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ dialect: 'messages', code: 'body_too_large' });
    const fitting = new Uint8Array(compress(Buffer.alloc(100_000, 'x')));
    expect((await send('/v1/messages', post(fitting, headers))).status).toBe(200);
    expect((await send('/v1/messages', post(fitting.subarray(0, -6), headers))).status).toBe(400);
    expect((await send('/v1/messages', post('not compressed', headers))).status).toBe(400);
  });

  it('refuses an encoding it does not know', async () => {
    const response = await (await open(name)).send(
      '/v1/messages',
      post('x', { ...allowed, 'content-encoding': 'lzma' }),
    );
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported_encoding' });
  });

  it('answers 413 to a body over the limit and takes one that just fits', async () => {
    const { send } = await open(name, { bodyLimitBytes: 1_000 });
    const over = await send('/v1/chat/completions', post('x'.repeat(1_001)));
    expect(over.status).toBe(413);
    expect(await over.json()).toMatchObject({ dialect: 'chat', code: 'body_too_large' });
    expect((await send('/v1/chat/completions', post('x'.repeat(1_000)))).status).toBe(200);
  });

  it('answers 413 to a body of unknown length over the limit', async () => {
    const { send } = await open(name, { bodyLimitBytes: 1_000 });
    const stream = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 40; part++) controller.enqueue(Buffer.alloc(100));
        controller.close();
      },
    });
    const response = await send('/v1/responses', { ...post(stream), duplex: 'half' });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ dialect: 'responses', code: 'body_too_large' });
  });

  it('hands an empty body to the pipeline', async () => {
    const response = await (await open(name)).send('/v1/messages', post(null));
    expect(await response.json()).toMatchObject({ body: '' });
  });

  it.each(['/healthz', '/', '/api/hello'])('answers GET and HEAD %s to anyone', async (path) => {
    const { send } = await open(name);
    const get = await send(path);
    expect([get.status, get.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(await get.json()).toMatchObject(path === '/healthz' ? { status: 'ok' } : { name: 'llmproxy' });
    const head = await send(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('answers a CORS preflight anywhere without a key', async () => {
    const { send } = await open(name);
    for (const path of ['/v1/messages', '/nowhere']) {
      const response = await send(path, { method: 'OPTIONS', headers: { origin: 'http://app.test' } });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-methods')).toContain('POST');
      expect(response.headers.get('access-control-allow-headers')).toContain('*');
    }
  });

  it('lets a browser read its headers, also on errors', async () => {
    const { send } = await open(name);
    const response = await send('/v1/messages', post('{}', { origin: 'http://app.test' }));
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toMatch(/Retry-After.*X-Request-Id/);
  });

  it('answers 404 and 405 in the nearest dialect', async () => {
    const { send } = await open(name);
    const missing = await send('/v1/messages/batches', post());
    expect([missing.status, await missing.json()]).toMatchObject([404, { dialect: 'messages', code: 'not_found' }]);
    const wrong = await send('/v1/responses', { headers: allowed });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await wrong.json()).toMatchObject({ dialect: 'responses', code: 'method_not_allowed' });
  });

  it('renders what the pipeline throws, with Retry-After in whole seconds', async () => {
    const { send } = await open(name, {
      handle() {
        throw new ProxyError('model_cooldown', 'cooling down', { retryAfterMs: 1_200 });
      },
    });
    const response = await send('/v1/messages', post());
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await response.json()).toMatchObject({ dialect: 'messages', code: 'model_cooldown' });
  });

  it('does not tell what a bug says', async () => {
    const { send } = await open(name, {
      handle() {
        throw new Error('secret detail');
      },
    });
    const response = await send('/v1/messages', post());
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret detail');
  });

  it('streams with back-pressure until the end', async () => {
    const chunk = Buffer.alloc(256 * 1024, 'x');
    let left = 40;
    let waits = 0;
    function pump({ reply }: Exchange): void {
      while (left > 0) {
        left--;
        if (!reply.write(chunk)) {
          waits++;
          return;
        }
      }
      reply.end('end');
    }
    const { send } = await open(name, {
      handle(exchange) {
        exchange.reply.head(200, { 'content-type': 'text/event-stream' });
        exchange.reply.onDrain(() => pump(exchange));
        pump(exchange);
      },
    });
    const text = await (await send('/v1/messages', post())).text();
    expect([text.length, text.slice(-4)]).toEqual([40 * chunk.length + 3, 'xend']);
    expect(waits).toBeGreaterThan(0);
  });

  it('tells the pipeline that the client left, and nothing after a complete answer', async () => {
    const left = Promise.withResolvers<Exchange>();
    let calls = 0;
    const { send } = await open(name, {
      handle(exchange) {
        exchange.reply.onClose(() => {
          calls++;
          left.resolve(exchange);
        });
        exchange.reply.head(200, { 'content-type': 'text/event-stream' });
        exchange.reply.write('first');
        if (exchange.body.toString() === 'whole') exchange.reply.end();
      },
    });
    expect(await (await send('/v1/messages', post('whole'))).text()).toBe('first');
    const abort = new AbortController();
    const response = await send('/v1/messages', { ...post('part'), signal: abort.signal });
    abort.abort();
    const { reply, body } = await left.promise;
    expect([reply.closed, body.toString(), calls]).toEqual([true, 'part', 1]);
    expect(reply.write('more')).toBe(true);
    await expect(response.text()).rejects.toThrow();
  });

  it('cuts a stream that has no honest end', async () => {
    const { send } = await open(name, {
      handle({ reply }) {
        reply.head(200, { 'content-type': 'text/event-stream' });
        reply.write('first');
        setTimeout(() => reply.destroy(), 20);
      },
    });
    const response = await send('/v1/messages', post());
    await expect(response.text()).rejects.toThrow();
  });

  it('rejects when cut before the head', async () => {
    const { send } = await open(name, { handle: ({ reply }) => reply.destroy() });
    await expect(send('/v1/messages', post())).rejects.toThrow(TypeError);
  });
});
