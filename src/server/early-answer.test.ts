import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowed, serverOptions } from '../../test/support/data-plane.ts';
import { createServer, type Server } from './server.ts';

let server: Server;
let port = 0;

beforeEach(async () => {
  server = createServer(serverOptions({ bodyLimitBytes: 4 * 1024 * 1024, sockets: 1 }));
  port = (await server.listen('127.0.0.1', 0)).port;
});

afterEach(() => server.close(0));

const head = (fields: string): string =>
  `POST /v1/messages HTTP/1.1\r\nhost: x\r\nauthorization: ${allowed['authorization']}\r\n${fields}\r\n\r\n`;

/** Sends all parts even while the answer is coming, like a client that reads only when it has written. */
async function exchangeRaw(parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', resolve);
    socket.on('error', reject);
  });
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended;
  return answer;
}

describe('an answer before the body arrived', () => {
  it('413 by content-length, while the client is still sending', async () => {
    const half = Buffer.alloc(3 * 1024 * 1024);
    const answer = await exchangeRaw([head(`content-length: ${2 * half.length}`), half, half]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"body_too_large"');
  });

  it('413 while reading a chunked body', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    const parts = Array.from({ length: 6 }, () => ['100000\r\n', chunk, '\r\n']).flat();
    const answer = await exchangeRaw([head('transfer-encoding: chunked'), ...parts, '0\r\n\r\n']);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"body_too_large"');
  });

  it('401 to a small body keeps the connection', async () => {
    const unknown = 'POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}';
    const last = 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const answer = await exchangeRaw([unknown, last]);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
  });

  it('ends the connection of a client that stalls after its 413', async () => {
    const startedAt = performance.now();
    const answer = await exchangeRaw([head(`content-length: ${5 * 1024 * 1024}`)]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });

  it('a client that leaves while sending never reaches the pipeline', async () => {
    let handled = 0;
    await server.close(0);
    server = createServer(serverOptions({ sockets: 1, handle: () => handled++ }));
    port = (await server.listen('127.0.0.1', 0)).port;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${head('content-length: 100')}{"half":`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handled).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });
});
