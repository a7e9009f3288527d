/** What an operator's program asks a running gateway. */
import { writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { chatConfig, startLiveProxy } from '../reliability/live-proxy.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';
import { cleanUp } from './cli-process.ts';

afterEach(cleanUp);

const KEY = 'fake-management-key';
const config = (more: string): string => chatConfig({ origin: 'http://127.0.0.1:9', more });
const managed = config(`remote-management: { secret-key: ${KEY} }`);

/** The status with the management key. */
async function told(origin: string, key: string): Promise<Wire> {
  return (await status(origin, { authorization: `Bearer ${key}` })).json();
}

async function status(origin: string, headers: Record<string, string> = {}, path = 'status'): Promise<Response> {
  return fetch(`${origin}/v0/management/${path}`, { headers });
}

it('there is no management without a key', async () => {
  const { origin } = await startLiveProxy(config(''));
  expect((await status(origin, { authorization: `Bearer ${CLIENT_KEY}` })).status).toBe(404);
});

it('the key of the environment opens it as well', async () => {
  const { origin } = await startLiveProxy(config(''), { MANAGEMENT_PASSWORD: 'fake-password' });
  expect((await status(origin, { 'x-management-key': 'fake-password' })).status).toBe(200);
});

it('tells what is in use, and why the last change is not', async () => {
  const proxy = await startLiveProxy(managed);
  const headers = { authorization: `Bearer ${KEY}` };
  expect((await status(proxy.origin)).status).toBe(401);
  expect((await status(proxy.origin, { authorization: `Bearer ${CLIENT_KEY}` })).status).toBe(401);
  expect((await status(proxy.origin, headers, 'nothing')).status).toBe(404);
  const first = await told(proxy.origin, KEY);
  expect(first).toMatchObject({
    config: { file: proxy.file, waitForRestart: [] },
    credentials: { total: 1, ready: 1, limited: 0, cooling: 0, disabled: 0, unusable: 0 },
    accountProblems: [],
  });
  expect(first).not.toHaveProperty('config.lastError');
  expect(Date.parse(first.config.loadedAt)).toBeGreaterThan(Date.now() - 60_000);

  writeFileSync(proxy.file, `${managed}\nport: [`);
  await proxy.logged('the configuration in use stays');
  const { config: failed } = await told(proxy.origin, KEY);
  expect(failed).toMatchObject({
    loadedAt: first.config.loadedAt,
    lastError: { message: expect.stringMatching(/config\.yaml:\d+/) },
  });

  proxy.write(managed.replace('port: 0', 'port: 1').replace(KEY, 'another-management-key'));
  await proxy.logged('the configuration was reloaded');
  expect((await status(proxy.origin, headers)).status).toBe(401);
  const after = await told(proxy.origin, 'another-management-key');
  expect(after).toMatchObject({ config: { waitForRestart: ['port'] } });
  expect(after).not.toHaveProperty('config.lastError');
});
