/** As the service listed them before it closed. */
import type { ModelInfo } from '../../models/model-info.ts';

const THINKING = ['kimi-k2-thinking', 'deepseek-r1', 'qwen3-235b-a22b-thinking-2507', 'minimax-m2'];

const OTHERS = [
  'tstars2.0',
  'qwen3-coder-plus',
  'qwen3-max',
  'qwen3-vl-plus',
  'qwen3-max-preview',
  'kimi-k2-0905',
  'kimi-k2',
  'glm-4.6',
  'deepseek-v3.2-chat',
  'deepseek-v3.2',
  'deepseek-v3.1',
  'deepseek-v3',
  'qwen3-32b',
  'qwen3-235b',
  'qwen3-235b-a22b-instruct',
];

export const models: readonly ModelInfo[] = [
  ...OTHERS.map((id) => ({ id, capabilities: { tools: true } })),
  ...THINKING.map((id) => ({
    id,
    capabilities: { tools: true, reasoning: true },
    reasoning: { levels: ['low', 'medium', 'high'] },
  })),
];
