import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import { field, readNumber, readObject, readString } from '../../ir/read.ts';
import { readEffort } from '../../ir/reasoning-effort.ts';

/** `reasoning_effort`, and OpenRouter's `reasoning` and `include_reasoning`; undefined when they say nothing. */
export function decodeReasoningConfig(body: JsonObject): ReasoningConfig | undefined {
  const nested = readObject(body, 'reasoning', '') ?? {};
  const named = readString(nested, 'effort', 'reasoning') ?? readString(body, 'reasoning_effort', '');
  const disabled = nested['enabled'] === false;
  const effort = disabled ? 'none' : readEffort(named);
  const budgetTokens = readNumber(nested, 'max_tokens', 'reasoning');
  const hidden = nested['exclude'] === true || field(body, 'include_reasoning') === false;
  const adaptive = named === 'auto' || (nested['enabled'] === true && effort === undefined);
  // Who asks for effort in this dialect expects to see reasoning where the provider gives it only on request.
  const shown = (effort !== undefined && effort !== 'none') || adaptive || (budgetTokens ?? 0) > 0;
  if (effort === undefined && budgetTokens === undefined && !hidden && !adaptive) return undefined;
  return {
    ...(effort !== undefined && { effort }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(adaptive && { adaptive }),
    ...(hidden ? { summary: 'none' as const } : shown && { summary: 'auto' as const }),
  };
}
