import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDispatchers, type Dispatchers } from '../upstream/client.ts';
import { HttpExecutor } from './http-executor.ts';

/** What the upstream does with the n-th request on the n-th connection, both from 1. */
let behave: (socket: Socket, connection: number, request: number) => void;
let connections: number;
let server: Server;
let dispatchers: Dispatchers;

beforeEach(async () => {
  connections = 0;
  dispatchers = createDispatchers({ connections: 1 });
  server = createServer((socket) => {
    const connection = ++connections;
    let requests = 0;
    socket.on('error', () => {});
    socket.on('data', () => behave(socket, connection, ++requests));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await dispatchers.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const answer = (socket: Socket): unknown => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

function send(): Promise<string> {
  // cast: a TCP server's address is an AddressInfo once it listens
  const { port } = server.address() as AddressInfo;
  const call = {
    method: 'POST',
    origin: `http://127.0.0.1:${port}`,
    path: '/',
    headers: {},
    body: 'hi',
    proxyUrl: undefined,
  } as const;
  return new Promise((resolve) => {
    let text = '';
    new HttpExecutor({ dispatchers }).send(call, {
      head() {},
      data(chunk) {
        text += chunk.toString();
        return true;
      },
      end: () => resolve(text),
      error: (error) => resolve(error.code),
    });
  });
}

test.each<[string, (socket: Socket) => unknown]>([
  ['closes', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
])('a call that meets a kept connection as the server %s it is sent again on a new one', async (_, drop) => {
  behave = (socket, connection, request) => (connection === 1 && request === 2 ? drop(socket) : answer(socket));
  expect(await send()).toBe('ok');
  expect(await send()).toBe('ok');
  expect(connections).toBe(2);
});

test('it is sent again only once', async () => {
  behave = (socket, connection) => (connection === 1 && socket.bytesWritten === 0 ? answer(socket) : socket.destroy());
  expect(await send()).toBe('ok');
  expect(await send()).toBe('upstream_failed');
  expect(connections).toBe(2);
});

test('a server that drops a call on a new connection is to blame', async () => {
  behave = (socket) => socket.resetAndDestroy();
  expect(await send()).toBe('upstream_failed');
  expect(connections).toBe(1);
});

test('nothing is sent twice once an answer has begun', async () => {
  behave = (socket, _connection, request) => {
    if (request === 1) answer(socket);
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal', () => socket.destroy());
  };
  expect(await send()).toBe('ok');
  expect(await send()).toBe('upstream_stream_truncated');
  expect(connections).toBe(1);
});
