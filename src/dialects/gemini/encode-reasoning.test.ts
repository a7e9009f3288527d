import { expect, it } from 'vitest';
import { collectWarnings, type ReasoningConfig } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeThinking } from './encode-reasoning.ts';

function encode(reasoning: ReasoningConfig | undefined, support: EncodeTarget['reasoning']) {
  const { warnings, warn } = collectWarnings();
  const target = { model: 'm', stream: false, quirks: {}, ...(support && { reasoning: support }) };
  return { config: encodeThinking(reasoning, target, warn), warnings };
}

const levels = ['low', 'high'];

it.each<[ReasoningConfig | undefined, EncodeTarget['reasoning'], object | undefined]>([
  [undefined, { levels }, undefined],
  [{}, undefined, { includeThoughts: true }],
  [{}, { levels }, { includeThoughts: true }],
  [{ summary: 'none' }, undefined, { includeThoughts: false }],
  [{ effort: 'high' }, { levels: [] }, { thinkingBudget: 24_576, includeThoughts: true }],
  [{ effort: 'high' }, { levels: ['unheard-of'] }, { includeThoughts: true }],
  [
    { effort: 'high', budgetTokens: 5 },
    { levels, maxBudget: 9 },
    { thinkingLevel: 'high', includeThoughts: true },
  ],
  [{ effort: 'high', budgetTokens: 5 }, { maxBudget: 9 }, { thinkingBudget: 5, includeThoughts: true }],
  [{ budgetTokens: 5 }, { levels, maxBudget: 9 }, { thinkingBudget: 5, includeThoughts: true }],
  [{ budgetTokens: 50 }, { levels, maxBudget: 9 }, { thinkingBudget: 9, includeThoughts: true }],
  [{ budgetTokens: 5 }, { minBudget: 7, maxBudget: 9 }, { thinkingBudget: 7, includeThoughts: true }],
  [{ budgetTokens: -1 }, { minBudget: 7, maxBudget: 9 }, { thinkingBudget: -1, includeThoughts: true }],
  [{ budgetTokens: -9 }, undefined, { thinkingBudget: -1, includeThoughts: true }],
  [{ budgetTokens: -1 }, { levels }, { includeThoughts: true }],
  [{ adaptive: true }, { levels }, { includeThoughts: true }],
  [{ adaptive: false }, undefined, { includeThoughts: true }],
  [{ budgetTokens: 0 }, undefined, { thinkingBudget: 0 }],
  [{ effort: 'low', budgetTokens: 0 }, { levels }, { thinkingLevel: 'low', includeThoughts: true }],
  [{ effort: 'none', summary: 'auto' }, { levels: ['none', 'low'] }, { thinkingBudget: 0 }],
  [{ effort: 'none' }, { minBudget: 0 }, { thinkingBudget: 0 }],
])('%j for a model with %j', (reasoning, support, expected) => {
  expect(encode(reasoning, support)).toStrictEqual({ config: expected, warnings: [] });
});

it.each<[ReasoningConfig, EncodeTarget['reasoning'], object]>([
  [{ effort: 'none' }, { levels }, { thinkingLevel: 'low', includeThoughts: false }],
  [{ budgetTokens: 0, summary: 'auto' }, { minBudget: 128 }, { thinkingBudget: 128, includeThoughts: false }],
])('%j cannot be had of a model with %j', (reasoning, support, expected) => {
  expect(encode(reasoning, support)).toStrictEqual({
    config: expected,
    warnings: [{ path: 'reasoning', reason: 'this model cannot stop thinking; it is told to think least' }],
  });
});
