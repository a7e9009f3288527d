/** An account whose token is refused under load, in a real process with a real file and a real identity server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IdentityServer, startIdentityServer } from '../support/identity-server.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

let home: string;
let upstream: ScriptedUpstream;
let identity: IdentityServer;
let proxy: ProxyProcess | undefined;
const file = (): string => join(home, '.llmproxy/auths/xai-a.json');

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-renewal-'));
  identity = await startIdentityServer();
  upstream = await startScriptedUpstream(({ headers }) =>
    headers['authorization'] === `Bearer ${identity.valid('a').replace('refresh', 'access')}`
      ? { text: 'ok' }
      : { fault: 'status', status: 401, body: '{"error":{"message":"token expired","code":"unauthorized"}}' },
  );
});
afterEach(async () => {
  await proxy?.close();
  await upstream.close();
  await identity.close();
  rmSync(home, { recursive: true, force: true });
});

async function start(endsInMs: number, token: string): Promise<ProxyProcess> {
  mkdirSync(join(home, '.llmproxy/auths'), { recursive: true, mode: 0o700 });
  const fields = {
    type: 'xai',
    email: 'a@example.test',
    note: 'mine',
    access_token: token,
    refresh_token: 'refresh-a-1',
    expired: new Date(Date.now() + endsInMs).toISOString(),
    token_endpoint: identity.url,
    base_url: `${upstream.origin}/v1`,
  };
  writeFileSync(file(), JSON.stringify(fields), { mode: 0o600 });
  proxy = await startProxyProcess(`host: 127.0.0.1\nport: 0\nlog-level: warn\napi-keys: ["${CLIENT_KEY}"]\n`, [], {
    home,
  });
  return proxy;
}

async function ask(origin: string): Promise<number> {
  const reply = await fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify({ model: 'grok-4', messages: [{ role: 'user', content: 'hi' }] }),
  });
  await reply.text();
  return reply.status;
}

const stored = (): Record<string, unknown> => JSON.parse(readFileSync(file(), 'utf8'));

test('fifty requests at once whose token is refused: one renewal, fifty answers, and the file has the new token', async () => {
  identity.delayMs = 200;
  const { origin } = await start(3_600_000, 'access-a-0');
  const statuses = await Promise.all(Array.from({ length: 50 }, () => ask(origin)));
  expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
  expect(identity.seen).toEqual([
    { grant_type: 'refresh_token', client_id: expect.any(String), refresh_token: 'refresh-a-1' },
  ]);
  expect(stored()).toMatchObject({ note: 'mine', access_token: 'access-a-2', refresh_token: 'refresh-a-2' });
  // The roster has it as well: nobody is refused any more.
  const refused = upstream.seen.length;
  expect(await ask(origin)).toBe(200);
  expect(upstream.seen.length).toBe(refused + 1);
});

test('a token that ends in a minute is renewed without a request', async () => {
  const { origin } = await start(60_000, 'access-a-1');
  await expect.poll(() => stored()['access_token'], { timeout: 10_000 }).toBe('access-a-2');
  expect(stored()).not.toHaveProperty('llmproxy_renewing_until');
  expect(await ask(origin)).toBe(200);
  expect(upstream.seen).toHaveLength(1);
});
