import { once } from 'node:events';
import { Agent, createServer as createHttpServer, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { allowed, serverOptions } from '../../test/support/data-plane.ts';
import type { Exchange } from '../pipeline/exchange.ts';
import { createListener, type Listener } from './listener.ts';
import { createServer, type Server } from './server.ts';

const open: { close(graceMs: number): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close(0)));
});

function started<T extends Listener | Server>(server: T): T {
  open.push(server);
  return server;
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(url: string, agent?: Agent): Promise<IncomingMessage> {
  const request = get(url, { ...(agent === undefined ? {} : { agent }), headers: allowed });
  const [response] = await once(request, 'response');
  return response;
}

async function text(response: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of response) all += chunk;
  return all;
}

describe('sockets on one port', () => {
  it.runIf(process.platform === 'linux')('answer on all of sixteen', async () => {
    const seen = new Set<unknown>();
    const listener = started(
      createListener({
        sockets: 16,
        onRequest(request, response) {
          seen.add('server' in request.socket ? request.socket.server : undefined);
          response.end('ok');
        },
      }),
    );
    const { url } = await listener.listen('127.0.0.1', 0);
    const agent = new Agent({ keepAlive: false });
    for (let round = 0; round < 40 && seen.size < 16; round++) {
      const answers = await Promise.all(Array.from({ length: 16 }, () => ask(url, agent).then(text)));
      expect(answers.every((answer) => answer === 'ok')).toBe(true);
    }
    expect(seen.size).toBe(16);
  });

  it.each([1, 4])(
    'listen on every interface without a host, whatever protocols there are (%i sockets)',
    async (sockets) => {
      const listener = started(createListener({ sockets, onRequest: (_request, response) => response.end('ok') }));
      const { port, url } = await listener.listen('', 0);
      expect(['[::]', '0.0.0.0'].map((host) => `http://${host}:${port}`)).toContain(url);
      expect(await text(await ask(`http://127.0.0.1:${port}`))).toBe('ok');
    },
  );

  it.each([1, 4])('report a port that another server holds (%i sockets)', async (sockets) => {
    const other = createHttpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const listener = createListener({ sockets, onRequest: () => {} });
    await expect(listener.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
    await once(other, 'close');
    const { port: bound } = await started(listener).listen('127.0.0.1', port);
    expect(bound).toBe(port);
  });

  it('do not share a port with a second llmproxy', async () => {
    const first = started(createListener({ onRequest: (_, response) => response.end('first') }));
    const { port } = await first.listen('127.0.0.1', 0);
    const second = createListener({ onRequest: (_, response) => response.end('second') });
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('write an IPv6 address as a URL', async () => {
    const listener = started(createListener({ onRequest: (_, response) => response.end('six') }));
    const { url } = await listener.listen('::1', 0);
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await text(await ask(url))).toBe('six');
  });
});

describe('closing', () => {
  function streaming(): { server: Server; exchange: Promise<Exchange> } {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    const server = started(
      createServer(
        serverOptions({
          handle(exchange) {
            exchange.reply.head(200, { 'content-type': 'text/event-stream' });
            exchange.reply.write('first ');
            resolve(exchange);
          },
        }),
      ),
    );
    return { server, exchange: promise };
  }

  async function post(url: string): Promise<Response> {
    return fetch(`${url}/v1/messages`, { method: 'POST', body: '{}', headers: allowed });
  }

  it('lets a stream finish, takes nothing new, and ends idle and unused connections', async () => {
    const { server, exchange } = streaming();
    const { url, port } = await server.listen('127.0.0.1', 0);
    const agent = new Agent({ keepAlive: true });
    await text(await ask(`${url}/healthz`, agent));
    const unused = await connected(port);
    const unusedClosed = once(unused, 'close');
    const response = await post(url);
    const { reply } = await exchange;
    const startedAt = performance.now();
    const closed = server.close(10_000);
    await unusedClosed;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    reply.end('last');
    expect(await response.text()).toBe('first last');
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    agent.destroy();
  });

  it('cuts what is not done in time, and the pipeline hears of it', async () => {
    const { server, exchange } = streaming();
    const { url } = await server.listen('127.0.0.1', 0);
    const response = await post(url);
    const { reply } = await exchange;
    const left = new Promise<void>((resolve) => reply.onClose(resolve));
    await server.close(50);
    await left;
    expect(reply.closed).toBe(true);
    await expect(response.text()).rejects.toThrow();
  });

  it('answers what was already on its way with connection: close', async () => {
    const { server, exchange } = streaming();
    const { url, port } = await server.listen('127.0.0.1', 0);
    const half = await connected(port);
    half.write('GET /healthz HTTP/1.1\r\nhost: x\r\n');
    const response = await post(url);
    const { reply } = await exchange;
    const closed = server.close(5_000);
    half.write('\r\n');
    let answer = '';
    for await (const chunk of half) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/i);
    reply.end();
    await response.text();
    await closed;
  });
});
