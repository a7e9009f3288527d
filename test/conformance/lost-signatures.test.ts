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
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
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
    if (seen.tools.length === 0) return { reasoning: 'Hm.', signature, text: `Answer ${count}.` };
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

/** Clients that write nothing but what is visible. */
const plain = {
  'openai-chat': chatClient,
  'openai-responses': responsesClient,
  'anthropic-messages': messagesClient,
  gemini: geminiClient,
};
// Gemini signs calls; the scripted one signs nothing else.
const signsReasoning = dialects.filter((dialect) => dialect !== 'gemini');

describe.for(dialects)('%s client that asks questions only', (client) => {
  describe.for(signsReasoning.filter((target) => target !== client))('%s upstream', (target) => {
    test.for([false, true])('finds the reasoning of each turn again, stream: %s', async (stream) => {
      const answers: { text: string; signature: string }[] = [];
      const ask = async (): Promise<string> => {
        const said = answers.flatMap(({ text }) => [
          { role: 'assistant' as const, text },
          { role: 'user' as const, text: 'and?' },
        ]);
        count++;
        signature = Buffer.from(`SIGNATURE-${count}-from-${target}`).toString('base64');
        const { path, body } = plain[client].build(
          { turns: [{ role: 'user', text: `question ${client} ${target} ${stream}` }, ...said] },
          upstreamModels[target],
          stream,
        );
        upstream.seen.length = 0;
        const answer = await proxy.post(path, body);
        expect(answer.status, await answer.text()).toBe(200);
        answers.push({ text: `Answer ${count}.`, signature });
        return JSON.stringify(upstream.seen[0]?.body);
      };
      await ask();
      await ask();
      const sent = await ask();
      const places = answers.slice(0, 2).map((answer) => sent.indexOf(answer.signature));
      expect(places[0]).toBeGreaterThan(-1);
      expect(places[1]).toBeGreaterThan(places[0] ?? 0);
      for (const answer of answers.slice(0, 2)) expect(sent.split(answer.signature)).toHaveLength(2);
    });
  });
});

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
