/** https://novita.ai/models */
import type { ModelInfo } from '../../models/model-info.ts';

const open = (id: string, contextLength?: number): ModelInfo => ({
  id,
  ...(contextLength === undefined ? {} : { contextLength }),
  capabilities: { tools: true },
});

export const models: readonly ModelInfo[] = [
  open('deepseek/deepseek-v3.1', 131_072),
  open('deepseek/deepseek-r1-0528'),
  open('moonshotai/kimi-k2-0905', 262_144),
  open('openai/gpt-oss-120b', 131_072),
  open('qwen/qwen3-coder-480b-a35b-instruct', 262_144),
  open('zai-org/glm-4.6'),
  open('meta-llama/llama-3.3-70b-instruct', 131_072),
];
