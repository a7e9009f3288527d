/** Google's Gemini models: what every provider that serves them says of them. https://ai.google.dev/gemini-api/docs/models */
import type { ModelInfo, ReasoningSupport } from '../models/model-info.ts';

/** Thinks always. */
export const PRO: ReasoningSupport = { minBudget: 128, maxBudget: 32_768, dynamicAllowed: true };
/** Can be told not to think. */
export const FLASH: ReasoningSupport = { minBudget: 0, maxBudget: 24_576, zeroAllowed: true, dynamicAllowed: true };
/** The levels of models that know them all. */
export const ALL_LEVELS: readonly string[] = ['minimal', 'low', 'medium', 'high'];

/** A text model of the family; its id may differ from provider to provider. */
export function geminiModel(id: string, reasoning: ReasoningSupport): ModelInfo {
  return {
    id,
    ownedBy: 'google',
    contextLength: 1_048_576,
    maxOutputTokens: 65_536,
    capabilities: {
      tools: true,
      vision: true,
      audio: true,
      documents: true,
      structuredOutput: true,
      reasoning: true,
    },
    reasoning,
  };
}
