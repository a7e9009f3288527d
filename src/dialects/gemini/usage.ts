import { type JsonObject, totalInputTokens, type Usage } from '../../ir/index.ts';
import { numberOf } from './wire.ts';
import type { Usage as WireUsage } from './wire-types.ts';

const count = (object: JsonObject, key: string): number => Math.max(0, numberOf(object, key) ?? 0);

/** `usageMetadata` -> usage. Gemini counts cached tokens inside the prompt and thoughts outside the candidates. */
export function decodeUsage(metadata: JsonObject): Usage {
  const prompt = count(metadata, 'promptTokenCount') + count(metadata, 'toolUsePromptTokenCount');
  const cached = Math.min(count(metadata, 'cachedContentTokenCount'), prompt);
  const thoughts = count(metadata, 'thoughtsTokenCount');
  return {
    inputTokens: prompt - cached,
    cachedReadTokens: cached,
    cacheWriteTokens: 0,
    outputTokens: count(metadata, 'candidatesTokenCount') + thoughts,
    reasoningTokens: thoughts,
  };
}

/** Usage -> `usageMetadata`. */
export function encodeUsage(usage: Usage): WireUsage {
  const prompt = totalInputTokens(usage);
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: Math.max(0, usage.outputTokens - usage.reasoningTokens),
    totalTokenCount: prompt + usage.outputTokens,
    ...(usage.cachedReadTokens > 0 && { cachedContentTokenCount: usage.cachedReadTokens }),
    ...(usage.reasoningTokens > 0 && { thoughtsTokenCount: usage.reasoningTokens }),
  };
}
