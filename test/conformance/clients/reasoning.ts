/** How each client dialect says how much to reason. */

import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import type { Ask } from '../model.ts';

const BUDGET = { low: 1024, medium: 8192, high: 24_576 };

/** The members of a body; for Gemini, its `thinkingConfig`. Undefined: the client says nothing. */
export const reasoningOf: Readonly<Record<UpstreamDialect, (ask: Ask) => Wire>> = {
  'openai-chat': ({ effort, reasoning: { level, budget, hidden } = {} }) => ({
    reasoning_effort: effort ?? level,
    reasoning: budget && { max_tokens: budget },
    include_reasoning: hidden ? false : undefined,
  }),
  'openai-responses': ({ effort, reasoning: { level = effort, hidden } = {} }) => ({
    reasoning: level && { effort: level, summary: hidden ? 'none' : 'auto' },
  }),
  'anthropic-messages': ({ effort, reasoning: { level, budget, hidden } = {} }) => {
    const tokens = budget ?? (effort && BUDGET[effort]);
    const display = hidden ? { display: 'omitted' } : {};
    if (tokens !== undefined) return { thinking: { type: 'enabled', budget_tokens: tokens, ...display } };
    if (level === undefined) return {};
    if (level === 'none') return { thinking: { type: 'disabled' } };
    if (level === 'auto') return { thinking: { type: 'adaptive', ...display } };
    return { thinking: { type: 'adaptive', ...display }, output_config: { effort: level } };
  },
  gemini: ({ effort, reasoning: { level, budget, hidden } = {} }) => {
    const tokens = budget ?? (effort && BUDGET[effort]) ?? (level === 'none' ? 0 : level === 'auto' ? -1 : undefined);
    if (tokens !== undefined) return { thinkingBudget: tokens, includeThoughts: tokens === 0 ? undefined : !hidden };
    return level && { thinkingLevel: level, includeThoughts: !hidden };
  },
};
