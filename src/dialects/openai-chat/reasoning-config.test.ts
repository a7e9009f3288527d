import { describe, expect, it } from 'vitest';
import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import { collectWarnings } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { reasoningSettings } from './encode-reasoning-config.ts';

function write(body: JsonObject, config: ReasoningConfig | undefined, more: Partial<EncodeTarget> = {}) {
  const { warnings, warn } = collectWarnings();
  const values = reasoningSettings.write(body, config, { model: 'm', stream: false, quirks: {}, ...more }, warn);
  return [values, warnings.length];
}

const google = (thinking_config: JsonObject): JsonObject => ({ extra_body: { google: { thinking_config } } });

describe('read', () => {
  it.each<[JsonObject, ReasoningConfig | undefined]>([
    [{}, undefined],
    [{ reasoning_effort: 'high' }, { effort: 'high', summary: 'auto' }],
    [google({ thinking_level: 'HIGH' }), { effort: 'high', summary: 'auto' }],
    [google({ thinking_budget: 512 }), { budgetTokens: 512, summary: 'auto' }],
    [google({ thinking_budget: 512, include_thoughts: false }), { budgetTokens: 512, summary: 'none' }],
    [
      { reasoning_effort: 'low', ...google({ thinking_level: 'high' }) },
      { effort: 'low', summary: 'auto' },
    ],
    [{ reasoning_effort: 'none' }, { effort: 'none' }],
    [{ reasoning_effort: 'auto' }, { adaptive: true, summary: 'auto' }],
    [{ reasoning_effort: 'ultra' }, { unknownEffort: 'ultra' }],
    [{ reasoning_effort: '' }, undefined],
    [{ reasoning: { enabled: false }, reasoning_effort: 'ultra' }, { effort: 'none' }],
    [
      { reasoning_effort: 'low', include_reasoning: false },
      { effort: 'low', summary: 'none' },
    ],
    [
      { reasoning: { effort: 'low' }, reasoning_effort: 'high' },
      { effort: 'low', summary: 'auto' },
    ],
    [{ reasoning: { max_tokens: 2000, exclude: true } }, { budgetTokens: 2000, summary: 'none' }],
    [{ reasoning: { max_tokens: 0 } }, { budgetTokens: 0 }],
    [{ reasoning: { enabled: false, effort: 'low' } }, { effort: 'none' }],
    [{ reasoning: { enabled: true } }, { adaptive: true, summary: 'auto' }],
    [{ reasoning: { enabled: true, effort: 'low' } }, { effort: 'low', summary: 'auto' }],
    [{ include_reasoning: true }, { summary: 'auto' }],
    [{ include_reasoning: false }, { summary: 'none' }],
    [{ reasoning: { exclude: false } }, { summary: 'auto' }],
    [{ reasoning: {} }, undefined],
    [
      { reasoning_effort: 'none', include_reasoning: true },
      { effort: 'none', summary: 'auto' },
    ],
    [google({ include_thoughts: true }), { summary: 'auto' }],
    [google({ include_thoughts: false }), { summary: 'none' }],
    [google({ thinking_budget: 100 }), { budgetTokens: 100, summary: 'auto' }],
    [{ extra_body: { google: {} } }, undefined],
  ])('%j', (members, expected) => expect(reasoningSettings.read(members)).toStrictEqual(expected));
});

describe('write', () => {
  const levels = { reasoning: { levels: ['low', 'high'] } };
  it.each<[JsonObject, ReasoningConfig | undefined, Partial<EncodeTarget>, JsonObject, number]>([
    [{}, { effort: 'high' }, levels, { reasoning_effort: 'high' }, 0],
    [{ reasoning_effort: 'low' }, undefined, levels, { reasoning_effort: undefined }, 0],
    [{}, { budgetTokens: 5000 }, {}, { reasoning_effort: 'medium' }, 0],
    [{}, { effort: 'none' }, levels, { reasoning_effort: 'low' }, 1],
    [{}, { effort: 'none' }, { reasoning: { levels: ['low'], zeroAllowed: true } }, { reasoning_effort: 'none' }, 0],
    [{}, { effort: 'medium' }, { reasoning: { levels: ['low'], zeroAllowed: true } }, { reasoning_effort: 'low' }, 1],
  ])('%j with %j', (body, config, target, expected, warned) => {
    expect(write(body, config, target)).toStrictEqual([expected, warned]);
  });

  it.each<[JsonObject, ReasoningConfig | undefined, JsonObject | undefined]>([
    [
      { effort: 'low', exclude: true },
      { effort: 'low', summary: 'none' },
      { effort: 'low', exclude: true },
    ],
    [{ enabled: false }, { effort: 'none' }, { enabled: false }],
    [{ enabled: true, exclude: true }, { effort: 'high' }, { exclude: true, effort: 'high' }],
    [{ max_tokens: 900 }, { budgetTokens: 1024 }, { max_tokens: 1024 }],
    [{ max_tokens: 900 }, { budgetTokens: 1024, effort: 'low' }, { effort: 'low' }],
    [{ max_tokens: 0 }, { effort: 'none' }, { effort: 'none' }],
    [{ effort: 'low' }, { budgetTokens: -1 }, undefined],
    [{ effort: 'low', exclude: true }, undefined, { exclude: true }],
  ])("OpenRouter's object %j with %j", (reasoning, config, expected) => {
    const [values] = write({ reasoning, reasoning_effort: 'high' }, config);
    expect(values).toStrictEqual({ reasoning_effort: undefined, reasoning: expected });
  });

  it.each<[ReasoningConfig | undefined, JsonObject]>([
    [undefined, { reasoning_effort: undefined }],
    [{ effort: 'high' }, { reasoning_effort: 'high' }],
    [{ effort: 'high', summary: 'auto' }, { reasoning_effort: 'high' }],
    [{ effort: 'none', summary: 'none' }, { reasoning_effort: 'none' }],
    [{ budgetTokens: -1 }, { reasoning_effort: undefined }],
    [{ effort: 'high', budgetTokens: 900, summary: 'none' }, { reasoning: { effort: 'high', exclude: true } }],
    [{ summary: 'none' }, { reasoning: { exclude: true } }],
    [{ budgetTokens: 900 }, { reasoning: { max_tokens: 900 } }],
    [{ budgetTokens: 900, summary: 'none' }, { reasoning: { max_tokens: 900, exclude: true } }],
  ])("a server that takes OpenRouter's object gets %j as %j", (config, expected) => {
    const [values] = write({}, config, { quirks: { reasoningObject: true } });
    expect(values).toStrictEqual({ reasoning_effort: undefined, ...expected });
  });

  it.each<[ReasoningConfig | undefined, JsonObject]>([
    [undefined, {}],
    [{ summary: 'auto' }, {}],
    [{ effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ effort: 'high' }, { thinking: { type: 'enabled', effort: 'high' } }],
    [{ budgetTokens: 600 }, { thinking: { type: 'enabled', effort: 'low' } }],
    [{ adaptive: true }, { thinking: { type: 'enabled' } }],
    [{ budgetTokens: -1 }, { thinking: { type: 'enabled' } }],
  ])('a server that takes `thinking` instead gets %j as %j', (config, expected) => {
    const [values] = write({ reasoning_effort: 'low' }, config, { quirks: { thinkingObject: true } });
    expect(values).toStrictEqual({ reasoning_effort: undefined, ...expected });
  });
});
