/** Every client is told in its own word why an upstream ended, in JSON and in a stream. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  startScriptedUpstream,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { clients } from './drivers.ts';
import { finishRows } from './finish-reasons.ts';

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

const ping = { name: 'ping', description: 'Pings', schema: { type: 'object', properties: {} } };

describe.for(clients)('$dialect client', (client) => {
  test.for(finishRows)('$upstream: $reason (call: $call)', async ({ upstream: target, reason, call, told }) => {
    const toolCalls = [{ name: 'ping', arguments: {} }];
    const answer: ScriptedAnswer = { text: 'It is', rawFinish: reason, ...(call ? { toolCalls } : {}) };
    upstream.script = () => answer;
    for (const stream of [false, true]) {
      const ask = { turns: [{ role: 'user' as const, text: 'hi' }], tools: [ping] };
      const { path, body } = client.build(ask, upstreamModels[target], stream);
      const text = await (await proxy.post(path, body)).text();
      const got = stream ? client.readStream(text) : client.readJson(JSON.parse(text));
      expect([stream, got.rawFinish]).toEqual([stream, told[client.dialect]]);
      expect(got.text).toBe('It is');
      expect(got.calls).toEqual(call ? toolCalls : []);
    }
  });
});
