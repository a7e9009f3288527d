/** Refresh tokens that somebody else has spent, and two gateways that want to spend the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../faults/dialect-client.ts';
import { eventually } from '../faults/gateway.ts';
import { type IdentityServer, startIdentityServer } from '../support/identity-server.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { ACCOUNT_MODEL, accountFields, makeHome, quick, type ServerHome, startLoad } from './server-home.ts';

let home: ServerHome;
let upstream: ScriptedUpstream;
let identity: IdentityServer;

beforeEach(async () => {
  home = makeHome();
  identity = await startIdentityServer();
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
});
afterEach(async () => {
  await home.close();
  await identity.close();
  await upstream.close();
});

const config = `${quick}routing: { session-affinity: false }\n`;

function usedTokens(): Set<string> {
  return new Set(upstream.seen.map(({ headers }) => String(headers['authorization']).replace('Bearer ', '')));
}

test('refresh tokens that were spent by another program', async () => {
  const names = ['a', 'b', 'c'];
  const tokens = { origin: upstream.origin, tokenUrl: identity.url };
  upstream.script = ({ headers }) =>
    /access-[abc]-0/.test(String(headers['authorization']))
      ? { fault: 'status', status: 401, body: '{"error":{"message":"the token has expired"}}' }
      : { text: 'ok.' };
  home.writeAccount('xai-good.json', accountFields('good', tokens));
  for (const name of names)
    home.writeAccount(`xai-${name}.json`, accountFields(name, { ...tokens, access: 0, refresh: 0, endsInMs: -60_000 }));
  const proxy = await home.start(config);
  const load = startLoad(proxy.origin, 30, (index) => ({
    dialect: 'openai-chat',
    model: ACCOUNT_MODEL,
    ask: { text: `${index}` },
    expects: 'ok.',
  }));
  const tries = (): number => identity.seen.filter((body) => body['refresh_token']?.endsWith('-0')).length;
  await eventually(() => tries() === names.length, 10_000);
  await sleep(2000);
  expect(tries(), 'each is tried once').toBe(names.length);
  expect(proxy.output().split('needs a new login').length - 1).toBe(names.length);
  for (const name of names) home.writeAccount(`xai-${name}.json`, accountFields(name, tokens));
  const isBack = (name: string): boolean => usedTokens().has(`access-${name}-1`);
  await eventually(() => names.every(isBack), 10_000);
  await load.stop();
  expect(load.failures).toEqual([]);
  recordFault('refresh-reused', { rounds: names.length, lost: load.failures.length });
}, 60_000);

test('two gateways on one directory of accounts', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
  const tokens = { origin: upstream.origin, tokenUrl: identity.url };
  identity.delayMs = 50;
  for (const name of names)
    home.writeAccount(`xai-${name}.json`, accountFields(name, { ...tokens, endsInMs: -60_000 }));
  const proxies = await Promise.all([home.start(config), home.start(config)]);
  const isRenewed = (name: string): boolean =>
    home.readAccount(`xai-${name}.json`)['access_token'] === `access-${name}-2`;
  await eventually(() => names.every(isRenewed), 30_000);
  // What the other one has written is read after half a second of rest.
  await sleep(2000);
  const spent = identity.seen.map((body) => body['refresh_token']);
  const reused = spent.length - new Set(spent).size;
  let missing = 0;
  for (const proxy of proxies) {
    upstream.seen.length = 0;
    for (let count = 0; count < names.length; count++)
      expect((await ask(proxy.origin, 'openai-chat', ACCOUNT_MODEL, { text: `${count}` })).status).toBe(200);
    missing += names.filter((name) => !usedTokens().has(`access-${name}-2`)).length;
  }
  expect({ reused, missing, spent: spent.length }).toEqual({ reused: 0, missing: 0, spent: names.length });
  recordFault('two-processes', { rounds: names.length, lost: reused + missing });
}, 60_000);
