/** Without client keys, a web page from elsewhere cannot use the user's accounts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects, readError } from '../faults/dialect-client.ts';
import { listen, startGateway } from '../faults/gateway.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

let upstream: ScriptedUpstream;
let open: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  open = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
openai-compatibility:
  - { name: scripted, base-url: "${upstream.origin}/v1", models: [{ name: up-chat }] }
`);
});
afterAll(async () => {
  await open.close();
  await upstream.close();
});

describe.for(dialects)('%s', (dialect) => {
  const from = (origin: string, headers = {}): Promise<Response> =>
    ask(open.origin, dialect, 'up-chat', { headers: { authorization: '', origin, ...headers } });

  test('another host is refused before anything is sent', async () => {
    const before = upstream.seen.length;
    const reply = await from('https://example.com');
    expect(reply.status).toBe(403);
    expect(readError(dialect, await reply.json()).shape).toBe(true);
    expect(upstream.seen).toHaveLength(before);
  });

  test('this machine, and programs, are let in', async () => {
    expect((await from('http://localhost:5173')).status).toBe(200);
    expect((await ask(open.origin, dialect, 'up-chat')).status).toBe(200);
  });

  test('with a client key any page that knows it is let in', async () => {
    const gateway = await startGateway(() => ({ text: 'ok.' }));
    const reply = await ask(gateway.origin, dialect, 'up-chat', { headers: { origin: 'https://example.com' } });
    await gateway.close();
    expect(reply.status).toBe(200);
  });
});

test('the list of models is not told either', async () => {
  const reply = await fetch(`${open.origin}/v1/models`, { headers: { origin: 'https://example.com' } });
  expect(reply.status).toBe(403);
});
