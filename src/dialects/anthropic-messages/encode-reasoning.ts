import type { JsonObject, ReasoningConfig, ReasoningEffort, Warn } from '../../ir/index.ts';
import { effortBudgets, effortOfBudget, nearestLevel } from '../../ir/reasoning-effort.ts';
import type { EncodeTarget } from '../codec.ts';

/** The fields that thinking decides. */
export interface ThinkingPlan {
  readonly thinking?: JsonObject;
  readonly effort?: string;
  readonly maxTokens: number;
  /** Claude limits the sampling parameters while it thinks. */
  readonly active: boolean;
}

/** What besides the reasoning config decides whether and how Claude can think. */
interface ThinkingFacts {
  readonly target: EncodeTarget;
  /** The `max_tokens` that would be sent without thinking. */
  readonly maxTokens: number;
  readonly forcedTool: boolean;
  /** The last assistant turn calls tools without a Claude thinking block in front. */
  readonly unsignedToolTurn: boolean;
}

/** The smallest budget that the API accepts. */
const MIN_BUDGET = 1024;

/** Every Claude model that can think can generate this much. */
const THINKING_MODEL_OUTPUT = 32_000;

/** Room for the answer that thinking must leave when the budget has to be lowered. */
const ANSWER_ROOM = 1024;

/** Decides `thinking`, `output_config.effort` and `max_tokens`. */
export function planThinking(config: ReasoningConfig | undefined, facts: ThinkingFacts, warn: Warn): ThinkingPlan {
  const off: ThinkingPlan = { maxTokens: facts.maxTokens, active: false };
  if (config === undefined || !asksForThinking(config, facts.target)) return off;
  if (config.effort === 'none' || config.budgetTokens === 0) return { ...off, thinking: { type: 'disabled' } };
  if (facts.forcedTool) {
    warn('reasoning', 'Claude cannot think when the tool choice forces a call');
    return off;
  }
  return isAdaptive(config, facts.target) ? planAdaptive(config, facts) : planBudget(config, facts, warn);
}

/** Says that the client's limit was raised. */
export function warnRaised(wanted: number, { maxTokens }: ThinkingPlan, warn: Warn): void {
  if (maxTokens > wanted)
    warn('sampling.maxOutputTokens', `raised to ${maxTokens}, so that thinking leaves room for the answer`);
}

function asksForThinking(config: ReasoningConfig, { reasoning }: EncodeTarget): boolean {
  if (config.effort !== undefined || config.budgetTokens !== undefined || config.adaptive === true) return true;
  // Who wants to see reasoning wants some; only a model that is known to think can be asked for it.
  const thinks = (reasoning?.levels?.length ?? 0) > 0 || reasoning?.maxBudget !== undefined;
  return thinks && config.summary !== undefined && config.summary !== 'none';
}

function isAdaptive(config: ReasoningConfig, target: EncodeTarget): boolean {
  const explicitBudget = config.budgetTokens !== undefined && config.budgetTokens > 0;
  const takesBudget = target.reasoning?.maxBudget !== undefined;
  if (target.reasoning?.levels?.length) return !(explicitBudget && takesBudget);
  return config.adaptive === true && !takesBudget;
}

function planAdaptive(config: ReasoningConfig, facts: ThinkingFacts): ThinkingPlan {
  const wanted = config.effort ?? effortOfBudget(config.budgetTokens);
  const effort = wanted === undefined ? undefined : levelOf(wanted, facts.target.reasoning?.levels);
  return {
    thinking: { type: 'adaptive', ...display(config) },
    ...(effort !== undefined && { effort }),
    maxTokens: facts.maxTokens,
    active: true,
  };
}

function planBudget(config: ReasoningConfig, facts: ThinkingFacts, warn: Warn): ThinkingPlan {
  const off: ThinkingPlan = { maxTokens: facts.maxTokens, active: false };
  if (facts.unsignedToolTurn) {
    warn('reasoning', 'Claude cannot go on thinking after tool calls that came without its own thinking');
    return off;
  }
  const { target } = facts;
  const min = Math.max(MIN_BUDGET, target.reasoning?.minBudget ?? 0);
  const wanted = Math.max(min, wantedBudget(config));
  const budget = Math.min(wanted, target.reasoning?.maxBudget ?? wanted);
  const ceiling = Math.max(facts.maxTokens, target.maxOutputTokens ?? THINKING_MODEL_OUTPUT);
  // The budget counts towards max_tokens: raise the limit so that the answer keeps the room that the client gave it.
  const maxTokens = budget < facts.maxTokens ? facts.maxTokens : Math.min(ceiling, budget + facts.maxTokens);
  const fitting = budget < maxTokens ? budget : maxTokens - ANSWER_ROOM;
  if (fitting < MIN_BUDGET) {
    warn('reasoning', 'the output limit leaves no room for the smallest thinking budget');
    return off;
  }
  if (config.budgetTokens !== undefined && config.budgetTokens > 0 && fitting !== config.budgetTokens)
    warn('reasoning', `${fitting} tokens are used: the model and the output limit allow no other`);
  // `summarized` is the default of the models that take a budget; older ones do not know the field.
  const shown = config.summary === 'none' ? display(config) : {};
  const levels = target.reasoning?.levels;
  const effort = config.effort && levels?.length ? levelOf(config.effort, levels) : undefined;
  return {
    thinking: { type: 'enabled', budget_tokens: fitting, ...shown },
    ...(effort !== undefined && { effort }),
    maxTokens,
    active: true,
  };
}

function display(config: ReasoningConfig): JsonObject {
  if (config.summary === undefined) return {};
  return { display: config.summary === 'none' ? 'omitted' : 'summarized' };
}

function wantedBudget(config: ReasoningConfig): number {
  if (config.budgetTokens !== undefined && config.budgetTokens > 0) return config.budgetTokens;
  return effortBudgets[config.effort ?? 'medium'];
}

/** The model's level next to the wanted one. Unknown levels: Claude's common three. */
function levelOf(wanted: ReasoningEffort, levels: readonly string[] | undefined): string {
  const supported = levels?.length ? levels : wanted === 'max' ? ['max'] : ['low', 'medium', 'high'];
  return nearestLevel(wanted, supported) ?? 'high';
}

/** A turn as it stands in a body. */
interface Turn {
  readonly role: string;
  readonly content: readonly JsonObject[];
}

/** A tool loop in which Claude was not thinking cannot begin to think in its middle. */
export function endsInUnsignedToolTurn(turns: readonly Turn[]): boolean {
  const content = turns.findLast((turn) => turn.role === 'assistant')?.content;
  if (content === undefined || content.at(-1)?.['type'] !== 'tool_use') return false;
  const first = content[0]?.['type'];
  return first !== 'thinking' && first !== 'redacted_thinking';
}
