import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer, type Server as NetServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { ProxyError } from '../errors.ts';
import { createDispatchers, type Dispatchers } from '../upstream/client.ts';
import type { UpstreamCall } from './executor.ts';
import { HttpExecutor } from './http-executor.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function listen<T extends Server | NetServer>(server: T): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => server.close(resolve)));
  // cast: a TCP server's address is an AddressInfo once it listens
  return (server.address() as AddressInfo).port;
}

function dispatchers(options: Parameters<typeof createDispatchers>[0] = {}): Dispatchers {
  const created = createDispatchers(options);
  open.push(() => created.destroy());
  return created;
}

interface Outcome {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly error?: ProxyError;
}

function send(created: Dispatchers, call: Partial<UpstreamCall>): Promise<Outcome> {
  const executor = new HttpExecutor({ dispatchers: created });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let head: Pick<Outcome, 'status' | 'headers'> = {};
    const full: UpstreamCall = {
      method: 'POST',
      origin: '',
      path: '/p',
      headers: {},
      body: '{}',
      proxyUrl: undefined,
      ...call,
    };
    executor.send(full, {
      head: (status, headers) => {
        head = { status, headers };
      },
      data: (chunk) => chunks.push(chunk) > 0,
      end: () => resolve({ ...head, body: Buffer.concat(chunks).toString() }),
      error: (error) => resolve({ ...head, body: Buffer.concat(chunks).toString(), error }),
    });
  });
}

/** An upstream that answers with what it was asked. */
async function echo(): Promise<string> {
  const server = createServer((request, response) =>
    response.end(`${request.method} ${request.url} ${request.headers.host}`),
  );
  const port = await listen(server);
  return `http://127.0.0.1:${port}`;
}

test('an http proxy carries the call; direct does not use it', async () => {
  const origin = await echo();
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.end('from the proxy');
  });
  const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  const created = dispatchers({ proxyUrl });
  expect((await send(created, { origin, proxyUrl })).body).toBe('from the proxy');
  expect((await send(created, { origin })).body).toBe('from the proxy');
  expect(seen).toEqual([`${origin}/p`, `${origin}/p`]);
  expect((await send(created, { origin, proxyUrl: 'direct' })).body).toContain('POST /p');
  expect((await send(dispatchers({ environment: { HTTP_PROXY: proxyUrl } }), { origin })).body).toBe('from the proxy');
});

test('a socks5 proxy with a password carries the call', async () => {
  const origin = await echo();
  const logins: string[] = [];
  const proxy = createNetServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 2]));
      socket.once('data', (login: Buffer) => {
        const name = login.subarray(2, 2 + (login[1] ?? 0)).toString();
        logins.push(`${name}:${login.subarray(3 + (login[1] ?? 0)).toString()}`);
        socket.write(Buffer.from([1, 0]));
        socket.once('data', (request: Buffer) => {
          const upstream = connect(request.readUInt16BE(request.length - 2), '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            socket.pipe(upstream).pipe(socket);
          });
          upstream.on('error', () => socket.destroy());
          socket.on('close', () => upstream.destroy());
        });
      });
    });
    socket.on('error', () => socket.destroy());
  });
  const created = dispatchers();
  const proxyUrl = `socks5://fake-user:fake-pass@127.0.0.1:${await listen(proxy)}`;
  const outcomes = await Promise.all([1, 2].map(() => send(created, { origin, proxyUrl })));
  for (const outcome of outcomes) expect(outcome.body).toContain('POST /p');
  expect(logins[0]).toBe('fake-user:fake-pass');
});

test('a proxy that cannot be reached or understood is named, without its password', async () => {
  const origin = await echo();
  const created = dispatchers();
  const refused = await send(created, { origin, proxyUrl: 'http://user:hush@127.0.0.1:1' });
  expect(refused.error).toMatchObject({ code: 'upstream_unreachable' });
  expect(refused.error?.message).toContain('127.0.0.1:1');
  expect(refused.error?.message).not.toContain('hush');
  const unknown = await send(created, { origin, proxyUrl: 'ftp://user:hush@127.0.0.1:1' });
  expect(unknown.error).toMatchObject({ code: 'upstream_unreachable', message: expect.stringContaining('ftp:') });
});

test.for([
  ['the configuration', { proxyUrl: 'http://user:hush@127.0.0.1:1' }],
  ['the environment', { environment: { http_proxy: 'http://user:hush@127.0.0.1:1' } }],
] as const)('an unreachable proxy from %s is named too', async ([, options]) => {
  const { error } = await send(dispatchers(options), { origin: await echo() });
  expect(error?.message).toContain('nothing listens at the proxy 127.0.0.1:1 ');
  expect(error?.message).not.toContain('hush');
});

test('a key that no header can carry is to blame, not the connection', async () => {
  const { error } = await send(dispatchers(), { origin: await echo(), headers: { authorization: 'Bearer hush…' } });
  expect(error?.message).toMatch(/cannot be sent: its key or a header holds/);
  expect(error?.message).not.toContain('hush');
});

test('a host name that does not exist', async () => {
  const { error } = await send(dispatchers(), { origin: 'http://nowhere.invalid:81' });
  expect(error).toMatchObject({ code: 'upstream_unreachable', message: expect.stringContaining('nowhere.invalid:81') });
});

test('TLS to a server that speaks none says so', async () => {
  const origin = (await echo()).replace('http:', 'https:');
  const { error } = await send(dispatchers(), { origin });
  expect(error?.code).toBe('upstream_unreachable');
  expect(error?.message).toContain('TLS');
});

test.each([
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['zstd', zstdCompressSync],
] as const)('%s is decoded, its headers are gone', async (encoding, compress) => {
  const text = 'decoded '.repeat(50_000);
  const server = createServer((_request, response) =>
    response.setHeader('content-encoding', encoding).end(compress(text)),
  );
  const outcome = await send(dispatchers(), { origin: `http://127.0.0.1:${await listen(server)}` });
  expect(outcome.body).toBe(text);
  expect(outcome.headers).not.toHaveProperty('content-encoding');
  expect(outcome.headers).not.toHaveProperty('content-length');
});

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('%s is decoded where no header tells of it, with a length and without', async (_name, compress) => {
  const text = 'decoded '.repeat(50_000);
  const bytes = compress(text);
  const server = createServer((request, response) => {
    if (request.url === '/length') response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 40));
    response.end(bytes.subarray(40));
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  for (const path of ['/length', '/chunked']) {
    const outcome = await send(dispatchers(), { origin, path });
    expect(outcome.body).toBe(text);
    expect(outcome.headers).not.toHaveProperty('content-length');
  }
});

test('several encodings are undone, the last one first', async () => {
  const server = createServer((_request, response) =>
    response.setHeader('content-encoding', 'gzip, identity, br').end(brotliCompressSync(gzipSync('twice'))),
  );
  expect((await send(dispatchers(), { origin: `http://127.0.0.1:${await listen(server)}` })).body).toBe('twice');
  const repeating = createServer((_request, response) =>
    response.setHeader('content-encoding', ['gzip', 'br']).end(brotliCompressSync(gzipSync('twice'))),
  );
  expect((await send(dispatchers(), { origin: `http://127.0.0.1:${await listen(repeating)}` })).body).toBe('twice');
});

test('an answer without a body keeps its length', async () => {
  const server = createServer((_request, response) => response.setHeader('content-length', 0).end());
  const outcome = await send(dispatchers(), { origin: `http://127.0.0.1:${await listen(server)}` });
  expect(outcome).toMatchObject({ body: '', headers: { 'content-length': '0' } });
});

test('an unknown encoding and broken data are errors', async () => {
  const server = createServer((request, response) =>
    response.setHeader('content-encoding', request.url === '/odd' ? 'rot13' : 'gzip').end('not gzip'),
  );
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const created = dispatchers();
  expect((await send(created, { origin, path: '/odd' })).error?.code).toBe('upstream_invalid_response');
  expect((await send(created, { origin })).error?.code).toBe('upstream_stream_truncated');
});

test('close waits for calls under way; later calls are told that llmproxy stops', async () => {
  const server = createServer((_request, response) => setTimeout(() => response.end('late'), 80));
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const created = createDispatchers();
  const dispatcher = created.get(origin, undefined);
  const outcome = send(created, { origin });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await created.close();
  expect((await outcome).body).toBe('late');
  const closed: Dispatchers = { ...created, get: () => dispatcher };
  expect((await send(closed, { origin })).error?.code).toBe('shutting_down');
});
