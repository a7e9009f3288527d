import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createForwarders, type Forwarders } from './callback-forwarder.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function open(): Forwarders {
  const forwarders = createForwarders(() => ['127.0.0.1', '::1']);
  closers.push(() => forwarders.close());
  return forwarders;
}

/** A port that was free a moment ago. */
async function freePort(keep = false): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  if (keep) closers.push(() => server.close());
  else await new Promise((done) => server.close(done));
  return port;
}

const answersAt = (port: number, host = '127.0.0.1'): Promise<number | 'closed'> =>
  fetch(`http://${host}:${port}/cb?code=c&state=s&error_description=a%20b&x=y`, { redirect: 'manual' }).then(
    ({ status }) => status,
    () => 'closed' as const,
  );

describe('the forwarder', () => {
  it('listens while anybody holds the port', async () => {
    const forwarders = open();
    const callback = { port: await freePort(), path: '/cb', target: 'http://127.0.0.1:1/one/callback' };
    await forwarders.hold(callback, 'a');
    await forwarders.hold(callback, 'b');
    forwarders.release('a');
    expect(await answersAt(callback.port)).toBe(302);
    forwarders.release('b');
    await expect.poll(() => answersAt(callback.port)).toBe('closed');
    await forwarders.hold(callback, 'c');
    expect(await answersAt(callback.port)).toBe(302);
    forwarders.close();
    await expect.poll(() => answersAt(callback.port)).toBe('closed');
  });

  it('sends on what an answer to a login has, and nothing else', async () => {
    const forwarders = open();
    const callback = { port: await freePort(), path: '/cb', target: 'http://127.0.0.1:1/one/callback' };
    await forwarders.hold(callback, 'a');
    const at = `http://127.0.0.1:${callback.port}`;
    const led = await fetch(`${at}/cb?code=c&state=s&error_description=a%20b&x=y`, { redirect: 'manual' });
    expect(led.headers.get('location')).toBe(`${callback.target}?code=c&state=s&error_description=a+b`);
    expect((await fetch(`${at}/cb?code=c`, { method: 'POST', redirect: 'manual' })).status).toBe(404);
    expect((await fetch(`${at}/cb/`, { redirect: 'manual' })).status).toBe(404);
  });

  it('says that the port is taken, by another program or by another login', async () => {
    const forwarders = open();
    const port = await freePort(true);
    const one = { port, path: '/cb', target: 'http://127.0.0.1:1/one/callback' };
    await expect(forwarders.hold(one, 'a')).rejects.toThrow(`the callback port ${port} cannot be opened`);
    const free = { ...one, port: await freePort() };
    await forwarders.hold(free, 'a');
    const other = { ...free, target: 'http://127.0.0.1:1/two/callback' };
    await expect(forwarders.hold(other, 'b')).rejects.toThrow('in use by a login to another provider');
    expect(await answersAt(free.port)).toBe(302);
  });
});
