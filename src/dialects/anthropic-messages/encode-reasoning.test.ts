import { describe, expect, it } from 'vitest';
import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { endsInUnsignedToolTurn, planThinking } from './encode-reasoning.ts';

const target = { model: 'claude', stream: false, quirks: {} };
type Model = Partial<Pick<EncodeTarget, 'maxOutputTokens' | 'reasoning'>>;

function plan(config: ReasoningConfig | undefined, model: Model, maxTokens = 40_000, unsignedToolTurn = false) {
  const lost: string[] = [];
  const facts = { target: { ...target, ...model }, maxTokens, forcedTool: false, unsignedToolTurn };
  const planned = planThinking(config, facts, (path, reason) => {
    lost.push(`${path}: ${reason}`);
  });
  return { planned, lost };
}

const off = (maxTokens = 40_000) => ({ maxTokens, active: false });
const adaptive = (more: JsonObject = {}, effort?: string) => ({
  thinking: { type: 'adaptive', ...more },
  ...(effort !== undefined && { effort }),
  maxTokens: 40_000,
  active: true,
});
const enabled = (budget_tokens: number, maxTokens = 40_000, more: JsonObject = {}) => ({
  thinking: { type: 'enabled', budget_tokens, ...more },
  maxTokens,
  active: true,
});

const levels: Model = { reasoning: { levels: ['low', 'high'] } };
const budgets: Model = { reasoning: { maxBudget: 32_000 } };
const both: Model = { reasoning: { levels: ['low', 'high'], maxBudget: 32_000 } };

describe('whether and how it thinks', () => {
  it.each<[ReasoningConfig | undefined, Model, object]>([
    [undefined, both, off()],
    [{}, both, off()],
    [{ effort: 'none' }, both, { ...off(), thinking: { type: 'disabled' } }],
    [{ budgetTokens: 0 }, both, { ...off(), thinking: { type: 'disabled' } }],
    [{ effort: 'high', budgetTokens: 0 }, both, { ...off(), thinking: { type: 'disabled' } }],
    [{ adaptive: false }, both, off()],
    [{ budgetTokens: 9000 }, both, enabled(9000)],
    [{ budgetTokens: 9000, effort: 'minimal' }, both, { ...enabled(9000), effort: 'low' }],
    [{ budgetTokens: -1, effort: 'high' }, both, adaptive({}, 'high')],
    [{ budgetTokens: -1 }, both, adaptive()],
    [{ effort: 'high' }, both, adaptive({}, 'high')],
    [{ adaptive: true }, both, adaptive()],
    [{ budgetTokens: 9000 }, levels, adaptive({}, 'high')],
    [{ budgetTokens: 1000 }, levels, adaptive({}, 'low')],
    [{ adaptive: true }, levels, adaptive()],
    [{ adaptive: true }, budgets, enabled(8192)],
    [{ budgetTokens: -1 }, budgets, enabled(8192)],
    [{ budgetTokens: -1, effort: 'high' }, budgets, enabled(24_576)],
    [{ effort: 'high' }, budgets, enabled(24_576)],
    [{ budgetTokens: 2000, effort: 'high' }, budgets, enabled(2000)],
    [{ adaptive: true }, {}, adaptive()],
    [{ adaptive: true, effort: 'minimal' }, {}, adaptive({}, 'low')],
    [{ adaptive: true, effort: 'medium' }, {}, adaptive({}, 'medium')],
    [{ adaptive: true, effort: 'xhigh' }, {}, adaptive({}, 'high')],
    [{ adaptive: true, effort: 'max' }, {}, adaptive({}, 'max')],
    [{ adaptive: true, effort: 'max' }, { reasoning: { levels: [] } }, adaptive({}, 'max')],
    [{ effort: 'low' }, { reasoning: { levels: ['later'] } }, adaptive({}, 'high')],
  ])('%j of %j', (config, model, expected) => {
    expect(plan(config, model)).toStrictEqual({ planned: expected, lost: [] });
  });
});

describe('whether it is shown', () => {
  it.each<[ReasoningConfig, Model, object]>([
    [{ summary: 'none' }, levels, off()],
    [{ summary: 'auto' }, levels, adaptive({ display: 'summarized' })],
    [{ summary: 'concise' }, levels, adaptive({ display: 'summarized' })],
    [{ summary: 'detailed' }, budgets, enabled(8192)],
    [{ summary: 'auto' }, { reasoning: { minBudget: 1024 } }, off()],
    [{ summary: 'auto' }, { reasoning: { levels: [] } }, off()],
    [{ summary: 'none', adaptive: true }, levels, adaptive({ display: 'omitted' })],
    [{ summary: 'none', budgetTokens: 2000 }, budgets, enabled(2000, 40_000, { display: 'omitted' })],
    [{ summary: 'auto', budgetTokens: 2000 }, budgets, enabled(2000)],
  ])('%j of %j', (config, model, expected) => {
    expect(plan(config, model)).toStrictEqual({ planned: expected, lost: [] });
  });
});

describe('the budget within the limits', () => {
  const most = (maxOutputTokens: number, reasoning: EncodeTarget['reasoning'] = {}) => ({ maxOutputTokens, reasoning });
  it.each<[number, number, Model, ReturnType<typeof enabled>]>([
    [2000, 8192, most(64_000, { minBudget: 3000 }), enabled(3000, 8192)],
    [2000, 8192, most(64_000, { minBudget: 100 }), enabled(2000, 8192)],
    [500, 8192, most(64_000, { minBudget: 100 }), enabled(1024, 8192)],
    [1, 40_000, {}, enabled(1024)],
    [9000, 20_000, most(64_000, { maxBudget: 4000 }), enabled(4000, 20_000)],
    [8191, 8192, most(64_000), enabled(8191, 8192)],
    [8192, 8192, most(64_000), enabled(8192, 16_384)],
    [8192, 8192, most(16_384), enabled(8192, 16_384)],
    [8192, 8192, most(8192), enabled(7168, 8192)],
    [8192, 8192, most(8193), enabled(8192, 8193)],
    [30_000, 8192, {}, enabled(30_000, 32_000)],
    [40_000, 8192, {}, enabled(30_976, 32_000)],
    [8192, 2048, most(2048), enabled(1024, 2048)],
  ])('%i tokens, %i for the answer, %j', (budgetTokens, maxTokens, model, expected) => {
    const used = expected.thinking.budget_tokens;
    const lost =
      used === budgetTokens
        ? []
        : [`reasoning: ${used} tokens are used: the model and the output limit allow no other`];
    expect(plan({ budgetTokens }, model, maxTokens)).toStrictEqual({ planned: expected, lost });
  });

  it('leaves no room', () => {
    expect(plan({ budgetTokens: 8192 }, most(2047), 2047)).toStrictEqual({
      planned: off(2047),
      lost: ['reasoning: the output limit leaves no room for the smallest thinking budget'],
    });
  });

  it('amid a tool loop without thinking', () => {
    expect(plan({ budgetTokens: 8192 }, budgets, 40_000, true)).toStrictEqual({
      planned: off(),
      lost: ['reasoning: Claude cannot go on thinking after tool calls that came without its own thinking'],
    });
  });
});

describe('a tool loop without thinking', () => {
  const turn = (role: string, ...types: string[]) => ({ role, content: types.map((type) => ({ type })) });
  it.each([
    [[], false],
    [[turn('user', 'tool_use')], false],
    [[turn('assistant')], false],
    [[turn('assistant', 'text', 'tool_use')], true],
    [[turn('assistant', 'tool_use'), turn('user', 'tool_result')], true],
    [[turn('assistant', 'tool_use'), turn('user', 'tool_result'), turn('assistant', 'text')], false],
    [[turn('assistant', 'tool_use', 'text')], false],
    [[turn('assistant', 'thinking', 'tool_use')], false],
    [[turn('assistant', 'redacted_thinking', 'tool_use')], false],
    [[turn('assistant', 'text', 'thinking', 'tool_use')], true],
  ])('%j: %s', (turns, expected) => expect(endsInUnsignedToolTurn(turns)).toBe(expected));
});
