/** SIGTERM lets running streams finish; a second signal does not wait. */
import { afterEach, expect, test } from 'vitest';
import { ask } from '../faults/dialect-client.ts';
import { fourDialectConfig, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

const TEXT = 'A long answer that takes its time, piece by piece, until it is over.';

let upstream: ScriptedUpstream;
let proxy: ProxyProcess;
afterEach(async () => {
  await proxy.close();
  await upstream.close();
});

/** Starts both; resolves with what the proxy's process will end with. */
async function start(script: Script, config = ''): Promise<{ readonly exit: Promise<unknown> }> {
  upstream = await startScriptedUpstream(script);
  proxy = await startProxyProcess(fourDialectConfig(upstream.origin) + config);
  return { exit: new Promise((done) => proxy.child.once('exit', (code, signal) => done(code ?? signal))) };
}

const endless: Script = () => ({ fault: 'stall', after: 4, answer: { text: TEXT } });

test.for([
  ['openai-chat', 'up-chat'],
  ['anthropic-messages', 'up-chat'],
] as const)('a %s stream under way ends whole, new requests are not taken, exit code 0', async ([client, model]) => {
  const { exit } = await start(() => ({ text: TEXT, paceMs: 100 }));
  const reply = await ask(proxy.origin, client, model, { stream: true });
  proxy.child.kill('SIGTERM');
  await new Promise((done) => setTimeout(done, 150));
  await expect(ask(proxy.origin, client, model)).rejects.toThrow();
  const text = await reply.text();
  expect(text).toMatch(/\[DONE\]|message_stop/);
  const begin = performance.now();
  expect(await exit).toBe(0);
  expect(performance.now() - begin).toBeLessThan(5000);
  expect(upstream.seen).toHaveLength(1);
});

test('without anything under way it ends at once, also with idle keep-alive connections', async () => {
  const { exit } = await start(() => ({ text: TEXT }));
  await (await ask(proxy.origin, 'openai-chat', 'up-gemini')).text();
  const begin = performance.now();
  proxy.child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(performance.now() - begin).toBeLessThan(5000);
});

test('the grace is bounded: an endless stream is cut, its client notices, exit code 0', async () => {
  const { exit } = await start(endless, 'shutdown-timeout-seconds: 1');
  const reply = await ask(proxy.origin, 'openai-chat', 'up-chat', { stream: true });
  proxy.child.kill('SIGTERM');
  const outcome = await reply.text().catch(() => 'cut');
  expect(outcome === 'cut' || outcome.includes('"error"')).toBe(true);
  expect(await exit).toBe(0);
});

test('a second signal ends it at once', async () => {
  const { exit } = await start(endless);
  const reply = await ask(proxy.origin, 'openai-chat', 'up-chat', { stream: true });
  proxy.child.kill('SIGTERM');
  await new Promise((done) => setTimeout(done, 200));
  const begin = performance.now();
  proxy.child.kill('SIGTERM');
  expect(await exit).toBe(130);
  expect(performance.now() - begin).toBeLessThan(5000);
  await expect(reply.text()).rejects.toThrow();
});
