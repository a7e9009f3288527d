/** A start only: https://api.kilo.ai/api/gateway/models lists the rest; any id passes as kilo/<id>. */
import type { ModelInfo } from '../../models/model-info.ts';

export const models: readonly ModelInfo[] = [
  { id: 'kilo/auto', displayName: 'Kilo Auto', contextLength: 200_000, maxOutputTokens: 64_000 },
  { id: 'anthropic/claude-sonnet-4.5', capabilities: { tools: true } },
  { id: 'openai/gpt-5.1', capabilities: { tools: true } },
];
