/** https://novita.ai/models */
import type { ModelInfo } from '../../models/model-info.ts';
import { openModel } from '../provider.ts';

export const models: readonly ModelInfo[] = [
  openModel('deepseek/deepseek-v3.1', 131_072),
  openModel('deepseek/deepseek-r1-0528'),
  openModel('moonshotai/kimi-k2-0905', 262_144),
  openModel('openai/gpt-oss-120b', 131_072),
  openModel('qwen/qwen3-coder-480b-a35b-instruct', 262_144),
  openModel('zai-org/glm-4.6'),
  openModel('meta-llama/llama-3.3-70b-instruct', 131_072),
];
