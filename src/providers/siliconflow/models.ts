/** https://cloud.siliconflow.cn/models */
import type { ModelInfo } from '../../models/model-info.ts';

const open = (id: string): ModelInfo => ({ id, capabilities: { tools: true } });

export const models: readonly ModelInfo[] = [
  open('deepseek-ai/DeepSeek-V3.1'),
  open('deepseek-ai/DeepSeek-R1'),
  open('moonshotai/Kimi-K2-Instruct-0905'),
  open('Qwen/Qwen3-235B-A22B-Instruct-2507'),
  open('Qwen/Qwen3-Coder-480B-A35B-Instruct'),
  open('zai-org/GLM-4.6'),
];
