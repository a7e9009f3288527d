/** Tool calls: the server's grammar makes even a random model call a tool correctly. */
import { describe, expect, test } from 'vitest';
import { type ModelProxy, proxyForModels, upstreams } from './model-server.ts';
import { sdks } from './sdks.ts';

const at: ModelProxy = proxyForModels();
const tool = {
  name: 'get_weather',
  schema: {
    type: 'object',
    properties: { city: { enum: ['Bern', 'Zürich'] } },
    required: ['city'],
    additionalProperties: false,
  },
};
const finishes: Record<string, string> = {
  'openai chat': 'tool_calls',
  'openai responses': 'completed',
  anthropic: 'tool_use',
  '@google/genai': 'STOP',
};

describe.for(upstreams)('upstream %s', (upstream) => {
  describe.for(sdks)('$name', (sdk) => {
    test.for(['ask', 'stream'] as const)('%s: a forced tool call', async (way) => {
      const answer = await sdk[way](at.proxy, { model: upstream, prompt: 'Weather?', maxTokens: 2000, tool });
      expect(answer.calls).toEqual([{ name: tool.name, input: { city: expect.stringMatching(/^(Bern|Zürich)$/) } }]);
      expect(answer.finish).toBe(finishes[sdk.name]);
    });
  });
});
