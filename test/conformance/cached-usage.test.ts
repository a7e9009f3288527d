/** What was read from a cache and written to it, in the figures of each dialect, from every upstream, whole and streamed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { agents } from './agents.ts';
import { events } from './echo.ts';
import { dialects } from './model.ts';

const usage = { input: 1000, cached: 700, written: 200, output: 30, reasoning: 10 };

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'hello', usage }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** The figures that the client is left with after the answer. */
function usageOf(client: UpstreamDialect, text: string, stream: boolean): Wire {
  const chunks: Wire[] = stream ? events(text) : [JSON.parse(text)];
  switch (client) {
    case 'openai-chat':
      return chunks.findLast((chunk) => chunk.usage).usage;
    case 'openai-responses':
      return stream ? chunks.at(-1).response.usage : chunks[0].usage;
    case 'anthropic-messages':
      return Object.assign({}, ...chunks.map((chunk) => chunk.message?.usage ?? chunk.usage ?? {}));
    case 'gemini':
      return chunks.findLast((chunk) => chunk.usageMetadata).usageMetadata;
  }
}

/** `written`: 0 from an upstream whose dialect does not say. */
function expected(client: UpstreamDialect, written: number): Wire {
  const openAi = { cached_tokens: 700, ...(written > 0 && { cache_write_tokens: written }) };
  switch (client) {
    case 'openai-chat':
      return { prompt_tokens: 1000, completion_tokens: 30, total_tokens: 1030, prompt_tokens_details: openAi };
    case 'openai-responses':
      return { input_tokens: 1000, output_tokens: 30, total_tokens: 1030, input_tokens_details: openAi };
    case 'anthropic-messages':
      return {
        input_tokens: 300 - written,
        cache_read_input_tokens: 700,
        cache_creation_input_tokens: written,
        output_tokens: 30,
      };
    // Gemini has no figure for what is written: it is part of the prompt.
    case 'gemini':
      return { promptTokenCount: 1000, cachedContentTokenCount: 700, totalTokenCount: 1030 };
  }
}

describe.for(dialects)('%s client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    test.for([false, true])('cached reads and writes, stream: %s', async (stream) => {
      const agent = agents[client];
      const model = upstreamModels[target];
      const answer = await proxy.post(agent.path(model, stream), agent.body(model, stream, agent.say('hi')));
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      expect(usageOf(client, text, stream)).toMatchObject(expected(client, target === 'gemini' ? 0 : 200));
    });
  });
});

test.for(dialects.filter((target) => target !== 'anthropic-messages'))(
  'a Claude client learns at the start of a stream roughly how long its input is, from %s',
  async (target) => {
    const agent = agents['anthropic-messages'];
    const body = agent.body(upstreamModels[target], true, agent.say('word '.repeat(4000)));
    const [start] = events(await (await proxy.post('/v1/messages', body)).text());
    expect(start.message.usage.input_tokens).toBeGreaterThan(4000);
    expect(start.message.usage.input_tokens).toBeLessThan(8000);
  },
);
