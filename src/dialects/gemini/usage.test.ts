import { expect, it } from 'vitest';
import { emptyUsage, type JsonObject, type Usage } from '../../ir/index.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

it.each<[JsonObject, Partial<Usage>]>([
  [{}, {}],
  [
    { promptTokenCount: 10, toolUsePromptTokenCount: 5, cachedContentTokenCount: 4 },
    { inputTokens: 11, cachedReadTokens: 4 },
  ],
  [
    { promptTokenCount: 3, cachedContentTokenCount: 9 },
    { inputTokens: 0, cachedReadTokens: 3 },
  ],
  [
    { candidatesTokenCount: 7, thoughtsTokenCount: 2 },
    { outputTokens: 9, reasoningTokens: 2 },
  ],
  [{ promptTokenCount: -3, candidatesTokenCount: '7', thoughtsTokenCount: null }, {}],
])('%j', (metadata, expected) => expect(decodeUsage(metadata)).toStrictEqual({ ...emptyUsage, ...expected }));

it('writes only the parts that there are', () => {
  expect(encodeUsage({ ...emptyUsage, inputTokens: 3, outputTokens: 2 })).toStrictEqual({
    promptTokenCount: 3,
    candidatesTokenCount: 2,
    totalTokenCount: 5,
  });
});

it('counts the cache into the prompt and the thoughts out of the candidates', () => {
  const usage = { inputTokens: 1, cachedReadTokens: 2, cacheWriteTokens: 3, outputTokens: 4, reasoningTokens: 1 };
  expect(encodeUsage(usage)).toStrictEqual({
    promptTokenCount: 6,
    candidatesTokenCount: 3,
    totalTokenCount: 10,
    cachedContentTokenCount: 2,
    thoughtsTokenCount: 1,
  });
  expect(encodeUsage({ ...usage, reasoningTokens: 9 }).candidatesTokenCount).toBe(0);
});
