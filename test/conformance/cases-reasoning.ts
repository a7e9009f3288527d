/** How much to reason: levels, budgets, off, left to the model, in the model's name; moved where a model has less. */
import { expect } from 'vitest';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import type { Ask, Case, Turn, View } from './model.ts';

const turns: readonly Turn[] = [{ role: 'user', text: 'think' }];
const LIMITS: Readonly<Record<string, string>> = {
  'up-chat': 'levels: [low, high]',
  'up-responses': 'levels: [low, high]',
  'up-claude': 'min: 1024, max: 10000',
  'up-gemini': 'min: 128, max: 10000',
};

/** The name of a model that says which reasoning settings it takes. */
export const limitedModel = (model: string): string => `${model}-limited`;

/** The configuration with a second model for each, which takes less. */
export function withLimitedModels(config: string): string {
  return config.replaceAll(
    /\{ name: (up-\w+) \}/g,
    (entry, name: string) => `${entry}, { name: ${limitedModel(name)}, thinking: { ${LIMITS[name]} } }`,
  );
}

type Expected = Readonly<Record<UpstreamDialect, readonly (string | undefined)[]>>;

/** What `high` and its like mean in an upstream's own terms: the level, or the budget that stands for it. */
function sees(level: string | undefined, budget: string | undefined): Expected {
  return {
    'openai-chat': [level, budget],
    'openai-responses': [level],
    'anthropic-messages': [level, budget],
    gemini: [level, budget],
  };
}

const check =
  (expected: Expected): NonNullable<Case['seen']> =>
  (view: View, upstream, dropped) => {
    expect(expected[upstream]).toContain(view.effort);
    expect(dropped).toEqual([]);
  };

const family = (dialect: UpstreamDialect): string => (dialect.startsWith('openai') ? 'openai' : dialect);
const noBudgets = 'the client dialect has no budgets';

function suffixCase(suffix: string, expected: Expected, more: Partial<Ask> = {}): Case {
  return {
    name: `reasoning: model name with ${suffix}`,
    ask: { turns, suffix, maxTokens: 32_000, ...more },
    answer: { text: 'ok' },
    seen: check(expected),
  };
}

const off: Expected = { ...sees('none', 'none'), gemini: ['budget:0'] };
const auto: Expected = {
  'openai-chat': [undefined, 'auto'],
  'openai-responses': [undefined],
  'anthropic-messages': [undefined, 'budget:8192'],
  gemini: ['budget:-1', 'auto'],
};

export const reasoningCases: readonly Case[] = [
  {
    name: 'reasoning: switched off',
    ask: { turns, reasoning: { level: 'none' } },
    answer: { text: 'ok' },
    seen: check(off),
  },
  {
    name: 'reasoning: left to the model',
    ask: { turns, reasoning: { level: 'auto' }, maxTokens: 32_000 },
    answer: { text: 'ok' },
    seen: check(auto),
    skip: (client) => (client === 'openai-responses' ? 'the client dialect cannot leave it to the model' : undefined),
  },
  {
    name: 'reasoning: a level, not a budget',
    ask: { turns, reasoning: { level: 'low' }, maxTokens: 32_000 },
    answer: { text: 'ok' },
    seen: check(sees('low', 'budget:1024')),
  },
  {
    name: 'reasoning: a budget',
    ask: { turns, reasoning: { budget: 5000 }, maxTokens: 32_000 },
    answer: { text: 'ok' },
    seen: check(sees('medium', 'budget:5000')),
    skip: (client) => (client === 'openai-responses' ? noBudgets : undefined),
  },
  {
    name: 'reasoning: not shown',
    ask: { turns, reasoning: { level: 'low', hidden: true }, maxTokens: 32_000 },
    answer: { text: 'ok' },
    seen: (view, upstream) => {
      if (upstream !== 'openai-chat') expect(view.shown).toBe(false);
    },
  },
  {
    name: 'reasoning: shown',
    ask: { turns, reasoning: { level: 'low' }, maxTokens: 32_000 },
    answer: { reasoning: 'So it is.', text: 'ok' },
    seen: (view, upstream) => {
      if (upstream !== 'openai-chat') expect(view.shown).toBe(true);
    },
  },
  suffixCase('(high)', sees('high', 'budget:24576')),
  suffixCase('(8192)', sees('medium', 'budget:8192')),
  suffixCase('(none)', off),
  suffixCase('(auto)', auto),
  suffixCase('(Low)', sees('low', 'budget:1024'), { reasoning: { level: 'high' } }),
  {
    name: 'reasoning: model name with (nonsense)',
    ask: { turns, suffix: '(nonsense)', maxTokens: 32_000 },
    answer: { text: 'ok' },
    refused: () => /\(nonsense\)/,
  },
  {
    name: 'reasoning: a level above what the model has',
    ask: { turns, reasoning: { level: 'max' }, maxTokens: 32_000 },
    limited: true,
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      expect(view.effort).toBe(upstream.startsWith('openai') ? 'high' : 'budget:10000');
      expect(dropped).toHaveLength(1);
      expect(dropped[0]).toMatch(/effort$|thinkingLevel$/);
    },
    // Within one family the client knows the model's levels.
    refused: (client, upstream) =>
      family(client) === 'openai' && family(upstream) === 'openai' ? /low, high/ : undefined,
  },
  {
    name: 'reasoning: a budget above what the model has',
    ask: { turns, reasoning: { budget: 50_000 }, maxTokens: 60_000 },
    limited: true,
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      expect(view.effort).toBe(upstream.startsWith('openai') ? 'high' : 'budget:10000');
      expect(dropped).toHaveLength(1);
      expect(dropped[0]).toMatch(/budget_tokens$|thinkingBudget$|max_tokens$/);
    },
    refused: (client, upstream) => (client === upstream && client !== 'openai-chat' ? /10,?000/ : undefined),
    skip: (client) => (client === 'openai-responses' ? noBudgets : undefined),
  },
  {
    name: 'reasoning: a budget in the model name, above what the model has',
    ask: { turns, suffix: '(50000)', maxTokens: 60_000 },
    limited: true,
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      expect(view.effort).toBe(upstream.startsWith('openai') ? 'high' : 'budget:10000');
      expect(dropped).toEqual(['model']);
    },
  },
  {
    name: 'reasoning: off for a model that cannot stop',
    ask: { turns, reasoning: { level: 'none' } },
    limited: true,
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      const least = upstream === 'gemini' ? 'budget:128' : upstream.startsWith('openai') ? 'low' : 'none';
      expect(view.effort).toBe(least);
      // Claude can always be told not to think.
      expect(dropped).toHaveLength(upstream === 'anthropic-messages' ? 0 : 1);
    },
  },
];
