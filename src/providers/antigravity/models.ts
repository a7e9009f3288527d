/** https://antigravity.google/docs/models */
import type { ModelInfo, ReasoningSupport } from '../../models/model-info.ts';
import { ALL_LEVELS, geminiModel, PRO } from '../gemini-models.ts';

const WIDE: ReasoningSupport = { minBudget: 1, maxBudget: 65_535, dynamicAllowed: true };

function flash(id: string, reasoning: ReasoningSupport): ModelInfo {
  return geminiModel(id, { ...reasoning, levels: ALL_LEVELS });
}

function tuned(id: string): ModelInfo {
  return { ...geminiModel(id, { ...WIDE, levels: ['low', 'medium', 'high'] }), maxOutputTokens: 65_535 };
}

function claude(id: string): ModelInfo {
  return {
    id,
    ownedBy: 'anthropic',
    contextLength: 200_000,
    maxOutputTokens: 64_000,
    capabilities: { tools: true, vision: true, documents: true, reasoning: true },
    reasoning: { minBudget: 1024, maxBudget: 64_000, zeroAllowed: true, dynamicAllowed: true },
  };
}

export const models: readonly ModelInfo[] = [
  flash('gemini-3.7-flash-high', WIDE),
  flash('gemini-3.6-flash-high', WIDE),
  tuned('gemini-3.5-flash-low'),
  tuned('gemini-3.5-flash-extra-low'),
  tuned('gemini-3.1-pro-low'),
  tuned('gemini-pro-agent'),
  { ...flash('gemini-3.1-flash-lite', { ...WIDE, zeroAllowed: true }), maxOutputTokens: 65_535 },
  geminiModel('gemini-3.1-flash-image', { ...PRO, levels: ['minimal', 'high'] }),
  flash('gemini-3-flash', PRO),
  flash('gemini-3-flash-agent', PRO),
  claude('claude-opus-4-6-thinking'),
  claude('claude-sonnet-4-6'),
  {
    id: 'gpt-oss-120b-medium',
    ownedBy: 'openai',
    contextLength: 114_000,
    maxOutputTokens: 32_768,
    capabilities: { tools: true },
  },
];
