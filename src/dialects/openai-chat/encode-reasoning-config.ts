import type { ReasoningConfig, ReasoningEffort, Warn } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';

const order: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** `reasoning_effort`; undefined: the model decides. */
export function encodeEffort(
  config: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): string | undefined {
  const wanted = config?.effort ?? effortOfBudget(config?.budgetTokens);
  const levels = target.reasoning?.levels;
  if (wanted === undefined || levels === undefined || levels.includes(wanted)) return wanted;
  const nearest = nearestLevel(wanted, levels);
  warn(
    'reasoning',
    nearest === undefined
      ? 'the model has no reasoning levels'
      : `the model knows ${levels.join(', ')}; ${nearest} is used`,
  );
  return nearest;
}

/** The effort that is nearest to a number of thinking tokens. */
function effortOfBudget(budget: number | undefined): ReasoningEffort | undefined {
  if (budget === undefined || budget < 0) return undefined;
  if (budget === 0) return 'none';
  if (budget <= 512) return 'minimal';
  if (budget <= 1024) return 'low';
  if (budget <= 8192) return 'medium';
  return budget <= 24_576 ? 'high' : 'xhigh';
}

/** A tie goes to the lower level. */
function nearestLevel(wanted: ReasoningEffort, levels: readonly string[]): string | undefined {
  const at = order.indexOf(wanted);
  const known = order.filter((level) => levels.includes(level));
  return known.sort((a, b) => Math.abs(order.indexOf(a) - at) - Math.abs(order.indexOf(b) - at))[0];
}
