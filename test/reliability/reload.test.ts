/** A configuration that is edited while the gateway runs, by editors, programs and containers. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { chatConfig, type LiveProxy, startLiveProxy } from './live-proxy.ts';

const RELOADED = 'the configuration was reloaded';
const STAYS = 'the configuration in use stays';

let upstream: ScriptedUpstream;
beforeEach(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
});
afterEach(async () => {
  cleanUp();
  await upstream.close();
});

const config = (change: Partial<Parameters<typeof chatConfig>[0]> = {}): string =>
  chatConfig({ origin: upstream.origin, ...change });

const statusOf = async (proxy: LiveProxy, model: string, key?: string): Promise<number> =>
  (await proxy.ask(model, key === undefined ? {} : { key })).status;

describe('a changed configuration file', () => {
  it('takes effect: models, keys, client keys, settings', async () => {
    const proxy = await startLiveProxy(config());
    expect(await statusOf(proxy, 'two')).toBe(404);
    const text = config({ models: ['two'], keys: ['sk-fake-upstream-2'], more: 'passthrough-headers: true' });
    proxy.write(text.replace(CLIENT_KEY, 'sk-another-client-key'));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'two')).toBe(401);
    expect(await statusOf(proxy, 'two', 'sk-another-client-key')).toBe(200);
    expect(await statusOf(proxy, 'one', 'sk-another-client-key')).toBe(404);
    expect(upstream.seen.at(-1)?.headers['authorization']).toBe('Bearer sk-fake-upstream-2');
    const log = proxy.process.stderr();
    expect(log).toContain('api-keys[0]');
    expect(log).not.toContain('sk-another-client-key');
    expect(log).not.toContain('sk-fake-upstream');
  });

  it('that is written in place, as a file that is mounted alone must be, takes effect as well', async () => {
    const proxy = await startLiveProxy(config());
    writeFileSync(proxy.file, '');
    await sleep(700);
    writeFileSync(proxy.file, config({ models: ['two'] }));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'two')).toBe(200);
    expect(proxy.process.stderr()).not.toContain(STAYS);
  });

  it('that is not valid leaves the old one in use and says why, once, without secrets', async () => {
    const proxy = await startLiveProxy(config());
    proxy.write(config({ more: 'request-retry: sk-secret-in-the-wrong-place' }));
    await proxy.logged(STAYS);
    expect(await statusOf(proxy, 'one')).toBe(200);
    const [line = ''] = proxy.process
      .stderr()
      .split('\n')
      .filter((one) => one.includes(STAYS));
    expect(JSON.parse(line)).toMatchObject({ level: 'error' });
    expect(line).toContain('config.yaml:4:1: request-retry: expected a whole number, got text');
    expect(line).not.toContain('sk-secret');
    proxy.process.child.kill('SIGHUP');
    await sleep(1500);
    expect(proxy.process.stderr().split(STAYS)).toHaveLength(2);
    proxy.write(config({ models: ['one', 'two'] }));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'two')).toBe(200);
  });

  it('that would open the gateway to the network is refused, as the listener stays where it is', async () => {
    const proxy = await startLiveProxy(config().replace('127.0.0.1', '0.0.0.0'));
    proxy.write(config().replace(/^api-keys.*$/m, ''));
    await proxy.logged(STAYS);
    expect(proxy.process.stderr()).toContain('without any client key');
    const url = proxy.origin.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  });

  it.each(['', 'api-keys: []', 'api-keys:'])('that takes the last client key away (%j) is refused', async (line) => {
    const proxy = await startLiveProxy(config());
    proxy.write(config().replace(/^api-keys.*$/m, line));
    await proxy.logged(`${STAYS}: api-keys: all client keys are gone`);
    expect((await fetch(`${proxy.origin}/v1/models`)).status).toBe(401);
    proxy.write(config({ models: ['two'] }));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'two')).toBe(200);
  });

  it('says what takes effect after a restart only', async () => {
    const proxy = await startLiveProxy(config());
    proxy.write(config({ more: 'body-limit-mb: 1\nresponses-store: { max-mb: 7 }' }));
    await proxy.logged('takes effect after a restart: body-limit-mb, responses-store.max-mb');
    expect(await statusOf(proxy, 'one')).toBe(200);
  });

  it('is read at SIGHUP, whatever the watcher knows', async () => {
    const proxy = await startLiveProxy(config());
    proxy.write(config({ models: ['two'] }));
    proxy.process.child.kill('SIGHUP');
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'two')).toBe(200);
    await sleep(1200);
    expect(proxy.process.stderr().split(RELOADED)).toHaveLength(2);
  });

  it('that cannot be read, and one that is gone, leave the old one in use', async () => {
    const proxy = await startLiveProxy(config());
    const text = readFileSync(proxy.file);
    rmSync(proxy.file);
    proxy.process.child.kill('SIGHUP');
    await proxy.logged('no such file');
    writeFileSync(proxy.file, text);
    chmodSync(proxy.file, 0o600);
    proxy.process.child.kill('SIGHUP');
    await sleep(800);
    expect(await statusOf(proxy, 'one')).toBe(200);
  });

  it('changes the way to the upstream: a proxy that does not exist is not gone around', async () => {
    const proxy = await startLiveProxy(config({ more: 'request-retry: 0' }));
    expect(await statusOf(proxy, 'one')).toBe(200);
    proxy.write(config({ more: 'request-retry: 0\nproxy-url: http://127.0.0.1:9' }));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, 'one')).toBe(502);
    expect(upstream.seen).toHaveLength(1);
    proxy.write(config({ more: 'request-retry: 0\ndisable-cooling: true' }));
    await proxy.logged(RELOADED, 2);
    expect(await statusOf(proxy, 'one')).toBe(200);
  });
});

it('a stream that began under the old configuration ends under it', async () => {
  upstream.script = () => ({ text: 'a long answer '.repeat(20), slow: true });
  const proxy = await startLiveProxy(config());
  const answer = await proxy.ask('one', { stream: true });
  proxy.write(config({ models: ['two'], more: 'proxy-url: http://127.0.0.1:9' }));
  await proxy.logged(RELOADED);
  expect(await statusOf(proxy, 'one')).toBe(404);
  const text = await answer.text();
  expect(text).toContain('data: [DONE]');
  expect(text.match(/"content":"[^"]"/g)?.length).toBeGreaterThan(200);
});

describe('accounts in the auth directory', () => {
  const account = (key: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    type: 'mistral',
    auth_kind: 'api_key',
    api_key: key,
    base_url: `${upstream.origin}/v1`,
    ...more,
  });
  const model = 'mistral/some-model';

  it('come, change and go without a reload', async () => {
    const proxy = await startLiveProxy(config());
    expect(await statusOf(proxy, model)).toBe(404);
    proxy.writeAccount('a.json', account('sk-fake-account-1'));
    await expect.poll(() => statusOf(proxy, model), { timeout: 5000 }).toBe(200);
    expect(upstream.seen.at(-1)?.headers['authorization']).toBe('Bearer sk-fake-account-1');
    proxy.writeAccount('a.json', account('sk-fake-account-2'));
    const key = async (): Promise<unknown> => {
      await statusOf(proxy, model);
      return upstream.seen.at(-1)?.headers['authorization'];
    };
    await expect.poll(key, { timeout: 5000 }).toBe('Bearer sk-fake-account-2');
    proxy.writeAccount('a.json', account('sk-fake-account-2', { disabled: true }));
    await expect.poll(() => statusOf(proxy, model), { timeout: 5000 }).toBe(404);
    proxy.writeAccount('a.json', account('sk-fake-account-2'));
    await expect.poll(() => statusOf(proxy, model), { timeout: 5000 }).toBe(200);
    proxy.write(config({ models: ['two'] }));
    await proxy.logged(RELOADED);
    expect(await statusOf(proxy, model)).toBe(200);
    rmSync(proxy.accountFile('a.json'));
    await expect.poll(() => statusOf(proxy, model), { timeout: 5000 }).toBe(404);
    expect(proxy.process.stderr()).not.toContain('sk-fake-account');
  });

  it('are all there when a thousand come at once', async () => {
    const proxy = await startLiveProxy(config());
    for (let index = 0; index < 1000; index++) proxy.writeAccount(`${index}.json`, account(`sk-fake-account-${index}`));
    const used = new Set<unknown>();
    const tenMore = async (): Promise<number> => {
      for (let round = 0; round < 10; round++) await statusOf(proxy, model);
      for (const { headers } of upstream.seen) used.add(headers['authorization']);
      return used.size;
    };
    await expect.poll(tenMore, { timeout: 15_000, interval: 10 }).toBeGreaterThanOrEqual(990);
  }, 60_000);
});
