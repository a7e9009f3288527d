import { expect, it } from 'vitest';
import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import { reasoningSettings } from './reasoning-settings.ts';

it.each<[JsonObject, ReasoningConfig | undefined]>([
  [{}, undefined],
  [{ reasoning: { effort: 'high', summary: 'detailed' } }, { effort: 'high', summary: 'detailed' }],
  [{ reasoning: { effort: 'ultra' } }, { unknownEffort: 'ultra' }],
  [{ reasoning: { generate_summary: 'concise' } }, { summary: 'concise' }],
])('reads %j', (members, expected) => expect(reasoningSettings.read(members)).toStrictEqual(expected));

it.each<[JsonObject, ReasoningConfig | undefined, JsonObject | undefined]>([
  [{}, { effort: 'high' }, { effort: 'high' }],
  [{ reasoning: null }, { effort: 'none' }, { effort: 'none' }],
  [
    { reasoning: { effort: 'max', summary: 'auto', later: 1 } },
    { effort: 'low' },
    { summary: 'auto', later: 1, effort: 'low' },
  ],
  [{}, { budgetTokens: 5000 }, { effort: 'medium' }],
  [{ reasoning: { effort: 'max' } }, { budgetTokens: -1 }, undefined],
  [{ reasoning: { effort: 'max', summary: 'auto' } }, { budgetTokens: -1 }, { summary: 'auto' }],
  [{ reasoning: { effort: 'max', summary: 'auto' } }, undefined, undefined],
])('writes %j with %j', (body, config, reasoning) => {
  const target = { model: 'm', stream: false, quirks: {} };
  expect(reasoningSettings.write(body, config, target, () => {})).toStrictEqual({ reasoning });
});
