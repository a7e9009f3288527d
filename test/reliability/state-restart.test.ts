/** What a pool of accounts has learnt outlives kill -9 under load: a real process, a real file. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyOf } from '../faults/gateway.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';

const NAMES = ['one', 'two', 'three', 'four', 'five'] as const;
let home: string;
let upstream: ScriptedUpstream;
let proxies: ProxyProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-restart-'));
  proxies = [];
});
afterEach(async () => {
  for (const proxy of proxies) await proxy.close();
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<ProxyProcess> {
  const keys = NAMES.map((name) => `{ api-key: sk-fake-upstream-${name} }`).join(', ');
  const proxy = await startProxyProcess(
    `
host: 127.0.0.1
port: 0
log-level: warn
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - name: scripted
    base-url: ${upstream.origin}/v1
    api-key-entries: [${keys}]
    models: [{ name: up-chat }]
`,
    [],
    { home },
  );
  proxies.push(proxy);
  return proxy;
}

/** The status, and the account of the last call upstream for this session. */
async function ask(proxy: ProxyProcess, session: string): Promise<string> {
  const reply = await fetch(`${proxy.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${CLIENT_KEY}`,
      'x-session-id': session,
    },
    body: JSON.stringify({ model: 'up-chat', messages: [{ role: 'user', content: session }] }),
  });
  await reply.text();
  expect(reply.status).toBe(200);
  const seen = upstream.seen.findLast(({ userText }) => userText === session);
  return seen === undefined ? '' : keyOf(seen);
}

function usesOf(name: string): number {
  return upstream.seen.filter((request) => keyOf(request) === name).length;
}

async function killed(proxy: ProxyProcess): Promise<void> {
  const ended = new Promise((done) => proxy.child.once('exit', done));
  proxy.child.kill('SIGKILL');
  await ended;
}

const limited: Script = (request) =>
  keyOf(request) === 'one'
    ? { fault: 'status', status: 429, headers: { 'retry-after': '600' }, body: '{"error":{"message":"limited"}}' }
    : { text: 'ok' };

test('kill -9 under load: cooldowns and bindings are there again after a restart', async () => {
  upstream = await startScriptedUpstream(limited);
  const first = await start();
  const sessions = Array.from({ length: 40 }, (_, index) => `session-${index}`);
  const bound = new Map<string, string>();
  for (const session of sessions) bound.set(session, await ask(first, session));
  expect(usesOf('one')).toBe(1);
  expect(new Set(bound.values())).toEqual(new Set(NAMES.slice(1)));
  // Longer than the time between two writes; the load goes on until the process is gone.
  let isLoaded = true;
  const load = Array.from({ length: 8 }, async (_, client) => {
    for (let count = 0; isLoaded; count++) await ask(first, `load-${client}-${count % 50}`).catch(() => undefined);
  });
  await new Promise((done) => setTimeout(done, 1500));
  await killed(first);
  isLoaded = false;
  await Promise.all(load);
  expect(statSync(join(home, '.llmproxy/state.sqlite')).mode & 0o777).toBe(0o600);

  const second = await start();
  for (const session of sessions) expect([session, await ask(second, session)]).toEqual([session, bound.get(session)]);
  expect(usesOf('one'), 'its pause of ten minutes is known').toBe(1);
  expect(second.output()).not.toContain('"level":"warn"');
  const files = readdirSync(join(home, '.llmproxy')).filter((name) => name.includes('corrupt'));
  expect(files).toEqual([]);
  recordFault('kill-under-load', { rounds: sessions.length, lost: 0 });
});
