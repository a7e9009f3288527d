/** https://docs.together.ai/docs/serverless-models */
import type { ModelInfo } from '../../models/model-info.ts';
import { openModel } from '../provider.ts';

export const models: readonly ModelInfo[] = [
  openModel('meta-llama/Llama-3.3-70B-Instruct-Turbo', 131_072),
  openModel('deepseek-ai/DeepSeek-V3.1'),
  openModel('deepseek-ai/DeepSeek-R1'),
  openModel('moonshotai/Kimi-K2-Instruct-0905', 262_144),
  openModel('openai/gpt-oss-120b', 131_072),
  openModel('openai/gpt-oss-20b', 131_072),
  openModel('Qwen/Qwen3-235B-A22B-Instruct-2507-tput', 262_144),
  openModel('Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8', 262_144),
  openModel('zai-org/GLM-4.6'),
];
