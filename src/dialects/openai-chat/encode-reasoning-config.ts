import { isJsonObject, type JsonObject, type ReasoningConfig, type Warn } from '../../ir/index.ts';
import { effortOfBudget, nearestLevel } from '../../ir/reasoning-effort.ts';
import type { EncodeTarget, ReasoningSettings } from '../codec.ts';
import { decodeReasoningConfig } from './decode-reasoning-config.ts';
import { defined } from './wire.ts';

/** `reasoning_effort`; undefined: the model decides. */
export function encodeEffort(
  config: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): string | undefined {
  const wanted = config?.effort ?? effortOfBudget(config?.budgetTokens);
  const levels = target.reasoning?.levels;
  if (wanted === undefined || levels === undefined || levels.includes(wanted)) return wanted;
  if (wanted === 'none' && target.reasoning?.zeroAllowed === true) return wanted;
  const nearest = nearestLevel(wanted, levels);
  warn(
    'reasoning',
    nearest === undefined
      ? 'the model has no reasoning levels'
      : `the model knows ${levels.join(', ')}; ${nearest} is used`,
  );
  return nearest;
}

/** The members that set reasoning, for a body that has `own` fields of this dialect; undefined: to leave out. */
export function encodeReasoningFields(
  own: JsonObject,
  config: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): JsonObject {
  if (target.quirks.thinkingObject === true) return encodeThinkingObject(config, target, warn);
  // OpenRouter's own object says it more exactly.
  const { reasoning } = own;
  if (isJsonObject(reasoning)) return { reasoning: encodeNested(reasoning, config, target, warn) };
  if (target.quirks.reasoningObject === true && config !== undefined) return encodeObject(config, target, warn);
  return { reasoning_effort: encodeEffort(config, target, warn) };
}

/** OpenRouter's object where it says more than an effort. */
function encodeObject(config: ReasoningConfig, target: EncodeTarget, warn: Warn): JsonObject {
  const { budgetTokens = 0 } = config;
  const exclude = config.summary === 'none' ? true : undefined;
  if (config.effort === undefined && budgetTokens > 0)
    return { reasoning: defined({ max_tokens: budgetTokens, exclude }) };
  const effort = encodeEffort(config, target, warn);
  if (exclude === undefined || effort === 'none') return { reasoning_effort: effort };
  return { reasoning: defined({ effort, exclude }) };
}

function encodeThinkingObject(config: ReasoningConfig | undefined, target: EncodeTarget, warn: Warn): JsonObject {
  const effort = encodeEffort(config, target, warn);
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  const asked = effort !== undefined || config?.adaptive === true || config?.budgetTokens !== undefined;
  return asked ? { thinking: { type: 'enabled', ...(effort !== undefined && { effort }) } } : {};
}

function encodeNested(
  nested: JsonObject,
  config: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): JsonObject | undefined {
  const stated = decodeReasoningConfig({ reasoning: nested });
  if (isSameWish(stated ?? {}, config ?? {})) return nested;
  const { effort: _effort, max_tokens: _budget, enabled: _enabled, ...rest } = nested;
  const { budgetTokens = 0 } = config ?? {};
  if (config?.effort === undefined && budgetTokens > 0) return { ...rest, max_tokens: budgetTokens };
  const effort = encodeEffort(config, target, warn);
  const written = { ...rest, ...(effort !== undefined && { effort }) };
  return Object.keys(written).length === 0 ? undefined : written;
}

function isSameWish(one: ReasoningConfig, other: ReasoningConfig): boolean {
  return one.effort === other.effort && one.budgetTokens === other.budgetTokens && one.adaptive === other.adaptive;
}

/** See {@link ReasoningSettings}. */
export const reasoningSettings: ReasoningSettings = {
  family: 'gpt',
  members: ['reasoning_effort', 'reasoning', 'include_reasoning'],
  read: decodeReasoningConfig,
  write: (body, reasoning, target, warn) => ({
    reasoning_effort: undefined,
    ...encodeReasoningFields(body, reasoning, target, warn),
  }),
};
