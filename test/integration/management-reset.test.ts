/** Cooldowns ended by hand, and what the status says of accounts. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chatConfig, type LiveProxy, startLiveProxy } from '../reliability/live-proxy.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../support/scripted-upstream/index.ts';
import { cleanUp } from './cli-process.ts';

const KEY = 'fake-management-key';
let upstream: ScriptedUpstream;
let proxy: LiveProxy;

beforeEach(async () => {
  upstream = await startScriptedUpstream(() => ({
    fault: 'status',
    status: 429,
    headers: { 'retry-after': '600' },
    body: '{"error":{"message":"slow down"}}',
  }));
  const more = `remote-management: { secret-key: ${KEY} }\nrequest-retry: 0`;
  proxy = await startLiveProxy(chatConfig({ origin: upstream.origin, models: ['one', 'two'], more }));
});
afterEach(async () => {
  await cleanUp();
  await upstream.close();
});

async function post(body: string | undefined, key = KEY): Promise<Response> {
  return fetch(`${proxy.origin}/v0/management/cooldowns/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && { body }),
  });
}

async function status(): Promise<Wire> {
  return (await fetch(`${proxy.origin}/v0/management/status`, { headers: { authorization: `Bearer ${KEY}` } })).json();
}

/** Both models cool down. */
async function cool(): Promise<void> {
  for (const model of ['one', 'two']) expect((await proxy.ask(model)).status).toBe(429);
  upstream.seen.length = 0;
  expect((await proxy.ask('one')).status).toBe(429);
  expect(upstream.seen).toHaveLength(0);
}

it('ends the cooldowns that are named, and no others', async () => {
  await cool();
  const { reset } = (await (await post('{"model":"one"}')).json()) as Wire;
  expect(reset).toEqual([{ credentialId: expect.any(String), model: 'one' }]);
  await proxy.ask('one');
  await proxy.ask('two');
  expect(upstream.seen).toHaveLength(1);
  const [{ credentialId }] = reset;
  const both = (await (await post(JSON.stringify({ credential: credentialId }))).json()) as Wire;
  expect(both.reset.map(({ model }: Wire) => model).sort()).toEqual(['one', 'two']);
  expect(await (await post(JSON.stringify({ credential: credentialId, model: 'one' }))).json()).toEqual({ reset: [] });
});

it('ends all of them without a body', async () => {
  await cool();
  expect(((await (await post(undefined)).json()) as Wire).reset).toHaveLength(2);
  upstream.script = () => ({ text: 'back.' });
  for (const model of ['one', 'two']) expect((await proxy.ask(model)).status).toBe(200);
});

it('resets nothing for what it does not understand', async () => {
  await cool();
  const wrong = ['{', '[]', '"one"', '{"modle":"one"}', '{"model":""}', '{"model":1}', '{"credential":null}'];
  for (const body of wrong) expect((await post(body)).status, body).toBe(400);
  expect((await post('{"credential":"nobody"}')).status).toBe(404);
  expect((await post('{"model":"no-such-model"}')).status).toBe(404);
  expect((await post(`{"model":"${'x'.repeat(20_000)}"}`)).status).toBe(413);
  expect((await post('{"model":"one"}', 'wrong-key')).status).toBe(401);
  expect((await status()).credentials).toMatchObject({ limited: 1, ready: 0 });
});

it('tells how tokens of accounts fare, and which files cannot be read', async () => {
  proxy.writeAccount('xai-a.json', {
    type: 'xai',
    email: 'a@fake.example',
    access_token: 'fake-access-token-1',
    refresh_token: 'fake-refresh-token-1',
    token_endpoint: 'http://127.0.0.1:9/token',
    expired: '2026-01-01T00:00:00Z',
  });
  proxy.writeAccount('other.json', { type: 'unheard-of', access_token: 'fake-access-token-2' });
  await proxy.logged('its token cannot be renewed');
  const { tokens, accountProblems } = await status();
  expect(tokens).toMatchObject({ failing: 1, needLogin: 0, unsaved: 0 });
  expect(tokens.troubled).toEqual([
    {
      id: 'xai-a.json',
      label: 'a@fake.example',
      state: 'error',
      message: expect.stringContaining('127.0.0.1:9'),
      needsLogin: false,
      isUnsaved: false,
      failures: 1,
      expiresAt: '2026-01-01T00:00:00.000Z',
      nextTryAt: expect.stringMatching(/^\d{4}-/),
    },
  ]);
  expect(JSON.stringify(tokens)).not.toContain('fake-refresh');
  const message = 'no provider of this version serves accounts of type unheard-of';
  expect(accountProblems).toEqual([{ id: 'other.json', message }]);
}, 20_000);
