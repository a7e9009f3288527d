/** https://fireworks.ai/models */
import type { ModelInfo } from '../../models/model-info.ts';

const open = (name: string, contextLength?: number): ModelInfo => ({
  id: `accounts/fireworks/models/${name}`,
  displayName: name,
  ...(contextLength === undefined ? {} : { contextLength }),
  capabilities: { tools: true },
});

export const models: readonly ModelInfo[] = [
  open('deepseek-v3p1'),
  open('deepseek-r1-0528'),
  open('glm-4p6'),
  open('gpt-oss-120b', 131_072),
  open('gpt-oss-20b', 131_072),
  open('kimi-k2-instruct-0905', 262_144),
  open('llama-v3p3-70b-instruct', 131_072),
  open('qwen3-235b-a22b'),
  open('qwen3-coder-480b-a35b-instruct', 262_144),
];
