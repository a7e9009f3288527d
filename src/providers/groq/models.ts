/** https://console.groq.com/docs/models */
import type { ModelInfo } from '../../models/model-info.ts';

function groq(id: string, contextLength: number, maxOutputTokens: number, more?: Partial<ModelInfo>): ModelInfo {
  return { id, contextLength, maxOutputTokens, capabilities: { tools: true }, ...more };
}

const GPT_OSS: Partial<ModelInfo> = {
  ownedBy: 'openai',
  capabilities: { tools: true, structuredOutput: true, reasoning: true },
  reasoning: { levels: ['low', 'medium', 'high'] },
};
const LLAMA_4: Partial<ModelInfo> = { ownedBy: 'meta', capabilities: { tools: true, vision: true } };

export const models: readonly ModelInfo[] = [
  groq('llama-3.3-70b-versatile', 131_072, 32_768, { ownedBy: 'meta' }),
  groq('llama-3.1-8b-instant', 131_072, 131_072, { ownedBy: 'meta' }),
  groq('openai/gpt-oss-120b', 131_072, 65_536, GPT_OSS),
  groq('openai/gpt-oss-20b', 131_072, 65_536, GPT_OSS),
  groq('meta-llama/llama-4-maverick-17b-128e-instruct', 131_072, 8192, LLAMA_4),
  groq('meta-llama/llama-4-scout-17b-16e-instruct', 131_072, 8192, LLAMA_4),
  groq('moonshotai/kimi-k2-instruct-0905', 262_144, 16_384, { ownedBy: 'moonshotai' }),
  groq('qwen/qwen3-32b', 131_072, 40_960, { ownedBy: 'alibaba' }),
];
