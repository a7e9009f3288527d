/** A start only: https://api.roocode.com/proxy/v1/models lists what the account may use; any id passes as roocode/<id>. */
import type { ModelInfo } from '../../models/model-info.ts';

export const models: readonly ModelInfo[] = [
  { id: 'roo/code-supernova', capabilities: { tools: true } },
  { id: 'anthropic/claude-sonnet-4.5', capabilities: { tools: true } },
  { id: 'xai/grok-code-fast-1', capabilities: { tools: true } },
];
