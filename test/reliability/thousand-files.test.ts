/** Every one of a thousand accounts gets another token at the same moment. */
import { afterEach, expect, test } from 'vitest';
import { ask } from '../faults/dialect-client.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { ACCOUNT_MODEL, accountFields, makeHome, quick, type ServerHome, startLoad } from './server-home.ts';

let home: ServerHome;
let upstream: ScriptedUpstream;
afterEach(async () => {
  await home.close();
  await upstream.close();
});

const COUNT = 1000;

test('1,000 files are changed at once under load', async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  home = makeHome();
  const names = Array.from({ length: COUNT }, (_, index) => `a${index}`);
  const write = (access: number): void => {
    const tokens = { origin: upstream.origin, tokenUrl: 'http://127.0.0.1:1/none', access };
    for (const name of names) home.writeAccount(`xai-${name}.json`, accountFields(name, tokens));
  };
  const used = (): Set<string> =>
    new Set(upstream.seen.map(({ headers }) => String(headers['authorization']).replace('Bearer ', '')));
  write(1);
  const proxy = await home.start(`${quick}routing: { session-affinity: false }\n`);
  const load = startLoad(proxy.origin, 50, (index) => ({
    dialect: 'openai-chat',
    model: ACCOUNT_MODEL,
    ask: { text: `${index}` },
    expects: 'ok.',
  }));
  await new Promise((done) => setTimeout(done, 1000));
  write(2);
  // A request after which every one has its new token: old ones are not used any more.
  for (let isSettled = false; !isSettled; ) {
    await new Promise((done) => setTimeout(done, 1000));
    const before = upstream.seen.length;
    await new Promise((done) => setTimeout(done, 500));
    isSettled = !upstream.seen.slice(before).some(({ headers }) => /-1$/.test(String(headers['authorization'])));
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  upstream.seen.length = 0;
  for (let sent = 0; sent < COUNT; sent += 20) {
    const twenty = Array.from({ length: 20 }, (_, index) =>
      ask(proxy.origin, 'openai-chat', ACCOUNT_MODEL, { text: `${sent + index}` }).then((reply) => reply.text()),
    );
    await Promise.all(twenty);
  }
  const missing = names.filter((name) => !used().has(`access-${name}-2`)).length;
  expect(used().size).toBe(COUNT);
  recordFault('thousand-files', { rounds: COUNT, lost: missing + load.failures.length });
}, 60_000);
