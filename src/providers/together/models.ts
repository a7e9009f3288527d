/** https://docs.together.ai/docs/serverless-models */
import type { ModelInfo } from '../../models/model-info.ts';

const open = (id: string, contextLength?: number): ModelInfo => ({
  id,
  ...(contextLength === undefined ? {} : { contextLength }),
  capabilities: { tools: true },
});

export const models: readonly ModelInfo[] = [
  open('meta-llama/Llama-3.3-70B-Instruct-Turbo', 131_072),
  open('deepseek-ai/DeepSeek-V3.1'),
  open('deepseek-ai/DeepSeek-R1'),
  open('moonshotai/Kimi-K2-Instruct-0905', 262_144),
  open('openai/gpt-oss-120b', 131_072),
  open('openai/gpt-oss-20b', 131_072),
  open('Qwen/Qwen3-235B-A22B-Instruct-2507-tput', 262_144),
  open('Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8', 262_144),
  open('zai-org/GLM-4.6'),
];
