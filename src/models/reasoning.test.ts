import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import type { ReasoningConfig } from '../ir/index.ts';
import { reasoningEfforts } from '../ir/reasoning-effort.ts';
import type { ReasoningSupport } from './model-info.ts';
import { type ReasoningContext, resolveReasoning, supportOf } from './reasoning.ts';

const foreign: ReasoningContext = {
  model: 'm',
  sameFamily: false,
  fromSuffix: false,
  canAlwaysStop: false,
  clientPath: (path) => `client.${path}`,
};
const own: ReasoningContext = { ...foreign, sameFamily: true };
const suffix: ReasoningContext = { ...own, fromSuffix: true };

const levels: ReasoningSupport = { levels: ['low', 'medium', 'high'] };
const budgets: ReasoningSupport = { minBudget: 1024, maxBudget: 32_768 };
const hybrid: ReasoningSupport = { ...budgets, levels: ['low', 'high', 'max'], dynamicAllowed: true };
const flexible: ReasoningSupport = { minBudget: 0, maxBudget: 24_576, zeroAllowed: true, dynamicAllowed: true };

function resolve(config: ReasoningConfig, support: ReasoningSupport | 'none', context = foreign) {
  const { reasoning, warnings } = resolveReasoning(config, support, context);
  return [reasoning, warnings.map((warning) => warning.path)];
}

describe('what a model takes', () => {
  it.each([
    [undefined, undefined],
    [{ id: 'm' }, undefined],
    [{ id: 'm', capabilities: { reasoning: true } }, undefined],
    [{ id: 'm', capabilities: { reasoning: false } }, 'none'],
    [{ id: 'm', reasoning: levels, capabilities: { reasoning: false } }, levels],
    [{ id: 'm', reasoning: budgets }, budgets],
    [{ id: 'm', reasoning: { levels: [] } }, 'none'],
    [{ id: 'm', reasoning: {} }, undefined],
    [{ id: 'm', reasoning: { minBudget: 5 } }, undefined],
  ])('of %j is %j', (info, support) => expect(supportOf(info)).toEqual(support));
});

describe('another family: moved to the nearest', () => {
  it.each<[ReasoningConfig, ReasoningSupport | 'none', ReasoningConfig | undefined, string[]]>([
    [{ effort: 'high' }, levels, { effort: 'high' }, []],
    [{ effort: 'xhigh' }, levels, { effort: 'high' }, ['reasoning.effort']],
    [{ effort: 'minimal' }, levels, { effort: 'low' }, ['reasoning.effort']],
    [{ effort: 'medium' }, hybrid, { effort: 'low' }, ['reasoning.effort']],
    [{ effort: 'xhigh' }, hybrid, { effort: 'max' }, ['reasoning.effort']],
    [{ effort: 'medium' }, budgets, { budgetTokens: 8192 }, []],
    [{ effort: 'minimal' }, budgets, { budgetTokens: 1024 }, ['reasoning.effort']],
    [{ effort: 'max' }, budgets, { budgetTokens: 32_768 }, ['reasoning.effort']],
    [{ effort: 'max', summary: 'none' }, budgets, { budgetTokens: 32_768, summary: 'none' }, ['reasoning.effort']],
    [{ budgetTokens: 5000 }, levels, { effort: 'medium' }, []],
    [{ budgetTokens: 1_000_000 }, levels, { effort: 'high' }, ['reasoning.budgetTokens']],
    [{ budgetTokens: 5000, effort: 'high' }, levels, { effort: 'high' }, []],
    [{ budgetTokens: 5000 }, budgets, { budgetTokens: 5000 }, []],
    [{ budgetTokens: 1 }, budgets, { budgetTokens: 1024 }, ['reasoning.budgetTokens']],
    [{ budgetTokens: 1_000_000 }, hybrid, { budgetTokens: 32_768 }, ['reasoning.budgetTokens']],
    [{ budgetTokens: 5000, effort: 'high' }, hybrid, { budgetTokens: 5000, effort: 'high' }, []],
    [{ budgetTokens: 5000, effort: 'high' }, budgets, { budgetTokens: 5000 }, []],
    [{ budgetTokens: -1, effort: 'high' }, levels, { budgetTokens: -1, effort: 'high' }, []],
    [{ effort: 'low' }, { levels: ['later'] }, { effort: 'low' }, ['reasoning.effort']],
    [{ summary: 'auto' }, levels, { summary: 'auto' }, []],
    [{ effort: 'high' }, { ...budgets, levels: ['none'] }, { budgetTokens: 24_576 }, []],
    [{ effort: 'low' }, 'none', undefined, ['reasoning']],
    [{ effort: 'none' }, 'none', undefined, []],
    [{ summary: 'auto' }, 'none', undefined, []],
  ])('%j on %j', (config, support, expected, warned) => {
    expect(resolve(config, support)).toEqual([expected, warned]);
  });
});

describe('left to the model', () => {
  it.each<[ReasoningConfig, ReasoningSupport, ReasoningConfig]>([
    [{ adaptive: true }, hybrid, { adaptive: true }],
    [{ budgetTokens: -1 }, flexible, { budgetTokens: -1 }],
    [{ adaptive: true }, levels, { effort: 'medium' }],
    [{ budgetTokens: -1 }, { levels: ['low', 'high'] }, { effort: 'low' }],
    [{ budgetTokens: -1 }, budgets, { budgetTokens: 16_896 }],
    [{ adaptive: true, summary: 'auto' }, { maxBudget: 101 }, { budgetTokens: 50, summary: 'auto' }],
  ])('%j on %j', (config, support, expected) => expect(resolve(config, support, own)).toEqual([expected, []]));
});

describe('switched off', () => {
  it.each<[ReasoningConfig, ReasoningSupport, ReasoningContext, ReasoningConfig, string[]]>([
    [{ effort: 'none' }, flexible, own, { effort: 'none' }, []],
    [{ budgetTokens: 0 }, flexible, own, { budgetTokens: 0 }, []],
    [{ budgetTokens: 0 }, { levels: ['none', 'low'] }, own, { effort: 'none' }, []],
    [{ effort: 'none' }, { levels: ['low'], zeroAllowed: true }, own, { effort: 'none' }, []],
    [{ effort: 'none' }, budgets, { ...own, canAlwaysStop: true }, { effort: 'none' }, []],
    [{ effort: 'none' }, levels, own, { effort: 'low' }, ['reasoning.effort']],
    [{ budgetTokens: 0 }, levels, own, { effort: 'low' }, ['reasoning.budgetTokens']],
    [{ effort: 'none' }, budgets, own, { budgetTokens: 1024 }, ['reasoning.effort']],
    [{ budgetTokens: 0 }, budgets, own, { budgetTokens: 1024 }, ['reasoning.budgetTokens']],
    [{ effort: 'none' }, budgets, suffix, { budgetTokens: 1024 }, ['model']],
  ])('%j on %j', (config, support, context, expected, warned) => {
    expect(resolve(config, support, context)).toEqual([expected, warned]);
  });
});

describe("the model's own family: refused", () => {
  it.each<[ReasoningConfig, ReasoningSupport, ReasoningContext, string]>([
    [{ effort: 'xhigh' }, levels, own, 'client.reasoning.effort: m has no level "xhigh"; valid: low, medium, high'],
    [{ effort: 'xhigh' }, levels, suffix, 'model: m has no level "xhigh"; valid: low, medium, high'],
    [
      { effort: 'medium' },
      { ...hybrid, zeroAllowed: true },
      own,
      'client.reasoning.effort: m has no level "medium"; valid: none, low, high, max, auto, 1024 to 32768 tokens',
    ],
    [
      { effort: 'xhigh' },
      { levels: ['none', 'low'], zeroAllowed: true },
      own,
      'client.reasoning.effort: m has no level "xhigh"; valid: none, low',
    ],
    [
      { budgetTokens: 1023 },
      budgets,
      own,
      'client.reasoning.budgetTokens: m takes no budget of 1023; valid: 1024 to 32768 tokens',
    ],
    [
      { budgetTokens: 32_769 },
      { maxBudget: 32_768 },
      own,
      'client.reasoning.budgetTokens: m takes no budget of 32769; valid: 0 to 32768 tokens',
    ],
    [
      { budgetTokens: -2 },
      levels,
      foreign,
      'client.reasoning.budgetTokens: must be -1 (the model decides), 0 (off) or a number of tokens',
    ],
    [{ budgetTokens: 1.5 }, budgets, suffix, 'model: must be -1 (the model decides), 0 (off) or a number of tokens'],
  ])('%j on %j', (config, support, context, message) => {
    const act = (): unknown => resolveReasoning(config, support, context);
    expect(act).toThrow(ProxyError);
    expect(act).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });

  it.each<[ReasoningConfig, ReasoningSupport | 'none', ReasoningContext, ReasoningConfig | undefined, string[]]>([
    // From the model name, a budget is moved.
    [{ budgetTokens: 1 }, budgets, suffix, { budgetTokens: 1024 }, ['model']],
    // A budget that stands for a level is moved as well.
    [{ effort: 'max' }, budgets, own, { budgetTokens: 32_768 }, ['reasoning.effort']],
    // And so is a level that stands for a budget.
    [{ budgetTokens: 1_000_000 }, levels, own, { effort: 'high' }, ['reasoning.budgetTokens']],
    [{ effort: 'low' }, 'none', suffix, undefined, ['model']],
  ])('but %j on %j is moved', (config, support, context, expected, warned) => {
    expect(resolve(config, support, context)).toEqual([expected, warned]);
  });
});

it('checks nothing of what it does not know', () => {
  const config: ReasoningConfig = { budgetTokens: -7 };
  expect(resolveReasoning(config, undefined, own)).toEqual({ reasoning: config, warnings: [] });
  expect(resolveReasoning(undefined, levels, own)).toEqual({ reasoning: undefined, warnings: [] });
});

it('says in words what was moved', () => {
  expect(resolveReasoning({ effort: 'xhigh' }, levels, foreign).warnings).toEqual([
    { path: 'reasoning.effort', reason: 'm has no level for xhigh; high is used (valid: low, medium, high)' },
  ]);
  expect(resolveReasoning({ budgetTokens: 9_999_999 }, budgets, foreign).warnings).toEqual([
    {
      path: 'reasoning.budgetTokens',
      reason: '9999999 is outside what m takes; 32768 tokens are used (valid: 1024 to 32768 tokens)',
    },
  ]);
  expect(resolveReasoning({ budgetTokens: 9_999_999 }, levels, foreign).warnings).toEqual([
    {
      path: 'reasoning.budgetTokens',
      reason: 'm has no level for 9999999 tokens; high is used (valid: low, medium, high)',
    },
  ]);
  expect(resolveReasoning({ effort: 'none' }, levels, foreign).warnings).toEqual([
    { path: 'reasoning.effort', reason: 'm cannot stop reasoning; it is told to do the least (low)' },
  ]);
  expect(resolveReasoning({ effort: 'none' }, budgets, foreign).warnings).toEqual([
    { path: 'reasoning.effort', reason: 'm cannot stop reasoning; it is told to do the least (1024)' },
  ]);
  expect(resolveReasoning({ effort: 'low' }, 'none', foreign).warnings).toEqual([
    { path: 'reasoning', reason: 'm takes no reasoning settings' },
  ]);
});

it('hands back the very same settings when the model takes them', () => {
  const taken: readonly ReasoningConfig[] = [
    { effort: 'low', adaptive: true },
    { budgetTokens: 2000, summary: 'auto' },
  ];
  for (const config of taken) expect(resolveReasoning(config, hybrid, own).reasoning).toBe(config);
});

const anySupport = fc
  .record({
    levels: fc.uniqueArray(fc.constantFrom(...reasoningEfforts), { maxLength: 5 }),
    range: fc.option(fc.tuple(fc.nat(2000), fc.integer({ min: 2000, max: 200_000 })), { nil: undefined }),
    zeroAllowed: fc.boolean(),
    dynamicAllowed: fc.boolean(),
  })
  .map(
    ({ levels: some, range, ...flags }): ReasoningSupport => ({
      levels: reasoningEfforts.filter((effort) => some.includes(effort)),
      ...(range === undefined ? {} : { minBudget: range[0], maxBudget: range[1] }),
      ...flags,
    }),
  )
  .filter((support) => typeof supportOf({ id: 'm', reasoning: support }) === 'object')
  // A model with the one level `none` does not reason.
  .filter(({ levels: some = [], maxBudget }) => maxBudget !== undefined || some.some((level) => level !== 'none'));
const anyConfig = fc.oneof(
  fc.record({ effort: fc.constantFrom(...reasoningEfforts) }),
  fc.record({ budgetTokens: fc.integer({ min: -1, max: 1_000_000 }) }),
  fc.constant<ReasoningConfig>({ adaptive: true }),
);

it('never leaves what a model takes, whatever it takes and whatever is asked', () => {
  fc.assert(
    fc.property(anyConfig, anySupport, (config, support) => {
      const { reasoning } = resolveReasoning(config, support, foreign);
      const { levels: some = [], minBudget = 0, maxBudget = -1, zeroAllowed, dynamicAllowed } = support;
      const { effort, budgetTokens, adaptive } = reasoning ?? {};
      if (effort === 'none' || budgetTokens === 0) {
        expect(zeroAllowed === true || some.includes('none') || minBudget === 0).toBe(true);
      } else if (effort !== undefined) expect(some).toContain(effort);
      else if (budgetTokens === -1 || adaptive === true) expect(dynamicAllowed).toBe(true);
      else {
        expect(budgetTokens).toBeGreaterThanOrEqual(minBudget);
        expect(budgetTokens).toBeLessThanOrEqual(maxBudget);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('a level that nobody knows', () => {
  const config: ReasoningConfig = { unknownEffort: 'ultra', summary: 'auto' };

  it('is refused by every model of the catalogue that takes levels or budgets', () => {
    expect(() => resolve(config, levels)).toThrow(
      'client.reasoning.effort: there is no level "ultra"; valid: low, medium, high',
    );
    expect(() => resolve(config, budgets, own)).toThrow('there is no level "ultra"; valid: 1024 to 32768 tokens');
  });

  it('is left alone where the model has it, or the user alone knows the model', () => {
    expect(resolve(config, { levels: ['low', 'ultra'] })).toEqual([config, []]);
    expect(resolve(config, levels, { ...own, userDefined: true })).toEqual([config, []]);
  });

  it('is left out, with a mention, for a model without reasoning', () => {
    expect(resolve(config, 'none')).toEqual([undefined, ['reasoning']]);
    expect(resolve({ summary: 'auto' }, 'none')).toEqual([undefined, []]);
  });
});
