import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { version } from '../version.ts';
import { createDispatchers, type Dispatchers } from './client.ts';
import { createFetch } from './fetch.ts';

let server: Server;
let dispatchers: Dispatchers;
let url: string;
beforeEach(async () => {
  server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // cast: a listening TCP server has such an address.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  dispatchers = createDispatchers({ environment: {} });
});
afterEach(async () => {
  await dispatchers.destroy();
  await new Promise((done) => server.close(done));
});

test('says who asks, unless told otherwise; other headers stay', async () => {
  const ask = createFetch(() => dispatchers, undefined);
  const headers = async (init?: RequestInit): Promise<object> => JSON.parse(await (await ask(url, init)).text());
  expect(await headers()).toMatchObject({ 'user-agent': `llmproxy/${version}` });
  expect(
    await headers({ method: 'POST', body: new URLSearchParams({ a: '1' }), headers: { authorization: 'x' } }),
  ).toMatchObject({
    'user-agent': `llmproxy/${version}`,
    authorization: 'x',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  });
  expect(await headers({ headers: new Headers({ 'User-Agent': 'own/1' }) })).toMatchObject({ 'user-agent': 'own/1' });
  expect(await headers({ headers: [['x-a', '1']] })).toMatchObject({ 'user-agent': `llmproxy/${version}`, 'x-a': '1' });
});
