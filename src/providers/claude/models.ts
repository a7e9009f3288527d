/** https://docs.claude.com/en/docs/about-claude/models/overview */
import type { ModelInfo, ReasoningSupport } from '../../models/model-info.ts';

const BUDGET: ReasoningSupport = { minBudget: 1024, maxBudget: 128_000, zeroAllowed: true };
/** Adaptive thinking leaves the decision to the model; it came with the levels. */
const HYBRID: ReasoningSupport = { ...BUDGET, dynamicAllowed: true };
const LEVELS = ['low', 'medium', 'high', 'max'];
/** Since Opus 4.7 without a budget: the API answers 400 to one. */
const ADAPTIVE: ReasoningSupport = {
  zeroAllowed: true,
  dynamicAllowed: true,
  levels: ['low', 'medium', 'high', 'xhigh', 'max'],
};

/** These answer 400 to other values than the defaults of `temperature`, `top_p` and `top_k`. */
const SINCE_4_7 = /^claude-(opus-4-[78]|(opus|sonnet|fable)-5)$/;

/** These know no structured outputs. */
const BEFORE_4_5 = /^claude-(3|opus-4-(1-)?\d{8}|sonnet-4-\d{8})/;

/** Limits in thousands of tokens. */
function claude(id: string, displayName: string, contextK: number, outputK: number, reasoning?: ReasoningSupport) {
  const info: ModelInfo = {
    id,
    displayName,
    ownedBy: 'anthropic',
    contextLength: contextK * 1000,
    maxOutputTokens: outputK * 1000,
    capabilities: {
      tools: true,
      vision: true,
      audio: false,
      documents: true,
      structuredOutput: !BEFORE_4_5.test(id),
      reasoning: reasoning !== undefined,
      ...(SINCE_4_7.test(id) && { sampling: false }),
    },
    ...(reasoning === undefined ? {} : { reasoning }),
  };
  return info;
}

export const models: readonly ModelInfo[] = [
  claude('claude-opus-5', 'Claude Opus 5', 1000, 128, ADAPTIVE),
  claude('claude-sonnet-5', 'Claude Sonnet 5', 1000, 128, ADAPTIVE),
  claude('claude-fable-5', 'Claude Fable 5', 1000, 128, ADAPTIVE),
  claude('claude-opus-4-8', 'Claude Opus 4.8', 1000, 128, ADAPTIVE),
  claude('claude-opus-4-7', 'Claude Opus 4.7', 1000, 128, ADAPTIVE),
  claude('claude-opus-4-6', 'Claude Opus 4.6', 1000, 128, { ...HYBRID, levels: LEVELS }),
  claude('claude-sonnet-4-6', 'Claude Sonnet 4.6', 200, 64, { ...HYBRID, levels: LEVELS }),
  claude('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', 200, 64, BUDGET),
  claude('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', 200, 64, BUDGET),
  claude('claude-opus-4-5-20251101', 'Claude Opus 4.5', 200, 64, BUDGET),
  claude('claude-opus-4-1-20250805', 'Claude Opus 4.1', 200, 32, { minBudget: 1024, maxBudget: 128_000 }),
  claude('claude-opus-4-20250514', 'Claude Opus 4', 200, 32, { minBudget: 1024, maxBudget: 128_000 }),
  claude('claude-sonnet-4-20250514', 'Claude Sonnet 4', 200, 64, { minBudget: 1024, maxBudget: 128_000 }),
  claude('claude-3-7-sonnet-20250219', 'Claude Sonnet 3.7', 200, 64, { minBudget: 1024, maxBudget: 128_000 }),
  { ...claude('claude-3-5-haiku-20241022', 'Claude Haiku 3.5', 200, 8), maxOutputTokens: 8192 },
];
