import { expect } from 'vitest';
import type { Case, Turn } from './model.ts';

const turns: readonly Turn[] = [{ role: 'user', text: 'count' }];

type Counts = NonNullable<Case['answer']['usage']>;

/**
 * The same numbers for every client, in JSON and in the stream. What a dialect has no field for: Gemini does not say
 * what was written to a cache, Claude's clients are not told how much was reasoning.
 */
function counted(name: string, usage: Counts): Case {
  return {
    name,
    ask: { turns },
    answer: { text: 'counted', usage, ...(usage.reasoning > 0 && { reasoning: 'One, two.' }) },
    got({ usage: told }, client, upstream) {
      const written = client === 'gemini' || upstream === 'gemini' ? 0 : (usage.written ?? 0);
      expect(told.input).toBe(usage.input);
      expect(told.cached).toBe(usage.cached);
      expect(told.written ?? 0).toBe(written);
      expect(told.output).toBe(usage.output);
      if (told.reasoning !== undefined) expect(told.reasoning).toBe(usage.reasoning);
      if (told.total !== undefined) expect(told.total).toBe(usage.input + usage.output);
    },
  };
}

/** What was counted, in all dialects' algebra. */
export const usageCases: readonly Case[] = [
  counted('usage: input and output', { input: 11, cached: 0, output: 3, reasoning: 0 }),
  counted('usage: input read from the cache', { input: 1200, cached: 1024, output: 30, reasoning: 0 }),
  counted('usage: input written to the cache', { input: 1200, cached: 0, written: 1100, output: 30, reasoning: 0 }),
  counted('usage: cache read and written, reasoning', {
    input: 2500,
    cached: 1024,
    written: 1200,
    output: 300,
    reasoning: 250,
  }),
  counted('usage: all of the output is reasoning', { input: 5, cached: 0, output: 64, reasoning: 64 }),
  counted('usage: all of the input is cached', { input: 2048, cached: 2048, output: 1, reasoning: 0 }),
  {
    name: 'usage: nothing was counted',
    ask: { turns },
    answer: { text: 'ok', usage: { input: 0, cached: 0, output: 0, reasoning: 0 } },
    got({ usage }, client, upstream) {
      expect(usage.cached).toBe(0);
      // These two formats demand numbers: estimates, as zeros would be taken for what the answer cost.
      const estimated = client !== upstream && (client === 'anthropic-messages' || client === 'openai-responses');
      expect([usage.input > 0, usage.output > 0]).toEqual([estimated, estimated]);
    },
  },
];
