/** A gateway whose disk is full, or read-only, while a token ends. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../faults/gateway.ts';
import { type IdentityServer, startIdentityServer } from '../support/identity-server.ts';
import type { ProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { ACCOUNT_MODEL, accountFields, makeHome, quick, type ServerHome, startLoad } from './server-home.ts';

let home: ServerHome;
let upstream: ScriptedUpstream;
let identity: IdentityServer;

beforeEach(async () => {
  home = makeHome();
  identity = await startIdentityServer();
  upstream = await startScriptedUpstream(({ headers }) =>
    String(headers['authorization']).endsWith('-1')
      ? { fault: 'status', status: 401, body: '{"error":{"message":"the token has expired"}}' }
      : { text: 'ok.' },
  );
});
afterEach(async () => {
  await home.close();
  await identity.close();
  await upstream.close();
});

/** A namespace of our own, where file systems may be mounted; many systems allow it without root. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /tmp']).status === 0;

/** Starts the gateway where these commands have been at work; `$D` is the folder of accounts and state. */
function startOn(commands: string): Promise<ProxyProcess> {
  const script = `D='${home.path}/.llmproxy'; ${commands}; exec "$@"`;
  return home.start(`${quick}routing: { session-affinity: false }\n`, {
    through: ['unshare', '-rm', 'sh', '-ec', script, 'sh'],
  });
}

async function underLoad(proxy: ProxyProcess, check: () => Promise<void>): Promise<number> {
  const load = startLoad(proxy.origin, 30, (index) => ({
    dialect: 'openai-chat',
    model: ACCOUNT_MODEL,
    ask: { text: `${index}` },
    expects: 'ok.',
  }));
  await eventually(() => proxy.output().includes('it is in memory only'), 15_000);
  await check();
  await eventually(() => load.sent > 10, 15_000);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(identity.seen).toHaveLength(1);
  return load.failures.length;
}

function endedAccount(): void {
  const tokens = { origin: upstream.origin, tokenUrl: identity.url };
  home.writeAccount('xai-a.json', accountFields('a', { ...tokens, endsInMs: -60_000 }));
}

// Skipped where the kernel forbids mounts; record-disk.test.ts has a limit of the file size, which works everywhere.
test.runIf(canMount)(
  'the disk is full when a new token comes, and has room again',
  async () => {
    endedAccount();
    const fill =
      'cp -a $D/auths /tmp/seed.$$; mount -t tmpfs -o size=1m none $D; cp -a /tmp/seed.$$ $D/auths; rm -r /tmp/seed.$$';
    const proxy = await startOn(`${fill}; dd if=/dev/zero of=$D/filler bs=4k 2>/dev/null || true`);
    // Its view of the file system, from outside.
    const seen = join(`/proc/${proxy.child.pid}/root`, home.path, '.llmproxy');
    const failures = await underLoad(proxy, async () => {
      rmSync(join(seen, 'filler'));
      await eventually(() => proxy.output().includes('its new token is written now'), 20_000);
    });
    const read = spawnSync('cat', [join(seen, 'auths/xai-a.json')]);
    expect(JSON.parse(read.stdout.toString())).toMatchObject({
      access_token: 'access-a-2',
      refresh_token: 'refresh-a-2',
    });
    recordFault('disk-full', { rounds: 1, lost: failures });
  },
  60_000,
);

test.runIf(canMount)(
  'the directory is read-only when a new token comes',
  async () => {
    endedAccount();
    const proxy = await startOn('mount --bind $D $D; mount -o remount,bind,ro $D');
    const failures = await underLoad(proxy, async () => undefined);
    expect(home.readAccount('xai-a.json')).toMatchObject({ access_token: 'access-a-1', refresh_token: 'refresh-a-1' });
    recordFault('read-only-directory', { rounds: 1, lost: failures });
  },
  60_000,
);
