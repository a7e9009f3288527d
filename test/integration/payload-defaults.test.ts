/** What a payload default may replace: llmproxy's own additions, never what the client asked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects } from '../faults/dialect-client.ts';
import { listen } from '../faults/gateway.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

let upstream: ScriptedUpstream;
let gateway: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  gateway = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
api-keys: [sk-test-client-key]
codex-api-key:
  - api-key: sk-fake
    base-url: ${upstream.origin}/v1
    models: [{ name: thinker, alias: mine, thinking: { levels: [low, medium, high] } }]
payload:
  default:
    - models: [{ name: mine, protocol: responses }]
      params: { "reasoning.effort": low, "prompt_cache_key": ours }
  override:
    - models: [{ name: "mine(medium)" }]
      params: { "x_suffix": true }
`);
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

describe.for(dialects)('%s client', (client) => {
  test.for([
    ['mine', 'low', undefined],
    ['mine(high)', 'high', undefined],
    ['mine(medium)', 'medium', true],
  ] as const)('%s: effort %s', async ([model, effort, suffix]) => {
    const reply = await ask(gateway.origin, client, model);
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('ok.')]);
    const body = upstream.seen.at(-1)?.body;
    expect([body.model, body.reasoning.effort, body.prompt_cache_key, body.x_suffix]).toEqual([
      'thinker',
      effort,
      'ours',
      suffix,
    ]);
  });
});
