/** Upstreams that cannot be reached, and answers nobody can read. */
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedFault,
  type ScriptedUpstream,
  startScriptedUpstream,
} from '../support/scripted-upstream/index.ts';
import { ask, dialects, pairs, readError } from './dialect-client.ts';
import { type Gateway, listen, startGateway, twoKeyConfig } from './gateway.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A port on which nothing listens. */
async function deadOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

test.for(pairs)('%s client, %s upstream: connection refused is a 502 that says where', async ([client, upstream]) => {
  const dead = await deadOrigin();
  const gateway = await listen(twoKeyConfig(dead));
  closing.push(gateway.close);
  const reply = await ask(gateway.origin, client, upstreamModels[upstream]);
  expect(reply.status).toBe(502);
  const error = readError(client, await reply.json());
  expect(error.shape).toBe(true);
  expect(error.message).toContain(dead.slice('http://'.length));
  // Both keys rest now, but only by our own guess: the next request finds out again instead of being refused.
  const again = await ask(gateway.origin, client, upstreamModels[upstream]);
  expect(again.status).toBe(502);
});

test.for(dialects)('%s client: a credential whose host is down is replaced by one whose host is up', async (client) => {
  const dead = await deadOrigin();
  const upstream: ScriptedUpstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  const gateway = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
api-keys: ["${CLIENT_KEY}"]
claude-api-key:
  - { api-key: sk-fake-upstream-one, base-url: "${dead}", priority: 1, models: [{ name: shared }] }
  - { api-key: sk-fake-upstream-two, base-url: "${upstream.origin}", models: [{ name: shared }] }
`);
  closing.push(gateway.close, upstream.close);
  for (const stream of [false, true])
    expect((await ask(gateway.origin, client, 'shared', { stream })).status).toBe(200);
  expect(upstream.seen).toHaveLength(2);
});

const page: ScriptedFault = {
  fault: 'status',
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Maintenance</title>',
};

const unreadable: readonly (readonly [string, ScriptedFault, number])[] = [
  ['a page of HTML', page, 503],
  ['half an error', { ...page, body: '{"error":{"message":"ha' }, 503],
  ['no body', { ...page, body: '' }, 503],
  ['a list', { ...page, body: '[1]' }, 503],
  ['a redirect', { fault: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/?key=x' }, body: '' }, 502],
  ['reset before the head', { fault: 'reset-before' }, 502],
];

test.for(pairs)('%s client, %s upstream: errors without a readable body', async ([client, upstream]) => {
  let fault: ScriptedFault = page;
  const gateway: Gateway = await startGateway(() => fault, { config: 'request-retry: 0\ndisable-cooling: true' });
  closing.push(gateway.close);
  for (const [name, next, status] of unreadable) {
    fault = next;
    const reply = await ask(gateway.origin, client, upstreamModels[upstream]);
    const text = await reply.text();
    expect([name, reply.status]).toEqual([name, status]);
    expect([name, readError(client, JSON.parse(text))]).toEqual([name, expect.objectContaining({ shape: true })]);
    expect(text).not.toContain('<');
  }
});

test.for(pairs)('%s client, %s upstream: no answer in time is a 504', async ([client, upstream]) => {
  const config = 'request-retry: 0\nupstream-timeouts: { connect: 1, first-byte: 1, idle: 1 }';
  const gateway = await startGateway(() => ({ fault: 'hang' }), { config, credentials: 1 });
  closing.push(gateway.close);
  const reply = await ask(gateway.origin, client, upstreamModels[upstream], { stream: true });
  expect(reply.status).toBe(504);
  expect(readError(client, await reply.json()).shape).toBe(true);
});
