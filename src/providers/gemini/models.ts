/** https://ai.google.dev/gemini-api/docs/models */
import type { ModelInfo, ReasoningSupport } from '../../models/model-info.ts';

const PRO: ReasoningSupport = { minBudget: 128, maxBudget: 32_768, dynamicAllowed: true };
const FLASH: ReasoningSupport = { minBudget: 0, maxBudget: 24_576, zeroAllowed: true, dynamicAllowed: true };
const ALL_LEVELS = ['minimal', 'low', 'medium', 'high'];

function gemini(id: string, reasoning: ReasoningSupport): ModelInfo {
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

export const models: readonly ModelInfo[] = [
  gemini('gemini-3.7-flash', { ...PRO, maxBudget: 65_535, levels: ALL_LEVELS }),
  gemini('gemini-3.6-flash', { ...PRO, levels: ALL_LEVELS }),
  gemini('gemini-3.5-flash', { ...PRO, levels: ALL_LEVELS }),
  gemini('gemini-3.5-flash-lite', { ...PRO, levels: ALL_LEVELS }),
  gemini('gemini-3.1-pro-preview', { ...PRO, levels: ['low', 'medium', 'high'] }),
  gemini('gemini-3.1-flash-lite-preview', { ...PRO, levels: ['minimal', 'high'] }),
  gemini('gemini-3.1-flash-image-preview', { ...PRO, levels: ['minimal', 'high'] }),
  gemini('gemini-3-pro-preview', { ...PRO, levels: ['low', 'high'] }),
  gemini('gemini-3-pro-image-preview', { ...PRO, levels: ['low', 'high'] }),
  gemini('gemini-3-flash-preview', { ...PRO, levels: ALL_LEVELS }),
  gemini('gemini-2.5-pro', PRO),
  gemini('gemini-2.5-flash', FLASH),
  gemini('gemini-2.5-flash-lite', FLASH),
];
