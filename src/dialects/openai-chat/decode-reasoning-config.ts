import type { JsonObject, JsonValue, ReasoningConfig } from '../../ir/index.ts';
import { field, readBoolean, readNumber, readObject, readString } from '../../ir/read.ts';
import { readEffort, unknownEffort } from '../../ir/reasoning-effort.ts';

/** `reasoning_effort`, and OpenRouter's `reasoning` and `include_reasoning`; undefined when they say nothing. */
export function decodeReasoningConfig(body: JsonObject): ReasoningConfig | undefined {
  const nested = readObject(body, 'reasoning', '') ?? {};
  const google = googleThinking(body);
  const named =
    readString(nested, 'effort', 'reasoning') ??
    readString(body, 'reasoning_effort', '') ??
    readString(google, 'thinking_level', GOOGLE)?.toLowerCase();
  const disabled = nested['enabled'] === false;
  const effort = disabled ? 'none' : readEffort(named);
  const budgetTokens = readNumber(nested, 'max_tokens', 'reasoning') ?? readNumber(google, 'thinking_budget', GOOGLE);
  const shownByGoogle = readBoolean(google, 'include_thoughts', GOOGLE);
  const visible = [negated(nested['exclude']), field(body, 'include_reasoning'), shownByGoogle];
  const hidden = visible.includes(false);
  const adaptive = named === 'auto' || (nested['enabled'] === true && effort === undefined);
  // Who asks for effort in this dialect expects to see reasoning where the provider gives it only on request.
  const thinks = (effort !== undefined && effort !== 'none') || adaptive || (budgetTokens ?? 0) > 0;
  const shown = thinks || visible.includes(true);
  const unknown = disabled ? {} : unknownEffort(named);
  const says = effort !== undefined || unknown.unknownEffort !== undefined || budgetTokens !== undefined;
  if (!says && !hidden && !shown) return undefined;
  return {
    ...unknown,
    ...(effort !== undefined && { effort }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(adaptive && { adaptive }),
    ...(hidden ? { summary: 'none' as const } : shown && { summary: 'auto' as const }),
  };
}

function negated(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'boolean' ? !value : undefined;
}

const GOOGLE = 'extra_body.google.thinking_config';

/** How clients of Google's compatible endpoint say how much is thought, and whether it is shown. */
function googleThinking(body: JsonObject): JsonObject {
  const extra = readObject(body, 'extra_body', '') ?? {};
  const google = readObject(extra, 'google', 'extra_body') ?? {};
  return readObject(google, 'thinking_config', 'extra_body.google') ?? {};
}
