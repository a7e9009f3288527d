import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, ReasoningConfig } from '../../ir/index.ts';
import { collectWarnings } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { reasoningSettings } from './reasoning-settings.ts';

const budgets = { maxOutputTokens: 64_000, reasoning: { minBudget: 1024, maxBudget: 32_000 } };
const levels = { reasoning: { levels: ['low', 'high'] } };

function write(body: JsonObject, config: ReasoningConfig | undefined, more: Partial<EncodeTarget> = budgets) {
  const { warnings, warn } = collectWarnings();
  const target = { model: 'm', stream: false, quirks: {}, ...more };
  return { values: reasoningSettings.write(body, config, target, warn), paths: warnings.map(({ path }) => path) };
}

describe('read', () => {
  it.each<[JsonObject, ReasoningConfig | undefined]>([
    [{}, undefined],
    [{ thinking: null }, undefined],
    [{ output_config: { effort: 'high' } }, undefined],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'high' } }, { effort: 'none' }],
    [{ thinking: { type: 'adaptive' } }, { adaptive: true }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { adaptive: true, effort: 'max' },
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 5, display: 'omitted' } }, { budgetTokens: 5, summary: 'none' }],
  ])('%j', (members, expected) => expect(reasoningSettings.read(members)).toEqual(expected));

  it('refuses what it does not know', () => {
    expect(() => reasoningSettings.read({ thinking: { type: 'later' } })).toThrow('thinking.type');
    expect(() => reasoningSettings.read({ thinking: { type: 'adaptive' }, output_config: 1 })).toThrow(
      /^output_config: must be an object/,
    );
  });
});

describe('what Claude would refuse as it is', () => {
  const enabled = (budget?: JsonValue): JsonObject => ({ thinking: { type: 'enabled', budget_tokens: budget } });
  const adaptive = { thinking: { type: 'adaptive' } };
  it.each<[JsonObject, boolean]>([
    [enabled(), true],
    [enabled(-1), true],
    [enabled(0), true],
    [enabled(1), false],
    [enabled('x'), false],
    [{ ...enabled('11'), max_tokens: 10 }, false],
    [{ ...enabled(11), max_tokens: '10' }, false],
    [{ ...enabled(9), max_tokens: 10 }, false],
    [{ ...enabled(10), max_tokens: 10 }, true],
    [{ ...enabled(11), max_tokens: 'x' }, false],
    [{ thinking: 1, tool_choice: { type: 'any' } }, false],
    [{ ...adaptive, max_tokens: 1 }, false],
    [{ ...adaptive, tool_choice: { type: 'any' } }, true],
    [{ ...adaptive, tool_choice: { type: 'tool', name: 't' } }, true],
    [{ ...adaptive, tool_choice: { type: 'auto' } }, false],
    [{ ...adaptive, tool_choice: 'any' }, false],
    [{ thinking: { type: 'disabled' }, tool_choice: { type: 'any' } }, false],
  ])('%j: %s', (members, expected) => expect(reasoningSettings.mustWrite?.(members)).toBe(expected));
});

describe('write', () => {
  const asked = { model: 'm', max_tokens: 9000, messages: [] };

  it('a budget', () => {
    expect(write({ ...asked, output_config: { effort: 'low', format: 1 } }, { budgetTokens: 2000 })).toEqual({
      values: { thinking: { type: 'enabled', budget_tokens: 2000 }, output_config: { format: 1 } },
      paths: [],
    });
  });

  it('a level', () => {
    expect(write(asked, { effort: 'high' }, levels)).toEqual({
      values: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      paths: [],
    });
  });

  it('off, and nothing at all', () => {
    const body = { ...asked, output_config: { effort: 'low' }, temperature: 0.5 };
    expect(write(body, { effort: 'none' }).values).toEqual({
      thinking: { type: 'disabled' },
      output_config: undefined,
    });
    expect(write(body, undefined).values).toEqual({ thinking: undefined, output_config: undefined });
  });

  it('raises an output limit that leaves no room, and says so', () => {
    expect(write({ ...asked, max_tokens: 1500 }, { budgetTokens: 2000 })).toEqual({
      values: { thinking: { type: 'enabled', budget_tokens: 2000 }, output_config: undefined, max_tokens: 3500 },
      paths: ['sampling.maxOutputTokens'],
    });
  });

  it('leaves thinking off beside a forced tool', () => {
    const body = { ...asked, tool_choice: { type: 'any' }, thinking: { type: 'adaptive' } };
    expect(write(body, { adaptive: true }, levels)).toEqual({
      values: { thinking: undefined, output_config: undefined },
      paths: ['reasoning'],
    });
  });

  it.each<[JsonObject, JsonObject, string[]]>([
    [{ temperature: 1, top_p: 0.95 }, { temperature: undefined }, []],
    [{ temperature: 0.5 }, { temperature: undefined }, ['sampling.temperature']],
    [{ temperature: 1 }, {}, []],
    [{ top_p: 0.9 }, { top_p: undefined }, ['sampling.topP']],
    [{ top_p: 0.99 }, {}, []],
    [{ top_k: 5 }, { top_k: undefined }, ['sampling.topK']],
  ])('while thinking, sampling %j', (sampling, removed, warned) => {
    const { values, paths } = write({ ...asked, ...sampling }, { effort: 'high' }, levels);
    expect(values).toStrictEqual({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' }, ...removed });
    expect(paths).toEqual(warned);
  });

  it('does not begin to think amid a tool loop', () => {
    const call = { type: 'tool_use', id: 'a', name: 't', input: {} };
    const loop = (content: JsonValue): JsonObject => ({ ...asked, messages: [1, { role: 'assistant', content }] });
    expect(write(loop([call]), { budgetTokens: 2000 }).paths).toEqual(['reasoning']);
    expect(write(loop([{ type: 'thinking' }, call]), { budgetTokens: 2000 }).paths).toEqual([]);
    expect(write(loop('text'), { budgetTokens: 2000 }).paths).toEqual([]);
    expect(write(loop([1, call, 'x']), { budgetTokens: 2000 }).paths).toEqual(['reasoning']);
    expect(write(loop([null, { type: 'thinking' }, call]), { budgetTokens: 2000 }).paths).toEqual([]);
    const broken = { ...asked, messages: [{ role: 'assistant', content: [call] }, null] };
    expect(write(broken, { budgetTokens: 2000 }).paths).toEqual(['reasoning']);
    expect(write({ ...asked, messages: 'x' }, { budgetTokens: 2000 }).paths).toEqual([]);
  });

  it('needs the output limit', () => {
    expect(() => write({ model: 'm' }, { budgetTokens: 2000 })).toThrow('max_tokens: is required');
    expect(() => write({ max_tokens: 'x' }, { budgetTokens: 2000 })).toThrow(/^max_tokens: must be a number/);
    expect(() => write({ ...asked, top_k: 'x' }, { budgetTokens: 2000 })).toThrow(/^top_k: must be a number/);
  });

  it('says that the output limit was raised', () => {
    const { warnings, warn } = collectWarnings();
    const target = { model: 'm', stream: false, quirks: {}, ...budgets };
    const values = reasoningSettings.write({ max_tokens: 1000 }, { budgetTokens: 2000 }, target, warn);
    expect(values).toMatchObject({ max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 2000 } });
    expect(warnings).toEqual([
      {
        path: 'sampling.maxOutputTokens',
        reason: 'raised to 3000, so that thinking leaves room for the answer',
      },
    ]);
  });
});
