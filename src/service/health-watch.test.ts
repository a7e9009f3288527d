import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { createHealth } from '../credentials/health.ts';
import { HttpExecutor } from '../executors/http-executor.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { createDispatchers } from '../upstream/client.ts';
import { type HealthWatch, headProbe, watchHealth } from './health-watch.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(status: () => number) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status()).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  // cast: a TCP server's address is an AddressInfo once it listens
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

function target(baseUrl: string): Target {
  return { credential: credential('a', { baseUrl }), provider: echo, model: 'm', info: undefined, forceMapping: false };
}

function setUp(isInside = false) {
  const health = createHealth({ now: () => Date.now() });
  const dispatchers = createDispatchers();
  closers.push(() => dispatchers.destroy());
  const executor = new HttpExecutor({ dispatchers, firstByteTimeoutMs: 5000, idleTimeoutMs: 5000 });
  const probe = headProbe({ executor: () => executor, userAgent: 'test/1', isInside: () => isInside });
  const settings = { isOn: true };
  const watch: HealthWatch = watchHealth({ health, probe, isOn: () => settings.isOn, everyMs: 20 });
  closers.push(() => watch.close());
  return { health, settings, watch, probe };
}

test('an idle server is asked without the secret; one that is down is found out, and again when it is back', async () => {
  let status = 503;
  const { seen, baseUrl } = await startServer(() => status);
  const { health } = setUp();
  health.begun(target(baseUrl));
  await expect.poll(() => health.isWell(target(baseUrl)), { interval: 5 }).toBe(false);
  expect(seen[0]).toMatchObject({ method: 'HEAD', url: '/v1' });
  expect(JSON.stringify(seen[0]?.headers)).not.toContain('fake-secret');
  expect(seen[0]?.headers['authorization']).toBeUndefined();
  // What it thinks of a request without a key does not matter.
  status = 401;
  await expect.poll(() => health.knowsSick, { interval: 5 }).toBe(false);
});

test('a server that is not there is a failure with its reason', async () => {
  const { probe } = setUp();
  expect(await probe({ provider: 'p', baseUrl: 'http://127.0.0.1:1', proxyUrl: undefined })).toMatch(
    /refused|ECONNREFUSED/i,
  );
});

test('nobody is asked without use, when it is off, who answers inside this process, or after the end', async () => {
  const { seen, baseUrl } = await startServer(() => 200);
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
  const { health, settings, watch } = setUp();
  await wait();
  settings.isOn = false;
  health.begun(target(baseUrl));
  await wait();
  const inside = setUp(true);
  inside.health.begun(target(baseUrl));
  await wait();
  expect(seen).toEqual([]);
  settings.isOn = true;
  await expect.poll(() => seen.length, { interval: 5 }).toBeGreaterThan(0);
  watch.close();
  await wait();
  const { length } = seen;
  health.due();
  health.begun(target(baseUrl));
  await wait();
  expect(seen).toHaveLength(length);
});
