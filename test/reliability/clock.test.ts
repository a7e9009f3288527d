/** A gateway whose clock jumps, and one that lives through an hour without its token endpoint. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../faults/gateway.ts';
import { type IdentityServer, startIdentityServer } from '../support/identity-server.ts';
import type { ProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, type SeenRequest, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { ACCOUNT_MODEL, accountFields, makeHome, quick, type ServerHome, startLoad } from './server-home.ts';

const DAY_MS = 86_400_000;
let home: ServerHome;
let upstream: ScriptedUpstream;
let identity: IdentityServer;

beforeEach(async () => {
  home = makeHome();
  identity = await startIdentityServer();
});
afterEach(async () => {
  await home.close();
  await identity.close();
  await upstream.close();
});

const secretOf = ({ headers }: SeenRequest): string => String(headers['authorization']).replace('Bearer ', '');

function setClock(shiftMs: number, speed: number): void {
  const file = join(home.path, 'clock');
  writeFileSync(`${file}.new`, JSON.stringify({ shiftMs, speed }));
  renameSync(`${file}.new`, file);
}

/** Two keys, of which the first is preferred, and what accounts there are. */
async function start(speed: number): Promise<ProxyProcess> {
  setClock(0, speed);
  return home.start(
    `${quick}routing: { session-affinity: false }
xai-api-key:
  - { api-key: sk-fake-spare, base-url: "${upstream.origin}/v1", models: [{ name: ${ACCOUNT_MODEL} }] }
openai-compatibility:
  - name: scripted
    base-url: ${upstream.origin}/v1
    api-key-entries: [{ api-key: sk-fake-one }, { api-key: sk-fake-two }]
    models: [{ name: up-chat }]
`,
    { node: ['--import', join(import.meta.dirname, 'odd-clock.ts')], env: { ODD_CLOCK: join(home.path, 'clock') } },
  );
}

const asked = (name: string): number => upstream.seen.filter((seen) => secretOf(seen) === name).length;

test('the clock jumps by a day, forwards and back', async () => {
  let pausedFor = 0;
  upstream = await startScriptedUpstream((seen) => {
    if (secretOf(seen) !== 'sk-fake-one' || pausedFor === 0) return { text: 'ok.' };
    const headers = { 'retry-after': String(pausedFor) };
    pausedFor = 0;
    return { fault: 'status', status: 429, headers, body: '{"error":{"message":"wait"}}' };
  });
  identity.lifeS = 72_000;
  const tokens = { origin: upstream.origin, tokenUrl: identity.url };
  home.writeAccount('xai-a.json', accountFields('a', { ...tokens, endsInMs: 72_000_000 }));
  // The tokens are looked at every five minutes, which are a second and a half.
  const speed = 200;
  const proxy = await start(speed);
  const load = startLoad(proxy.origin, 40, (index) => ({
    dialect: 'openai-chat',
    model: index % 2 === 0 ? 'up-chat' : ACCOUNT_MODEL,
    ask: { text: `${index}` },
    expects: 'ok.',
  }));
  let lost = 0;
  let rounds = 0;
  for (const shiftMs of [DAY_MS, 0, -DAY_MS, 0]) {
    rounds++;
    const before = asked('sk-fake-one');
    pausedFor = 2 * speed;
    while (pausedFor > 0) await sleep(20);
    setClock(shiftMs, speed);
    const during = asked('sk-fake-one');
    // Its pause of two seconds is over, whatever the clock says.
    await sleep(4000);
    if (during <= before || asked('sk-fake-one') === during) lost++;
    await eventually(() => identity.seen.length >= rounds, 10_000);
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  // Once a jump, and not all the time after the clock went back.
  expect(identity.seen.length).toBeLessThanOrEqual(rounds + 1);
  recordFault('clock-jump', { rounds, lost: lost + load.failures.length });
}, 60_000);

test('the token endpoint is down for an hour', async () => {
  const SPEED = 300;
  let isEnded = false;
  upstream = await startScriptedUpstream((seen) =>
    isEnded && secretOf(seen) === 'access-a-1'
      ? { fault: 'status', status: 401, body: '{"error":{"message":"the token has expired"}}' }
      : { text: 'ok.' },
  );
  identity.script = () => ({ status: 503, body: 'down' });
  const tokens = { origin: upstream.origin, tokenUrl: identity.url };
  home.writeAccount('xai-a.json', accountFields('a', { ...tokens, endsInMs: 600_000 }));
  const proxy = await start(SPEED);
  const load = startLoad(proxy.origin, 20, (index) => ({
    dialect: 'openai-chat',
    model: ACCOUNT_MODEL,
    ask: { text: `${index}` },
    expects: 'ok.',
  }));
  await sleep(600_000 / SPEED);
  isEnded = true;
  await sleep(3_000_000 / SPEED);
  const tries = identity.seen.length;
  identity.script = () => undefined;
  // The longest pause is half an hour.
  const patienceMs = (2 * 1_800_000) / SPEED;
  for (let waited = 0; waited < patienceMs && asked('access-a-2') === 0; waited += 50) await sleep(50);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(asked('access-a-2')).toBeGreaterThan(0);
  expect(tries).toBeGreaterThan(2);
  expect(tries).toBeLessThan(15);
  expect(home.readAccount('xai-a.json')).toMatchObject({ access_token: 'access-a-2', refresh_token: 'refresh-a-2' });
  recordFault('refresh-down', { rounds: 1, lost: load.failures.length });
}, 60_000);
