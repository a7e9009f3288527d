/** A start only: any of https://openrouter.ai/models passes, its makers' prefixes are in the manifest. */
import type { ModelInfo } from '../../models/model-info.ts';

const routed = (id: string, more?: Partial<ModelInfo>): ModelInfo => ({ id, capabilities: { tools: true }, ...more });

export const models: readonly ModelInfo[] = [
  { id: 'openrouter/auto', displayName: 'Auto Router' },
  routed('anthropic/claude-opus-4.5'),
  routed('anthropic/claude-sonnet-4.5'),
  routed('anthropic/claude-haiku-4.5'),
  routed('openai/gpt-5.1'),
  routed('openai/gpt-5-mini'),
  routed('openai/gpt-oss-120b', { contextLength: 131_072 }),
  routed('google/gemini-2.5-pro', { contextLength: 1_048_576, maxOutputTokens: 65_536 }),
  routed('google/gemini-2.5-flash', { contextLength: 1_048_576 }),
  routed('deepseek/deepseek-chat-v3.1'),
  routed('meta-llama/llama-3.3-70b-instruct', { contextLength: 131_072 }),
  routed('mistralai/mistral-medium-3.1', { contextLength: 131_072 }),
  routed('moonshotai/kimi-k2-0905', { contextLength: 262_144 }),
  routed('qwen/qwen3-coder', { contextLength: 262_144 }),
  routed('x-ai/grok-4', { contextLength: 256_000 }),
  routed('z-ai/glm-4.6'),
];
