/**
 * A reasoning model calls tools; the client answers them. The upstream must find its own reasoning signature and call
 * ids again, letter for letter, and no other upstream may ever see the signature.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { echoClients } from './echo.ts';
import { memoryOf } from './memory.ts';
import { dialects } from './model.ts';

/** Each upstream signs in its own way: conversations here repeat each other's call ids. */
const signatureOf: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'U0lHTkFUVVJFK2Zyb20vY2hhdD09',
  'openai-responses': 'U0lHTkFUVVJFK2Zyb20vcmVzcG9uc2VzPT0=',
  'anthropic-messages': 'U0lHTkFUVVJFK2Zyb20vY2xhdWRlPT0=',
  gemini: 'U0lHTkFUVVJFK2Zyb20vZ2VtaW5pPT0=',
};
/** Ids as vendors write them: servers that speak Chat, and Gemini, take any characters and length. */
const odd = ['functions.get_weather:0', `call_${'x'.repeat(80)}`];
const idsOf: Readonly<Record<UpstreamDialect, readonly string[]>> = {
  'openai-chat': odd,
  'openai-responses': [`call_${'a'.repeat(59)}`, 'call_b'],
  'anthropic-messages': ['toolu_01A', 'toolu_01B'],
  gemini: odd,
};
const called = (dialect: UpstreamDialect): ScriptedAnswer => ({
  reasoning: 'I need the weather.',
  signature: signatureOf[dialect],
  text: 'Let me see.',
  toolCalls: idsOf[dialect].map((id, index) => ({ id, name: 'get_weather', arguments: { city: `c${index}` } })),
});

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(({ dialect }, index) => (index === 0 ? called(dialect) : { text: 'Sunny.' }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** Both turns; returns what the upstream of the second was sent. */
async function twoTurns(
  client: UpstreamDialect,
  [first, second]: readonly [UpstreamDialect, UpstreamDialect],
  stream: boolean,
): Promise<Wire> {
  upstream.seen.length = 0;
  const { path, ...build } = echoClients[client];
  const firstModel = upstreamModels[first];
  const answer = await proxy.post(path(firstModel, stream), build.first(firstModel, stream));
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const secondModel = upstreamModels[second];
  const last = await proxy.post(path(secondModel, stream), build.second(secondModel, stream, text));
  expect(last.status, await last.text()).toBe(200);
  expect(upstream.seen[1]?.dialect).toBe(second);
  return upstream.seen[1]?.body;
}

describe.for(dialects)('%s client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    test.for([false, true])('gets its signature and call ids back, stream: %s', async (stream) => {
      const memory = memoryOf(target, await twoTurns(client, [target, target], stream));
      expect(memory.signature).toBe(signatureOf[target]);
      expect(memory.answered).toEqual(memory.calls);
      expect(new Set(memory.calls).size).toBe(2);
      expect(memory.calls).toEqual(idsOf[target]);
    });

    test.for(dialects.filter((other) => other !== target))('never shows its signature to %s', async (other) => {
      const body = await twoTurns(client, [target, other], false);
      expect(JSON.stringify(body)).not.toContain(signatureOf[target]);
      const memory = memoryOf(other, body);
      expect(memory.answered).toEqual(memory.calls);
      expect(new Set(memory.calls).size).toBe(2);
    });
  });
});
