import { expect, it } from 'vitest';
import type { ModelInfo } from './model-info.ts';
import { readModelInfo } from './read-model-info.ts';

const whole: Required<ModelInfo> = {
  id: 'one',
  displayName: 'One',
  createdAtS: 1,
  ownedBy: 'acme',
  contextLength: 2,
  maxOutputTokens: 3,
  capabilities: {
    tools: true,
    vision: false,
    audio: true,
    documents: false,
    streaming: true,
    structuredOutput: true,
    reasoning: true,
    sampling: 'without-reasoning',
  },
  reasoning: { levels: ['low'], minBudget: 0, maxBudget: 9, zeroAllowed: true, dynamicAllowed: false },
  unsignedReasoning: true,
  dialects: ['gemini'],
};

it('reads what was written, whole or in part', () => {
  expect(readModelInfo(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  expect(readModelInfo({ id: 'one' })).toEqual({ id: 'one' });
  expect(readModelInfo({ id: 'one', capabilities: { sampling: false } })).toEqual({
    id: 'one',
    capabilities: { sampling: false },
  });
});

it('leaves out what is not as it should be', () => {
  const odd = {
    id: 'one',
    displayName: 1,
    contextLength: '2',
    maxOutputTokens: -1,
    capabilities: { tools: 'yes', sampling: 'often' },
    reasoning: { levels: ['low', 1], maxBudget: null },
    dialects: 'gemini',
    extra: true,
  };
  expect(readModelInfo(odd)).toEqual({ id: 'one', capabilities: {}, reasoning: { levels: ['low'] } });
  for (const nothing of [undefined, null, 'one', [], {}, { id: '' }, { id: 1 }])
    expect(readModelInfo(nothing)).toBeUndefined();
  expect(readModelInfo({ id: 'one', capabilities: [], reasoning: 'high' })).toEqual({ id: 'one' });
});
