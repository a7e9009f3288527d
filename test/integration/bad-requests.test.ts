/** Requests nobody can answer get a clean error in the client's dialect, and nothing reaches an upstream. */
import { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, bodyOf, dialects, pairs, pathOf, readError } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';

const MB = 1024 * 1024;
const auth = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(() => ({ text: 'ok.' }), {
    config: 'request-retry: 0\ndisable-cooling: true\nbody-limit-mb: 1',
  });
});
afterAll(() => gateway.close());

function send(
  dialect: UpstreamDialect,
  model: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
): Promise<Response> {
  const init = { method: 'POST', headers: { ...auth, ...headers }, body };
  return fetch(
    gateway.origin + pathOf(dialect, model, false),
    body instanceof ReadableStream ? { ...init, duplex: 'half' } : init,
  );
}

async function refused(dialect: UpstreamDialect, reply: Response, status: number): Promise<string> {
  const text = await reply.text();
  expect([reply.status, text]).toEqual([status, expect.any(String)]);
  expect(reply.headers.get('content-type')).toContain('application/json');
  const error = readError(dialect, JSON.parse(text));
  expect([error.shape, text]).toEqual([true, text]);
  return error.message;
}

/** A proper request made longer than the limit, in a form that stays cheap to send. */
const large = (dialect: UpstreamDialect): string =>
  JSON.stringify(bodyOf(dialect, upstreamModels[dialect], false, 'x'.repeat(2 * MB)));

describe.for(dialects)('%s: a body over the limit is a 413', (dialect) => {
  const model = upstreamModels[dialect];

  test('with content-length', async () => {
    const before = gateway.upstream.seen.length;
    expect(await refused(dialect, await send(dialect, model, large(dialect)), 413)).toMatch(/1 MiB|1 MB|1048576/);
    expect(gateway.upstream.seen.length).toBe(before);
  });

  test('chunked', async () => {
    const stream = new Blob([large(dialect)]).stream();
    await refused(dialect, await send(dialect, model, stream), 413);
  });

  test.for([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
  ] as const)('as a %s bomb; a small one is read', async ([encoding, compress]) => {
    const bomb = compress(large(dialect));
    expect(bomb.length).toBeLessThan(MB / 100);
    await refused(dialect, await send(dialect, model, Uint8Array.from(bomb), { 'content-encoding': encoding }), 413);
    const small = Uint8Array.from(compress(JSON.stringify(bodyOf(dialect, model, false))));
    expect((await send(dialect, model, small, { 'content-encoding': encoding })).status).toBe(200);
  });

  test('just below it is answered', async () => {
    const body = JSON.stringify(bodyOf(dialect, model, false, 'x'.repeat(MB - 1024)));
    expect((await send(dialect, model, body)).status).toBe(200);
  });
});

const invalidUtf8 = (dialect: UpstreamDialect, model: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(JSON.stringify(bodyOf(dialect, model, false, 'h\u00ffi')), 'latin1'));

const malformed: readonly (readonly [
  string,
  (dialect: UpstreamDialect, model: string) => string | Uint8Array<ArrayBuffer>,
])[] = [
  ['empty', () => ''],
  ['white space', () => ' \n'],
  ['truncated', (dialect, model) => JSON.stringify(bodyOf(dialect, model, false)).slice(0, -2)],
  ['with trailing garbage', (dialect, model) => `${JSON.stringify(bodyOf(dialect, model, false))} x`],
  ['two objects', (dialect, model) => JSON.stringify(bodyOf(dialect, model, false)).repeat(2)],
  ['an array', (dialect, model) => JSON.stringify([bodyOf(dialect, model, false)])],
  ['a string', () => '"hello"'],
  ['null', () => 'null'],
  ['a form', () => 'model=x&stream=true'],
  ['single quotes', (dialect, model) => JSON.stringify(bodyOf(dialect, model, false)).replaceAll('"', "'")],
  ['a trailing comma', (dialect, model) => JSON.stringify(bodyOf(dialect, model, false)).replace(/\}$/, ',}')],
  ['invalid UTF-8', invalidUtf8],
  ['half a deep nesting', () => '{"a":'.repeat(10_000)],
  ['half a deep list', () => `{"a":${'['.repeat(10_000)}`],
];

/** Inside strings the scan does not look (the cost of a parse): a same-dialect upstream gives its own verdict. */
const malformedStrings: typeof malformed = [
  [
    'a raw line break in a string',
    (dialect, model) => JSON.stringify(bodyOf(dialect, model, false, 'a@b')).replace('@', '\n'),
  ],
  ['a wrong escape', (dialect, model) => JSON.stringify(bodyOf(dialect, model, false, 'a@b')).replace('@', '\\x')],
];

describe.for(pairs)('%s client, %s upstream: malformed JSON is a 400', ([client, upstream]) => {
  const model = upstreamModels[upstream];

  test.for(client === upstream ? malformed : [...malformed, ...malformedStrings])('%s', async ([, body]) => {
    const before = gateway.upstream.seen.length;
    await refused(client, await send(client, model, body(client, model)), 400);
    expect(gateway.upstream.seen.length).toBe(before);
  });

  test('10,000 levels of nesting are refused; 900 are answered', async () => {
    const nested = (levels: number): string =>
      JSON.stringify(bodyOf(client, model, false)).replace(
        /\}$/,
        `,"metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels + 1)}`,
      );
    expect(await refused(client, await send(client, model, nested(10_000)), 400)).toContain('nested deeper');
    expect([200, 400]).toContain((await send(client, model, nested(900))).status);
  });

  test('a model named twice: the last one counts, on both ends', async () => {
    const proper = JSON.stringify(bodyOf(client, model, false));
    const reply = await send(client, model, proper.replace('{', '{"model":"not-this-one",'));
    expect(reply.status).toBe(200);
    expect(gateway.upstream.seen.at(-1)?.model).toBe(model);
  });
});

describe.for(dialects)('%s', (dialect) => {
  test('an unknown model is a 404 that names up to three similar ones', async () => {
    for (const stream of [false, true]) {
      const message = await refused(dialect, await ask(gateway.origin, dialect, 'up-chad', { stream }), 404);
      expect(message).toContain('up-chad');
      expect(message).toContain('up-chat');
      const named = Object.values(upstreamModels).filter((model) => message.includes(model));
      expect(named.length).toBeLessThanOrEqual(3);
    }
  });

  test.for(['PUT', 'DELETE', 'PATCH'])('%s is a 405 that says what is allowed', async (method) => {
    const reply = await fetch(gateway.origin + pathOf(dialect, 'up-chat', false), { method, headers: auth });
    expect(reply.headers.get('allow')).toBe('POST');
    await refused(dialect, reply, 405);
  });

  test('no key and a wrong key are 401', async () => {
    for (const authorization of ['', 'Bearer sk-wrong-client-key'])
      await refused(dialect, await ask(gateway.origin, dialect, 'up-chat', { headers: { authorization } }), 401);
  });

  test('an unknown encoding is a 415, a wrong one a 400', async () => {
    const body = JSON.stringify(bodyOf(dialect, 'up-chat', false));
    await refused(dialect, await send(dialect, 'up-chat', body, { 'content-encoding': 'rot13' }), 415);
    await refused(dialect, await send(dialect, 'up-chat', body, { 'content-encoding': 'gzip' }), 400);
  });
});

test('headers beyond the limit end with 431, and the next request is answered', async () => {
  const reply = await raw(`GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`);
  expect(reply).toMatch(/^HTTP\/1\.1 431 /);
  expect((await ask(gateway.origin, 'openai-chat', 'up-chat')).status).toBe(200);
});

test('bytes that are no HTTP end with 400', async () => {
  expect(await raw('\x16\x03\x01 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

/** Sends bytes and returns whatever comes back until the connection closes. */
function raw(bytes: string): Promise<string> {
  return new Promise((done) => {
    const url = new URL(gateway.origin);
    const socket = new Socket();
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => done(text));
    socket.connect(Number(url.port), url.hostname, () => socket.write(bytes));
  });
}
