import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type CallbackServer, redirectUriOf, startCallbackServer } from './callback-server.ts';

const callback = { host: 'localhost', port: 0, path: '/auth/callback', anyPort: true } as const;
const STATE = 'state-of-this-login';
const open: (CallbackServer | Server)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(own: Partial<Parameters<typeof startCallbackServer>[0]> = {}): Promise<CallbackServer> {
  const server = await startCallbackServer({ callback, state: STATE, signal: new AbortController().signal, ...own });
  open.push(server);
  return server;
}

async function taken(host: string, port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, host, () => done()));
  open.push(server);
  // cast: a listening TCP server has such an address.
  return (server.address() as AddressInfo).port;
}

const get = (url: string, init?: RequestInit) => fetch(url, { redirect: 'manual', ...init });

test('takes the answer with the right state, once, and then is gone', async () => {
  const server = await start();
  expect(server.redirectUri).toBe(`http://localhost:${server.port}/auth/callback`);
  const page = await get(`${server.redirectUri}?code=c-1&state=${STATE}`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('You can close this window');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await server.answer).toEqual({ code: 'c-1', state: STATE });
  await server.close();
  await expect(get(server.redirectUri)).rejects.toThrow();
});

test('a refusal of the provider is an answer', async () => {
  const server = await start();
  const page = await get(`${server.redirectUri}?error=access_denied&state=${STATE}`);
  expect(page.status).toBe(400);
  expect(await page.text()).toContain('without giving access');
  expect(await server.answer).toEqual({ error: 'access_denied', state: STATE });
});

describe('anything else is not the answer, and is not repeated', () => {
  test.each<[string, string, number, RequestInit?]>([
    ['another state', '/auth/callback?code=x&state=state-of-this-logim', 400],
    ['a longer state', `/auth/callback?code=x&state=${STATE}x`, 400],
    ['no state', '/auth/callback?code=x', 400],
    ['nothing in it', `/auth/callback?state=${STATE}`, 400],
    ['markup', '/auth/callback?code=<script>alert(1)</script>&state=<b>', 400],
    ['another path', `/auth/callback/x?code=x&state=${STATE}`, 404],
    ['the root', `/?code=x&state=${STATE}`, 404],
    ['another address', `//evil.test/auth?code=x&state=${STATE}&next=https://evil.test`, 404],
    ['a POST', `/auth/callback?code=x&state=${STATE}`, 405, { method: 'POST', body: 'x' }],
    ['a HEAD', `/auth/callback?code=x&state=${STATE}`, 405, { method: 'HEAD' }],
  ])('%s', async (_, path, status, init) => {
    const server = await start();
    const page = await get(`http://127.0.0.1:${server.port}${path}`, init);
    expect(page.status).toBe(status);
    expect(page.headers.get('location')).toBeNull();
    const text = await page.text();
    expect(text).not.toMatch(/script|evil|state-of/);
    // It still waits for the real one.
    await get(`${server.redirectUri}?code=real&state=${STATE}`);
    expect(await server.answer).toMatchObject({ code: 'real' });
  });
});

test('both addresses of localhost answer, of 127.0.0.1 only that one', async () => {
  const both = await start();
  const statuses = await Promise.all(
    ['127.0.0.1', '[::1]'].map(async (host) => (await get(`http://${host}:${both.port}/`)).status),
  );
  expect(statuses).toEqual([404, 404]);
  const one = await start({ callback: { ...callback, host: '127.0.0.1' } });
  expect((await get(`http://127.0.0.1:${one.port}/`)).status).toBe(404);
  await expect(get(`http://[::1]:${one.port}/`)).rejects.toThrow();
});

test.each(['127.0.0.1', '::1'])('a port that is taken at %s is named, with what can be done', async (host) => {
  const port = await taken(host);
  await expect(start({ port })).rejects.toMatchObject({
    code: 'invalid_config',
    message: `port ${port} of ${host} is taken by another program: end that program, listen elsewhere with --port, or paste the address that the browser was sent to`,
  });
  // The other address is free again.
  await taken(host === '::1' ? '127.0.0.1' : '::1', port);
});

test('where the browser is sent, wherever it is listened', async () => {
  const registered = { host: 'localhost', port: 54_545, path: '/callback' } as const;
  expect(redirectUriOf(registered)).toBe('http://localhost:54545/callback');
  expect(redirectUriOf(registered, 9000)).toBe('http://localhost:54545/callback');
  expect(redirectUriOf({ ...registered, anyPort: true }, 9000)).toBe('http://localhost:9000/callback');
  const server = await start({ callback: registered, port: 0 });
  expect(server.port).not.toBe(54_545);
  expect(server.redirectUri).toBe('http://localhost:54545/callback');
});

test('ends with the login', async () => {
  const ended = new AbortController();
  const server = await start({ signal: ended.signal });
  ended.abort();
  await expect(server.answer).rejects.toMatchObject({ code: 'client_closed' });
  await server.close();
  await expect(get(server.redirectUri)).rejects.toThrow();
  const late = await start({ signal: ended.signal });
  await expect(late.answer).rejects.toMatchObject({ code: 'client_closed' });
});

test('a connection that a browser opened ahead does not keep it', async () => {
  const server = await start();
  const ahead = connect(server.port, '127.0.0.1');
  await new Promise((done) => ahead.once('connect', done));
  const ended = new Promise((done) => ahead.once('close', done));
  await get(`${server.redirectUri}?code=c&state=${STATE}`);
  await server.answer;
  await server.close();
  await ended;
});
