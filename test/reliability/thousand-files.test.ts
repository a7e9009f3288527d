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

/** As many requests as there are accounts. */
async function askAll(origin: string): Promise<void> {
  for (let sent = 0; sent < COUNT; sent += 20) {
    const twenty = Array.from({ length: 20 }, (_, index) =>
      ask(origin, 'openai-chat', ACCOUNT_MODEL, { text: `${sent + index}` }).then((reply) => reply.text()),
    );
    await Promise.all(twenty);
  }
}

test('1,000 files are changed at once under load', async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  home = makeHome();
  const names = Array.from({ length: COUNT }, (_, index) => `a${index}`);
  const write = (access: number): void => {
    const tokens = { origin: upstream.origin, tokenUrl: 'http://127.0.0.1:1/none', access };
    for (const name of names) home.writeAccount(`xai-${name}.json`, accountFields(name, tokens));
  };
  /** The number of the token that each account was used with last. */
  const lastTokens = (): Map<string, string> =>
    new Map(
      upstream.seen.map(({ headers }) => {
        const [, name = '', number = ''] = /access-(a\d+)-(\d)/.exec(String(headers['authorization'])) ?? [];
        return [name, number];
      }),
    );
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
  let missing = COUNT;
  for (const endMs = performance.now() + 90_000; missing > 0 && performance.now() < endMs; ) {
    await askAll(proxy.origin);
    const last = lastTokens();
    missing = names.filter((name) => last.get(name) !== '2').length;
  }
  await load.stop();
  expect({ missing, failures: load.failures }).toEqual({ missing: 0, failures: [] });
  recordFault('thousand-files', { rounds: COUNT, lost: missing + load.failures.length });
}, 120_000);
