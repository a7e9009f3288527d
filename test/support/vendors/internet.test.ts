import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ProxyAgent, WebSocket as UndiciSocket } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Internet, startInternet } from './internet.ts';
import { sendJson, type Vendor } from './vendor.ts';

let internet: Internet | undefined;
afterEach(async () => {
  await internet?.close();
  internet = undefined;
});

const echo: Vendor = {
  hosts: ['api.vendor.example', '*.region.example'],
  handle(request, reply) {
    if (request.path === '/broken') throw new Error('the vendor is broken');
    sendJson(reply, 200, {
      host: request.host,
      path: request.path,
      q: request.query.get('q'),
      agent: request.headers['user-agent'],
      said: request.json()['said'],
    });
  },
  upgrade(request, socket, head) {
    const server = new WebSocketServer({ noServer: true });
    server.handleUpgrade(request, socket, head, (client: WebSocket) => {
      client.on('message', (data) => client.send(`heard ${String(data)}`));
    });
  },
};

test('code in this process reaches the vendors under their own names, and nobody else', async () => {
  internet = await startInternet(echo);
  const answer = await internet.fetch('https://api.vendor.example/v1/x?q=1', {
    method: 'POST',
    headers: { 'user-agent': 'me' },
    body: '{"said":"hi"}',
  });
  const expected = { host: 'api.vendor.example', path: '/v1/x', q: '1', agent: 'me', said: 'hi' };
  expect(await answer.json()).toEqual(expected);
  const request = new Request('https://eu.region.example/v1/x', { method: 'POST', body: '{"said":"ho"}' });
  expect(await (await internet.fetch(request)).json()).toMatchObject({ host: 'eu.region.example', said: 'ho' });
  await expect(internet.fetch('https://elsewhere.example/')).rejects.toThrow();
  await expect(internet.fetch('https://region.example/')).rejects.toThrow();
  expect(internet.strangers).toEqual(['elsewhere.example', 'region.example']);
});

test('a vendor that throws is a fault that tests see', async () => {
  internet = await startInternet(echo);
  expect((await internet.fetch('https://api.vendor.example/broken')).status).toBe(500);
  expect(internet.faults).toEqual(['GET api.vendor.example/broken: Error: the vendor is broken']);
});

test('a process reaches them through the proxy with the certificate of the environment', async () => {
  internet = await startInternet(echo);
  const script = `
    const seen = [];
    for (const url of ['https://api.vendor.example/v1/y', 'https://elsewhere.example/', 'http://api.vendor.example/'])
      seen.push(await fetch(url).then((r) => r.ok ? r.json() : r.status, () => 'refused'));
    console.log(JSON.stringify(seen));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...internet.env, HTTP_PROXY: internet.proxyUrl, NODE_USE_ENV_PROXY: '1' },
  });
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ host: 'api.vendor.example', path: '/v1/y' }),
    'refused',
    502,
  ]);
  expect(internet.strangers).toEqual(['elsewhere.example', 'http://api.vendor.example/ without TLS']);
});

test('a WebSocket goes through the proxy', async () => {
  internet = await startInternet(echo);
  const dispatcher = new ProxyAgent({
    uri: internet.proxyUrl,
    requestTls: { ca: readFileSync(internet.caFile, 'utf8') },
  });
  const socket = new UndiciSocket('wss://api.vendor.example/ws', { dispatcher });
  const heard = await new Promise((done, reject) => {
    socket.addEventListener('open', () => socket.send('hi'));
    socket.addEventListener('message', ({ data }) => done(data));
    socket.addEventListener('error', ({ error }) => reject(error));
  });
  expect(heard).toBe('heard hi');
  socket.close();
  await dispatcher.destroy();
});
