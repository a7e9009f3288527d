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

const FREE = ['gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'codex-auto-review', 'gpt-5.4-mini'];
const TEAM = ['gpt-5.6-sol', ...FREE, 'gpt-5.4'];
const PLUS = [...TEAM, 'gpt-5.3-codex-spark'];
/** Of the newest ones, a Pro plan has the long context. */
const PRO_CONTEXT = 921_000;

/** What a ChatGPT plan includes; of a plan that nobody knows, everything. */
export function planModels(plan: string | undefined): readonly ModelInfo[] {
  const name = plan?.trim().toLowerCase() ?? '';
  if (name === 'free') return only(FREE);
  if (['team', 'business', 'go'].includes(name)) return only(TEAM);
  if (name === 'plus') return only(PLUS);
  return only(PLUS).map((model) =>
    model.id.startsWith('gpt-5.6-') ? { ...model, contextLength: PRO_CONTEXT } : model,
  );
}

function only(ids: readonly string[]): readonly ModelInfo[] {
  return models.filter(({ id }) => ids.includes(id));
}
