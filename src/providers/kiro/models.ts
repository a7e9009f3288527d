import type { ModelInfo } from '../../models/model-info.ts';

const claude = (id: string, displayName: string): ModelInfo => ({
  id,
  displayName,
  contextLength: 200_000,
  maxOutputTokens: 64_000,
  capabilities: { tools: true, vision: true, streaming: true, reasoning: true },
  reasoning: { minBudget: 1024, maxBudget: 32_000, zeroAllowed: true, dynamicAllowed: true },
});

/** Known models; which of them an account has is the service's to say. */
export const models: readonly ModelInfo[] = [
  claude('claude-opus-4.6', 'Claude Opus 4.6'),
  claude('claude-sonnet-4.6', 'Claude Sonnet 4.6'),
  claude('claude-opus-4.5', 'Claude Opus 4.5'),
  claude('claude-sonnet-4.5', 'Claude Sonnet 4.5'),
  claude('claude-sonnet-4', 'Claude Sonnet 4'),
  claude('claude-haiku-4.5', 'Claude Haiku 4.5'),
  { id: 'auto', displayName: 'Auto (Kiro chooses)', capabilities: { tools: true, vision: true, streaming: true } },
];
