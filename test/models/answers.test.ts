/**
 * Every SDK through a real proxy to a real model. The weights are random, but at temperature 0 the same prompt gives
 * the same text: any change the proxy makes to the prompt or to the answer shows.
 */
import { describe, expect, test } from 'vitest';
import { askDirectly, type ModelProxy, proxyForModels, type Upstream, upstreams } from './model-server.ts';
import { type Answer, type Question, type Sdk, sdks } from './sdks.ts';

const at: ModelProxy = proxyForModels();
const prompt = 'Grüezi, 你好 🙂\nTell me "everything" about <tags> \\ slashes.';
const system = 'You are a test.\nBe brief.';

/** The server's own Responses endpoint says `completed` even when the limit cut the answer. */
const cutWord = (sdk: Sdk, upstream: Upstream): string => (upstream === 'tiny-responses' ? sdk.ended : sdk.cut);
const ways = ['ask', 'stream'] as const;
const terminal: Partial<Record<string, string>> = { anthropic: 'message_stop' };

describe.for(upstreams)('upstream %s', (upstream) => {
  describe.for(sdks)('$name', (sdk) => {
    const run = (way: 'ask' | 'stream', question: Omit<Question, 'model'>): Promise<Answer> =>
      sdk[way](at.proxy, { model: upstream, ...question });

    test.for(ways)('%s: the text and the prompt are those of the server itself', async (way) => {
      const direct = await askDirectly(at.server, {
        max_tokens: 64,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: prompt },
        ],
      });
      const answer = await run(way, { system, prompt, maxTokens: 64 });
      expect(direct.text.length).toBeGreaterThan(40);
      expect(answer).toMatchObject({ text: direct.text, inputTokens: direct.promptTokens, outputTokens: 64 });
      expect(answer.finish).toBe(cutWord(sdk, upstream));
      if (way === 'stream') {
        const last = sdk.name === 'openai responses' ? `response.${answer.finish}` : terminal[sdk.name];
        expect(answer.lastEvent).toBe(last);
      }
    });

    test.for(ways)('%s: max_tokens 1', async (way) => {
      const answer = await run(way, { prompt: 'hi', maxTokens: 1 });
      expect(answer.outputTokens).toBe(1);
      expect(answer.finish).toBe(cutWord(sdk, upstream));
    });

    test.for(ways)('%s: a long answer arrives whole', async (way) => {
      const direct = await askDirectly(at.server, { max_tokens: 1500, messages: [{ role: 'user', content: 'long' }] });
      const answer = await run(way, { prompt: 'long', maxTokens: 1500 });
      expect(answer.text).toBe(direct.text);
      expect(answer.outputTokens).toBe(1500);
    });

    // The Responses API has no stop sequences.
    test.runIf(sdk.name !== 'openai responses' && upstream !== 'tiny-responses').for(ways)(
      '%s: a stop sequence ends the answer',
      async (way) => {
        const messages = [{ role: 'user', content: prompt }];
        const whole = await askDirectly(at.server, { max_tokens: 64, messages });
        const stop = whole.text.slice(20, 23);
        const answer = await run(way, { prompt, maxTokens: 64, stop });
        expect(answer.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
        expect([sdk.ended, 'stop_sequence']).toContain(answer.finish);
      },
    );
  });
});
