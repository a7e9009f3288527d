/** https://developers.openai.com/codex/models */
import type { ModelInfo } from '../../models/model-info.ts';

const codex = (id: string, contextLength: number, levels: readonly string[]): ModelInfo => ({
  id,
  ownedBy: 'openai',
  contextLength,
  maxOutputTokens: 128_000,
  capabilities: { tools: true, structuredOutput: true, reasoning: true, sampling: false },
  reasoning: { levels },
});

const XHIGH = ['low', 'medium', 'high', 'xhigh'];
const MAX = [...XHIGH, 'max'];

export const models: readonly ModelInfo[] = [
  codex('gpt-5.6-sol', 372_000, MAX),
  codex('gpt-5.6-terra', 372_000, MAX),
  codex('gpt-5.6-luna', 372_000, MAX),
  codex('gpt-5.5', 272_000, XHIGH),
  codex('codex-auto-review', 272_000, XHIGH),
  codex('gpt-5.4', 1_050_000, XHIGH),
  codex('gpt-5.4-mini', 400_000, XHIGH),
  codex('gpt-5.3-codex', 400_000, XHIGH),
  codex('gpt-5.3-codex-spark', 128_000, XHIGH),
];
