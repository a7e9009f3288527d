import type { ReasoningConfig, Warn } from '../../ir/index.ts';
import { effortBudgets, effortOfBudget, nearestLevel } from '../../ir/reasoning-effort.ts';
import type { EncodeTarget } from '../codec.ts';
import type { ThinkingConfig } from './wire-types.ts';

type Draft = { -readonly [K in keyof ThinkingConfig]: ThinkingConfig[K] };

/** Reasoning settings -> `thinkingConfig`; undefined when there is nothing to say. */
export function encodeThinking(
  reasoning: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): ThinkingConfig | undefined {
  if (reasoning === undefined) return undefined;
  const support = target.reasoning ?? {};
  const levels = support.levels?.length ? support.levels : undefined;
  const config: Draft = {};
  if (isOff(reasoning)) {
    encodeOff(config, levels, support.minBudget, warn);
  } else if (levels !== undefined && (reasoning.effort !== undefined || support.maxBudget === undefined)) {
    const effort = reasoning.effort ?? effortOfBudget(reasoning.budgetTokens);
    // Without a level these models think as much as they see fit.
    const level = effort === undefined ? undefined : nearestLevel(effort, levels);
    if (level !== undefined) config.thinkingLevel = level;
  } else {
    const budget = budgetOf(reasoning);
    if (budget !== undefined) config.thinkingBudget = clampBudget(budget, support);
  }
  // The API refuses includeThoughts when thinking is off.
  if (config.thinkingBudget !== 0) config.includeThoughts = reasoning.summary !== 'none' && !isOff(reasoning);
  return config;
}

function isOff(reasoning: ReasoningConfig): boolean {
  return reasoning.effort === 'none' || (reasoning.effort === undefined && reasoning.budgetTokens === 0);
}

function encodeOff(
  config: Draft,
  levels: readonly string[] | undefined,
  minBudget: number | undefined,
  warn: Warn,
): void {
  const lowest = levels === undefined ? undefined : nearestLevel('none', levels);
  if (lowest === undefined) config.thinkingBudget = minBudget ?? 0;
  else if (lowest === 'none') config.thinkingBudget = 0;
  else config.thinkingLevel = lowest;
  if (config.thinkingBudget !== 0) warn('reasoning', 'this model cannot stop thinking; it is told to think least');
}

function budgetOf(reasoning: ReasoningConfig): number | undefined {
  if (reasoning.budgetTokens !== undefined) return reasoning.budgetTokens;
  if (reasoning.effort !== undefined) return effortBudgets[reasoning.effort];
  return reasoning.adaptive === true ? -1 : undefined;
}

function clampBudget(budget: number, support: NonNullable<EncodeTarget['reasoning']>): number {
  if (budget < 0) return -1;
  return Math.max(support.minBudget ?? 0, Math.min(budget, support.maxBudget ?? budget));
}
