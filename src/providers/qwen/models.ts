/** https://help.aliyun.com/zh/model-studio/models */
import type { ModelInfo } from '../../models/model-info.ts';

function qwenModel(id: string, more: Omit<ModelInfo, 'id' | 'ownedBy'> = {}): ModelInfo {
  return { id, ownedBy: 'qwen', capabilities: { tools: true }, ...more };
}

/** Of API keys; any other id passes by its prefix. */
export const models: readonly ModelInfo[] = [
  'qwen3-coder-plus',
  'qwen3-coder-flash',
  'qwen3-max',
  'qwen-plus',
  'qwen-flash',
  'qwen3-vl-plus',
].map((id) => qwenModel(id));

/** Of accounts. */
export const accountModels: readonly ModelInfo[] = [
  qwenModel('coder-model', { capabilities: { tools: true, vision: true } }),
  qwenModel('qwen3-coder-plus', { contextLength: 32_768, maxOutputTokens: 8192 }),
  qwenModel('qwen3-coder-flash', { contextLength: 8192, maxOutputTokens: 2048 }),
  qwenModel('vision-model', {
    contextLength: 32_768,
    maxOutputTokens: 2048,
    capabilities: { tools: true, vision: true },
  }),
];
