import type { ReasoningConfig, ReasoningEffort } from '../ir/index.ts';

/** A model name taken apart: `model(high)`. */
export interface ModelName {
  readonly base: string;
  /** What the parentheses say; overrides the body. Undefined: none, or nothing understood. */
  readonly reasoning: ReasoningConfig | undefined;
  /** What stands in parentheses that mean nothing; they may be part of a name. */
  readonly unknown?: string;
}

const LEVELS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/**
 * Splits `model(value)`: a level, `auto` or `-1` (the model decides), or a token budget (0: off).
 */
export function parseModelSuffix(name: string): ModelName {
  const open = name.lastIndexOf('(');
  if (open <= 0 || !name.endsWith(')')) return { base: name, reasoning: undefined };
  const value = name.slice(open + 1, -1).trim();
  const reasoning = parseValue(value.toLowerCase());
  return { base: name.slice(0, open), reasoning, ...(reasoning === undefined && { unknown: value }) };
}

function parseValue(value: string): ReasoningConfig | undefined {
  if (value === 'auto' || value === '-1') return { budgetTokens: -1 };
  if (/^\d{1,9}$/.test(value)) {
    const budgetTokens = Number(value);
    return budgetTokens === 0 ? { effort: 'none' } : { budgetTokens };
  }
  const effort = LEVELS.find((level) => level === value);
  return effort === undefined ? undefined : { effort };
}
