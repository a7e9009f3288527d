/** A start only: the service lists what an account's plan has. https://docs.github.com/copilot/reference/ai-models/supported-models */
import type { ModelInfo } from '../../models/model-info.ts';

type Dialects = NonNullable<ModelInfo['dialects']>;

const CHAT: Dialects = ['openai-chat'];
const RESPONSES: Dialects = ['openai-responses'];
const BOTH: Dialects = ['openai-chat', 'openai-responses'];
const CLAUDE: Dialects = ['anthropic-messages', 'openai-chat'];

function model(id: string, dialects: Dialects, contextLength: number, maxOutputTokens: number): ModelInfo {
  return { id, contextLength, maxOutputTokens, capabilities: { tools: true, vision: true }, dialects };
}

export const models: readonly ModelInfo[] = [
  ...['gpt-5.1-codex', 'gpt-5.1-codex-mini', 'gpt-5.1-codex-max', 'gpt-5.2-codex', 'gpt-5.3-codex', 'gpt-5.4'].map(
    (id) => model(id, RESPONSES, 400_000, 128_000),
  ),
  ...['gpt-5-mini', 'gpt-5.1', 'gpt-5.2'].map((id) => model(id, BOTH, 264_000, 64_000)),
  model('claude-opus-4.6', CLAUDE, 200_000, 64_000),
  ...['claude-sonnet-4.6', 'claude-opus-4.5', 'claude-sonnet-4.5', 'claude-haiku-4.5'].map((id) =>
    model(id, CLAUDE, 200_000, 32_000),
  ),
  model('claude-sonnet-4', CLAUDE, 216_000, 16_000),
  ...['gemini-3.1-pro-preview', 'gemini-3-pro-preview', 'gemini-3-flash-preview', 'gemini-2.5-pro'].map((id) =>
    model(id, CHAT, 128_000, 64_000),
  ),
  { id: 'grok-code-fast-1', capabilities: { tools: true }, dialects: CHAT },
  { id: 'gpt-4.1', capabilities: { tools: true, vision: true }, dialects: CHAT },
  { id: 'gpt-4o', capabilities: { tools: true, vision: true }, dialects: CHAT },
];
