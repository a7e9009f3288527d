import { isJsonObject, type JsonObject, type JsonValue, totalInputTokens, type Usage } from '../../ir/index.ts';
import type { Usage as WireUsage } from './wire-types.ts';

const count = (value: JsonValue | undefined): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;

const details = (usage: JsonObject, key: string): JsonObject => {
  const value = usage[key];
  return isJsonObject(value) ? value : {};
};

/** The `usage` object of an answer, in the variants of compatible servers. Never throws. */
export function decodeUsage(usage: JsonObject): Usage {
  const prompt = details(usage, 'prompt_tokens_details');
  const input = count(usage['prompt_tokens']) ?? 0;
  const output = count(usage['completion_tokens']) ?? 0;
  const reasoningTokens = count(details(usage, 'completion_tokens_details')['reasoning_tokens']) ?? 0;
  const cachedReadTokens =
    count(prompt['cached_tokens']) ?? count(usage['prompt_cache_hit_tokens']) ?? count(usage['cached_tokens']) ?? 0;
  const cacheWriteTokens =
    count(prompt['cache_write_tokens']) ??
    count(prompt['cache_creation_tokens']) ??
    count(prompt['cached_creation_tokens']) ??
    0;
  // xAI leaves reasoning out of completion_tokens; its total tells.
  const apart = count(usage['total_tokens']) === input + output + reasoningTokens;
  return {
    inputTokens: Math.max(0, input - cachedReadTokens - cacheWriteTokens),
    cachedReadTokens,
    cacheWriteTokens,
    outputTokens: apart ? output + reasoningTokens : output,
    reasoningTokens,
  };
}

/** Usage as OpenAI writes it. */
export function encodeUsage(usage: Usage): WireUsage {
  const prompt = totalInputTokens(usage);
  const { cachedReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: prompt,
    completion_tokens: outputTokens,
    total_tokens: prompt + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cachedReadTokens,
      ...(cacheWriteTokens > 0 && { cache_write_tokens: cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
