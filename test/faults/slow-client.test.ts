/** A client that reads slowly slows its upstream down; the gateway holds neither's data. */
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { bodyOf, dialects, pathOf } from './dialect-client.ts';
import { listen } from './gateway.ts';

const PIECE = 'x'.repeat(64 * 1024);
const PIECES = 2000;
/** Two hops of kernel buffers (Linux lets each grow to 36 MB) and what the gateway may hold. */
const MOST_IN_FLIGHT = 80 * 1024 * 1024;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An upstream that writes 128 MB of chat stream as fast as its reader takes them. */
async function startFlood(): Promise<{ origin: string; written(): number }> {
  let written = 0;
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const server: Server = createServer(async (request, response) => {
    request.resume();
    const closed = new Promise((done) => response.once('close', done));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = chunk({ content: PIECE }, null);
    for (let index = 0; index < PIECES && !response.destroyed; index++) {
      written += text.length;
      if (!response.write(text)) await Promise.race([new Promise((done) => response.once('drain', done)), closed]);
    }
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, written: () => written };
}

function open(origin: string, dialect: UpstreamDialect): Promise<IncomingMessage> {
  return new Promise((done, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
    const request = httpRequest(origin + pathOf(dialect, 'flood', true), { method: 'POST', headers }, done);
    request.on('error', reject);
    request.end(JSON.stringify(bodyOf(dialect, 'flood', true)));
  });
}

/** Resolves when the number has not changed for a while. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    if (last === read()) return last;
    last = read();
    await new Promise((done) => setTimeout(done, 400));
  }
}

test.for(dialects)(
  '%s client that does not read: the upstream stands still; nothing is lost',
  { timeout: 60_000 },
  async (dialect) => {
    const flood = await startFlood();
    const gateway = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - { name: flood, base-url: "${flood.origin}/v1", models: [{ name: flood }] }
`);
    closing.unshift(gateway.close);
    const reply = await open(gateway.origin, dialect);
    const before = process.memoryUsage();
    expect(await settled(flood.written)).toBeLessThan(MOST_IN_FLIGHT);
    const after = process.memoryUsage();
    const held = after.external + after.heapUsed - before.external - before.heapUsed;
    expect(held).toBeLessThan(MOST_IN_FLIGHT);
    let letters = 0;
    for await (const chunk of reply) for (const byte of chunk as Buffer) if (byte === 0x78) letters++;
    expect(letters).toBeGreaterThanOrEqual(PIECE.length * PIECES);
  },
);
