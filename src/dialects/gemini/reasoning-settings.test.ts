import { describe, expect, it } from 'vitest';
import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import { collectWarnings } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { reasoningSettings } from './reasoning-settings.ts';

const hybrid = { levels: ['low', 'high'], minBudget: 128, maxBudget: 1000, dynamicAllowed: true };

function write(body: JsonObject, config: ReasoningConfig | undefined, reasoning: EncodeTarget['reasoning'] = hybrid) {
  const { warn } = collectWarnings();
  const target = { model: 'm', stream: false, quirks: {}, ...(reasoning && { reasoning }) };
  return reasoningSettings.write(body, config, target, warn);
}

describe('read', () => {
  it.each<[JsonObject, ReasoningConfig | undefined]>([
    [{}, undefined],
    [{ generationConfig: { topK: 1 } }, undefined],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' } } }, { effort: 'high', summary: 'none' }],
    [{ generation_config: { thinking_config: { thinking_budget: 5 } } }, { budgetTokens: 5, summary: 'none' }],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: 'auto', includeThoughts: true } } },
      { budgetTokens: -1, summary: 'auto' },
    ],
  ])('%j', (members, expected) => expect(reasoningSettings.read(members)).toEqual(expected));
});

it.each([
  ['AUTO', true],
  ['auto', true],
  ['low', false],
  [undefined, false],
])('level %s has to be written anew: %s', (thinkingLevel, expected) => {
  expect(reasoningSettings.mustWrite?.({ generationConfig: { thinkingConfig: { thinkingLevel } } })).toBe(expected);
  expect(reasoningSettings.mustWrite?.({})).toBe(false);
});

describe('write', () => {
  it.each<[JsonObject, ReasoningConfig | undefined, JsonObject]>([
    [{}, { effort: 'high' }, { generationConfig: { thinkingConfig: { thinkingLevel: 'high' } } }],
    [{}, { budgetTokens: 500 }, { generationConfig: { thinkingConfig: { thinkingBudget: 500 } } }],
    [{}, { adaptive: true }, { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } }],
    [{}, undefined, { generationConfig: undefined }],
    [
      { generationConfig: { topK: 1, thinkingConfig: { thinkingBudget: 5 } } },
      undefined,
      { generationConfig: { topK: 1 } },
    ],
    [
      { generation_config: { top_k: 1, thinking_config: { thinking_budget: 5, later: 2, include_thoughts: true } } },
      { effort: 'low', summary: 'auto' },
      { generation_config: { topK: 1, thinkingConfig: { later: 2, thinkingLevel: 'low', includeThoughts: true } } },
    ],
    [
      { generationConfig: { thinkingConfig: { includeThoughts: false } } },
      { effort: 'low', summary: 'none' },
      { generationConfig: { thinkingConfig: { thinkingLevel: 'low', includeThoughts: false } } },
    ],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: 'high', includeThoughts: null } } },
      { effort: 'low' },
      { generationConfig: { thinkingConfig: { thinkingLevel: 'low' } } },
    ],
  ])('%j with %j', (body, config, expected) => expect(write(body, config)).toStrictEqual(expected));

  it('shows no thoughts of a model that is told not to think', () => {
    const body = { generationConfig: { thinkingConfig: { includeThoughts: true } } };
    expect(write(body, { effort: 'none' }, { minBudget: 0, maxBudget: 9 })).toStrictEqual({
      generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
    });
  });
});
