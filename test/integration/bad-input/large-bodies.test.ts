/** Bodies at the limit of 64 MiB, in a real process: answered or refused, and the memory comes back. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, bodyOf, pathOf, readError } from '../../faults/dialect-client.ts';
import {
  CLIENT_KEY,
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
} from '../../support/scripted-upstream/index.ts';

const LIMIT = 64 * 1024 * 1024;
const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };

let upstream: ScriptedUpstream;
let proxy: ProxyProcess;
beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok' }));
  proxy = await startProxyProcess(`${fourDialectConfig(upstream.origin)}body-limit-mb: 64\n`);
});
afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** Resident memory of the proxy in MiB; the most so far for `VmHWM`. */
function memoryOf(line: 'VmRSS' | 'VmHWM'): number {
  const text = readFileSync(`/proc/${proxy.child.pid}/status`, 'utf8');
  return Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
}

/** A proper request of exactly so many bytes. */
function requestOf(client: UpstreamDialect, model: string, bytes: number): string {
  const small = JSON.stringify(bodyOf(client, model, false, '@'));
  return small.replace('@', 'x'.repeat(bytes - small.length + 1));
}

const pairs = [
  ['openai-chat', 'openai-chat'],
  ['openai-chat', 'anthropic-messages'],
  ['anthropic-messages', 'gemini'],
  ['gemini', 'openai-responses'],
  ['openai-responses', 'openai-chat'],
] as const;

describe.skipIf(process.platform !== 'linux')('64 MiB (memory is read from /proc)', () => {
  test.for(pairs)('%s client, %s upstream: the limit itself is answered', { timeout: 60_000 }, async ([client, to]) => {
    const model = upstreamModels[to];
    const path = proxy.origin + pathOf(client, model, false);
    const reply = await fetch(path, { method: 'POST', headers, body: requestOf(client, model, LIMIT) });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('ok')]);
    expect(JSON.stringify(upstream.seen.at(-1)?.body).length).toBeGreaterThan(LIMIT - 1024 * 1024);
    // The tests' own process need not hold all of them.
    upstream.seen.length = 0;
  });

  test.for(pairs)('%s client, %s upstream: a byte more is a 413', { timeout: 60_000 }, async ([client, to]) => {
    const model = upstreamModels[to];
    const path = proxy.origin + pathOf(client, model, false);
    const reply = await fetch(path, { method: 'POST', headers, body: requestOf(client, model, LIMIT + 1) });
    const error = readError(client, await reply.json());
    expect([reply.status, error.shape, error.message]).toEqual([413, true, expect.stringContaining(String(LIMIT))]);
    expect(upstream.seen).toEqual([]);
  });

  test('the memory is bounded, and given back', { timeout: 60_000 }, async () => {
    const peak = memoryOf('VmHWM');
    for (let wait = 0; wait < 100 && memoryOf('VmRSS') > 400; wait++) {
      await ask(proxy.origin, 'openai-chat', 'up-claude');
      await sleep(100);
    }
    const rest = memoryOf('VmRSS');
    // One request at the limit is held as bytes, as text and as what is sent: eight times the body at most.
    expect({ peak: peak < 1200, rest: rest < 800, measured: [peak, rest] }).toMatchObject({ peak: true, rest: true });
    if (process.env['BAD_INPUT'] === 'all')
      process.stdout.write(`peak ${peak.toFixed(0)} MiB, after ${rest.toFixed(0)} MiB\n`);
  });
});
