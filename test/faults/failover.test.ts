/** A failing credential costs the client nothing while there is another one, and is left alone afterwards. */
import { afterEach, describe, expect, test } from 'vitest';
import { upstreamModels } from '../support/proxy-process.ts';
import type { Script, ScriptedFault } from '../support/scripted-upstream/index.ts';
import { ask, dialects, pairs, readError, readText } from './dialect-client.ts';
import { type Gateway, keyOf, startGateway } from './gateway.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const status = (code: number, headers: Record<string, string> = {}): ScriptedFault => ({
  fault: 'status',
  status: code,
  headers,
  body: JSON.stringify({ error: { message: `refused with ${code}`, type: 'some_error' } }),
});

const faults: readonly (readonly [string, ScriptedFault])[] = [
  ['401', status(401)],
  ['402', status(402)],
  ['403', status(403)],
  ['429', status(429)],
  ['429 with Retry-After', status(429, { 'retry-after': '30' })],
  ['500', status(500)],
  ['529', status(529)],
  ['reset before the head', { fault: 'reset-before' }],
  ['an answer that is no JSON', { fault: 'status', status: 200, body: '<html>maintenance</html>' }],
  ['a stream cut before anything was said', { fault: 'truncate', after: 0, answer: { text: 'x' } }],
];

/** The first credential that is used is the bad one from then on. */
function badFirst(fault: ScriptedFault): Script {
  let bad: string | undefined;
  return (seen) => {
    bad ??= keyOf(seen);
    return keyOf(seen) === bad ? fault : { text: 'ok.' };
  };
}

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];

  test.for(faults)('%s: the other credential answers; the bad one is left alone', async ([, fault]) => {
    const stream = fault.fault === 'truncate';
    gateway = await startGateway(badFirst(fault));
    const reply = await ask(gateway.origin, client, model, { stream });
    expect(reply.status).toBe(200);
    const text = await reply.text();
    expect(stream ? text : readText(client, JSON.parse(text))).toContain('ok.');
    const [bad = '', good = ''] = gateway.keys();
    expect(new Set([bad, good])).toEqual(new Set(['one', 'two']));
    for (let round = 0; round < 3; round++) expect((await ask(gateway.origin, client, model)).status).toBe(200);
    expect(gateway.keys()).toEqual([bad, good, good, good, good]);
  });

  test.for([400, 404, 413, 422])('%i stops at once, is told as it is and cools nobody', async (code) => {
    gateway = await startGateway((_seen, index) => (index < 2 ? status(code) : { text: 'ok.' }));
    for (let round = 1; round <= 2; round++) {
      const reply = await ask(gateway.origin, client, model);
      expect(reply.status).toBe(code);
      expect(readError(client, await reply.json())).toMatchObject({ shape: true, message: `refused with ${code}` });
      expect(gateway.upstream.seen).toHaveLength(round);
    }
    // Other conversations, which have no account of their own yet.
    for (const text of ['a', 'b', 'c', 'd']) {
      expect((await ask(gateway.origin, client, model, { text })).status).toBe(200);
    }
    expect(new Set(gateway.keys().slice(2))).toEqual(new Set(['one', 'two']));
  });

  test.for([401, 402, 403, 429, 500, 529])('%i from every credential: the words, in the dialect', async (code) => {
    gateway = await startGateway(() => status(code));
    const reply = await ask(gateway.origin, client, model, { stream: true });
    expect(reply.status).toBe(code);
    expect(reply.headers.get('content-type')).toContain('application/json');
    expect(readError(client, await reply.json())).toMatchObject({
      shape: true,
      message: expect.stringContaining(`refused with ${code}`),
    });
    expect(new Set(gateway.keys())).toEqual(new Set(['one', 'two']));
  });
});

test.for(dialects)('%s client: a whole response with status 200 that failed is no answer', async (client) => {
  const words = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'failed',
    error: { code: 'server_error', message: 'broke' },
  };
  const body = JSON.stringify({ ...words, output: [] });
  gateway = await startGateway(badFirst({ fault: 'status', status: 200, body }));
  const reply = await ask(gateway.origin, client, 'up-responses');
  expect(reply.status).toBe(200);
  expect(readText(client, await reply.json())).toBe('ok.');
  expect(new Set(gateway.keys())).toEqual(new Set(['one', 'two']));
  // A text of these words is none of its business.
  gateway.upstream.script = () => ({ text: '{"status":"failed"}' });
  const quoted = await ask(gateway.origin, client, 'up-responses', { text: 'again' });
  expect(readText(client, await quoted.json())).toBe('{"status":"failed"}');
});
