/**
 * Token counts of one response. The parts are disjoint where the name says so:
 * total input = inputTokens + cachedReadTokens + cacheWriteTokens; reasoningTokens is included in outputTokens.
 */
export interface Usage {
  /** Input tokens that were neither read from nor written to the prompt cache. */
  readonly inputTokens: number;
  /** Input tokens served from the provider's prompt cache. */
  readonly cachedReadTokens: number;
  /** Input tokens written to the provider's prompt cache. */
  readonly cacheWriteTokens: number;
  /** All generated tokens, reasoning included. */
  readonly outputTokens: number;
  /** The part of outputTokens spent on reasoning; 0 when the provider does not say. */
  readonly reasoningTokens: number;
}

/** A usage of zeros: nothing known yet. */
export const emptyUsage: Usage = {
  inputTokens: 0,
  cachedReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

/** All input tokens, cached or not: what OpenAI calls prompt_tokens and Gemini promptTokenCount. */
export function totalInputTokens(usage: Usage): number {
  return usage.inputTokens + usage.cachedReadTokens + usage.cacheWriteTokens;
}

/** Whether the provider told anything: an answer without any token does not exist. */
export function isKnownUsage(usage: Usage): boolean {
  return totalInputTokens(usage) + usage.outputTokens > 0;
}
