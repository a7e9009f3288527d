/** https://api-docs.deepseek.com/quick_start/pricing */
import type { ModelInfo } from '../../models/model-info.ts';

export const models: readonly ModelInfo[] = [
  {
    id: 'deepseek-chat',
    displayName: 'DeepSeek (not thinking)',
    ownedBy: 'deepseek',
    capabilities: { tools: true, vision: false, audio: false, reasoning: false },
  },
  {
    id: 'deepseek-reasoner',
    displayName: 'DeepSeek (thinking)',
    ownedBy: 'deepseek',
    capabilities: { tools: true, vision: false, audio: false, reasoning: true },
  },
  { id: 'deepseek-v4-pro', ownedBy: 'deepseek', capabilities: { tools: true, reasoning: true } },
  { id: 'deepseek-v4-flash', ownedBy: 'deepseek', capabilities: { tools: true, reasoning: true } },
];
