/** What a gateway costs that nobody uses, after it was used: all its background work together. */
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

let upstream: ScriptedUpstream | undefined;
let proxy: ProxyProcess | undefined;
afterEach(async () => {
  await proxy?.close();
  await upstream?.close();
});

const IDLE_MS = 15_000;
/** Ticks of the kernel's clock in a second, everywhere where there is /proc. */
const TICKS_PER_S = 100;

async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the command stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_S;
}

test.skipIf(process.platform !== 'linux')(
  'an idle gateway takes less than 1 % of a core (skipped where there is no /proc)',
  async () => {
    upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
    proxy = await startProxyProcess(fourDialectConfig(upstream.origin));
    const reply = await fetch(`${proxy.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'up-chat', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(reply.status).toBe(200);
    // What a start leaves to do is no background work.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const before = await cpuMs(proxy.child.pid ?? 0);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    expect((await cpuMs(proxy.child.pid ?? 0)) - before).toBeLessThan(IDLE_MS / 100);
  },
  40_000,
);
