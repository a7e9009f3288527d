/** A configuration that is replaced all the time while requests come in. */
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { makeHome, quick, type ServerHome, startLoad } from './server-home.ts';

let home: ServerHome;
let upstream: ScriptedUpstream;
afterEach(async () => {
  await home.close();
  await upstream.close();
});

const REPLACEMENTS = 100;
const strategies = ['round-robin', 'fill-first', 'least-in-flight', 'weighted-round-robin'];

/** Each differs in its keys, its models, its settings, and sometimes in how upstreams are reached. */
function variant(origin: string, version: number): string {
  const keys = Array.from({ length: 4 + (version % 3) }, (_, index) => `{ api-key: sk-fake-${version % 2}-${index} }`);
  return `${quick}
request-retry: ${version % 3}
routing: { strategy: ${strategies[version % 4]} }
upstream-timeouts: { first-byte: ${100 + (version % 10 === 0 ? version : 0)} }
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    api-key-entries: [${keys.join(', ')}]
    models: [{ name: one }, { name: one, alias: version-${version} }]
claude-api-key:
  - { api-key: sk-fake-claude-${version % 5}, base-url: "${origin}", models: [{ name: two }] }
`;
}

async function models(origin: string): Promise<string> {
  return (await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).text();
}

async function inUse(origin: string, version: number): Promise<boolean> {
  for (let waited = 0; waited < 500; waited++) {
    if ((await models(origin)).includes(`"version-${version}"`)) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return false;
}

test(`${REPLACEMENTS} configurations under 200 requests/s`, async () => {
  // A stream takes as long as a replacement.
  upstream = await startScriptedUpstream((seen) => {
    upstream.seen.length = 0;
    return { text: `You said ${seen.userText}.`, ...(seen.stream && { paceMs: 25 }) };
  });
  home = makeHome();
  const proxy = await home.start(variant(upstream.origin, 0));
  const load = startLoad(proxy.origin, 200, (index) => ({
    dialect: index % 3 === 0 ? 'anthropic-messages' : 'openai-chat',
    model: index % 2 === 0 ? 'one' : 'two',
    // What came in pieces is not looked for as a whole.
    ask: { stream: index % 4 === 0, text: `number ${index}` },
    expects: index % 4 === 0 ? '' : `You said number ${index}.`,
  }));
  const ignored: number[] = [];
  for (let version = 1; version <= REPLACEMENTS; version++) {
    home.replaceConfig(variant(upstream.origin, version));
    // The watcher waits for half a second of rest.
    if (version % 5 !== 0) proxy.child.kill('SIGHUP');
    if (!(await inUse(proxy.origin, version))) ignored.push(version);
  }
  await load.stop();
  expect({ failures: load.failures.slice(0, 5), ignored }).toEqual({ failures: [], ignored: [] });
  expect(load.sent).toBeGreaterThan(REPLACEMENTS * 10);
  recordFault('config-under-load', { rounds: REPLACEMENTS, lost: load.failures.length + ignored.length });
}, 120_000);
