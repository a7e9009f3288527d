/**
 * Clients that carry nothing: neither reasoning nor signatures come back in their next turn. The upstream must find
 * its own signature again all the same, the same bytes at every turn, and nobody else's client key may bring it back.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { echoClients } from './echo.ts';
import { memoryOf } from './memory.ts';
import { dialects } from './model.ts';

const OTHER_KEY = 'sk-test-other-client-key';

let upstream: ScriptedUpstream;
let proxy: TestProxy;
let count = 0;
let signature = '';

beforeAll(async () => {
  upstream = await startScriptedUpstream((seen) => {
    if (seen.toolResult !== undefined) return { text: 'Sunny.' };
    return {
      reasoning: 'I need the weather.',
      signature,
      text: 'Let me see.',
      toolCalls: [{ id: `call_${count}`, name: 'get_weather', arguments: { city: 'Bern', days: 2 } }],
    };
  });
  proxy = await createTestProxy(
    fourDialectConfig(upstream.origin).replace(`["${CLIENT_KEY}"]`, `["${CLIENT_KEY}", "${OTHER_KEY}"]`),
  );
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** A request of a client of this dialect with everything left out that is not visible. */
function forget(client: UpstreamDialect, body: Wire): Wire {
  switch (client) {
    case 'openai-chat':
      return {
        ...body,
        messages: body.messages.map(({ reasoning_content, reasoning_details, extra_content, ...message }: Wire) => ({
          ...message,
          ...(message.tool_calls && {
            tool_calls: message.tool_calls.map(({ extra_content: _, ...call }: Wire) => call),
          }),
        })),
      };
    case 'openai-responses':
      return { ...body, input: body.input.filter((item: Wire) => item.type !== 'reasoning') };
    case 'anthropic-messages':
      return {
        ...body,
        messages: body.messages.map((message: Wire) => ({
          ...message,
          content: Array.isArray(message.content)
            ? message.content.filter((block: Wire) => !block.type.endsWith('thinking'))
            : message.content,
        })),
      };
    case 'gemini':
      return {
        ...body,
        contents: body.contents.map((turn: Wire) => ({
          ...turn,
          parts: turn.parts
            .filter((part: Wire) => part.thought !== true)
            .map(({ thoughtSignature: _, ...part }: Wire) => part),
        })),
      };
  }
}

async function firstTurn(client: UpstreamDialect, target: UpstreamDialect, stream: boolean): Promise<Wire> {
  count++;
  signature = Buffer.from(`SIGNATURE-${count}-from-${target}`).toString('base64');
  const { path, ...build } = echoClients[client];
  const model = upstreamModels[target];
  const answer = await proxy.post(path(model, stream), build.first(model, stream));
  return forget(client, build.second(model, stream, await answer.text()));
}

async function send(client: UpstreamDialect, target: UpstreamDialect, stream: boolean, body: Wire, key = CLIENT_KEY) {
  upstream.seen.length = 0;
  const path = echoClients[client].path(upstreamModels[target], stream);
  const answer = await proxy.post(path, body, { authorization: `Bearer ${key}` });
  expect(answer.status, await answer.text()).toBe(200);
  return upstream.seen[0]?.body;
}

describe.for(dialects)('%s client that drops everything', (client) => {
  describe.for(dialects.filter((target) => target !== client))('%s upstream', (target) => {
    test.for([false, true])('gets its signature back, stream: %s', async (stream) => {
      const body = await firstTurn(client, target, stream);
      expect(JSON.stringify(body)).not.toContain('U0lHTkFUVVJF');
      const sent = await send(client, target, stream, body);
      expect(memoryOf(target, sent).signature).toBe(signature);
      expect(JSON.stringify(sent).split(signature)).toHaveLength(2);
    });

    test('the same history gives the same bytes', async () => {
      const body = await firstTurn(client, target, false);
      const sent = [await send(client, target, false, body), await send(client, target, false, body)];
      expect(JSON.stringify(sent[0])).toBe(JSON.stringify(sent[1]));
    });

    test('another client key does not', async () => {
      const body = await firstTurn(client, target, false);
      const sent = await send(client, target, false, body, OTHER_KEY);
      expect(JSON.stringify(sent)).not.toContain(signature);
    });

    test.for(dialects.filter((other) => other !== target))('neither does %s', async (other) => {
      const body = await firstTurn(client, target, false);
      if (client !== 'gemini') body.model = upstreamModels[other];
      expect(JSON.stringify(await send(client, other, false, body))).not.toContain(signature);
    });
  });
});
