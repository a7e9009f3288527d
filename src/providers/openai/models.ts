/** https://platform.openai.com/docs/models */
import type { ModelInfo } from '../../models/model-info.ts';

interface Limits {
  readonly contextLength?: number;
  readonly maxOutputTokens?: number;
}

const GPT_5: Limits = { contextLength: 400_000, maxOutputTokens: 128_000 };
const GPT_4_1: Limits = { contextLength: 1_047_576, maxOutputTokens: 32_768 };
const GPT_4O: Limits = { contextLength: 128_000, maxOutputTokens: 16_384 };
const O_SERIES: Limits = { contextLength: 200_000, maxOutputTokens: 100_000 };
const XHIGH = ['none', 'low', 'medium', 'high', 'xhigh'];
const CODEX = ['low', 'medium', 'high'];
const CODEX_XHIGH = ['low', 'medium', 'high', 'xhigh'];

/** Not reasoning is their default, and what the others cannot do: only then do they take sampling settings. */
const BESIDE_NONE = /^gpt-5\.[124](-mini|-nano)?$/;

const chat = (id: string, limits: Limits): ModelInfo => ({
  id,
  ownedBy: 'openai',
  ...limits,
  capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: false },
});

/** Served on both endpoints; Responses carries the reasoning between turns, so it is the better one to translate to. */
const reasoning = (id: string, limits: Limits, levels: readonly string[]): ModelInfo => ({
  id,
  ownedBy: 'openai',
  ...limits,
  capabilities: {
    tools: true,
    vision: true,
    structuredOutput: true,
    reasoning: true,
    sampling: BESIDE_NONE.test(id) ? 'without-reasoning' : false,
  },
  reasoning: { levels },
  dialects: ['openai-responses', 'openai-chat'],
});

/** Chat Completions answers 404 for these. */
const responsesOnly = (id: string, limits: Limits, levels: readonly string[]): ModelInfo => ({
  ...reasoning(id, limits, levels),
  dialects: ['openai-responses'],
});

export const models: readonly ModelInfo[] = [
  reasoning('gpt-5.5', { maxOutputTokens: 128_000 }, XHIGH),
  reasoning('gpt-5.4', { contextLength: 1_050_000, maxOutputTokens: 128_000 }, XHIGH),
  reasoning('gpt-5.4-mini', GPT_5, XHIGH),
  reasoning('gpt-5.4-nano', GPT_5, XHIGH),
  responsesOnly('gpt-5.3-codex', GPT_5, CODEX_XHIGH),
  reasoning('gpt-5.2', GPT_5, XHIGH),
  responsesOnly('gpt-5.2-codex', GPT_5, CODEX_XHIGH),
  responsesOnly('gpt-5.2-pro', GPT_5, ['medium', 'high', 'xhigh']),
  reasoning('gpt-5.1', GPT_5, ['none', 'low', 'medium', 'high']),
  responsesOnly('gpt-5.1-codex', GPT_5, CODEX),
  responsesOnly('gpt-5.1-codex-max', GPT_5, CODEX_XHIGH),
  responsesOnly('gpt-5.1-codex-mini', GPT_5, CODEX),
  reasoning('gpt-5', GPT_5, ['minimal', 'low', 'medium', 'high']),
  reasoning('gpt-5-mini', GPT_5, ['minimal', 'low', 'medium', 'high']),
  reasoning('gpt-5-nano', GPT_5, ['minimal', 'low', 'medium', 'high']),
  responsesOnly('gpt-5-codex', GPT_5, CODEX),
  responsesOnly('gpt-5-pro', { contextLength: 400_000, maxOutputTokens: 272_000 }, ['high']),
  responsesOnly('codex-mini-latest', O_SERIES, CODEX),
  chat('gpt-4.1', GPT_4_1),
  chat('gpt-4.1-mini', GPT_4_1),
  chat('gpt-4.1-nano', GPT_4_1),
  chat('gpt-4o', GPT_4O),
  chat('gpt-4o-mini', GPT_4O),
  reasoning('o4-mini', O_SERIES, CODEX),
  reasoning('o3', O_SERIES, CODEX),
  responsesOnly('o3-pro', O_SERIES, CODEX),
  reasoning('o3-mini', O_SERIES, CODEX),
  reasoning('o1', O_SERIES, CODEX),
  responsesOnly('o1-pro', O_SERIES, CODEX),
];
