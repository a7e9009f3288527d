import type { ReasoningConfig, Warn } from '../../ir/index.ts';
import { effortOfBudget, nearestLevel } from '../../ir/reasoning-effort.ts';
import type { EncodeTarget } from '../codec.ts';

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
