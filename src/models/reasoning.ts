/** Reasoning settings of a request -> what a model can take: levels, budgets, "the model decides", off. */

import { invalidRequest } from '../errors.ts';
import type { ReasoningConfig, ReasoningEffort, TranslationWarning } from '../ir/index.ts';
import { effortBudgets, effortOfBudget, nearestLevel } from '../ir/reasoning-effort.ts';
import type { ModelInfo, ReasoningSupport } from './model-info.ts';

/** What besides the settings and the model decides how they are taken. */
export interface ReasoningContext {
  /** The model as error messages name it. */
  readonly model: string;
  /** The client means this model's own settings: what the model does not have is refused instead of moved. */
  readonly sameFamily: boolean;
  /** The model name says it, `model(high)`: a budget is then moved into the model's range, never refused. */
  readonly fromSuffix: boolean;
  /** The user, and not the catalogue, lists the model: it may know levels that nobody here does. */
  readonly userDefined?: boolean;
  /** The target's dialect can switch reasoning off for any model. */
  readonly canAlwaysStop: boolean;
  /** A path of the hub as the client's body spells it. */
  clientPath(path: string): string;
}

/** Settings that the model takes. `reasoning` is the very object that came in when nothing had to change. */
export interface ResolvedReasoning {
  readonly reasoning: ReasoningConfig | undefined;
  /** What was moved or left out; paths of the hub. */
  readonly warnings: readonly TranslationWarning[];
}

/** `none`: the model is known to take no settings. Undefined: nothing is known, so nothing is checked. */
export function supportOf(info: ModelInfo | undefined): ReasoningSupport | 'none' | undefined {
  const support = info?.reasoning;
  if (support === undefined) return info?.capabilities?.reasoning === false ? 'none' : undefined;
  if (hasLevels(support) || hasBudget(support)) return support;
  return support.levels === undefined ? undefined : 'none';
}

/**
 * The settings as the model takes them. A level becomes a budget, and the reverse, where the model knows only one of
 * them. Throws ProxyError `invalid_request` for a level or budget that a model of the client's own family does not
 * have; for another family it is the nearest that the model has, with a warning.
 */
export function resolveReasoning(
  config: ReasoningConfig | undefined,
  support: ReasoningSupport | 'none' | undefined,
  context: ReasoningContext,
): ResolvedReasoning {
  if (config === undefined || support === undefined) return { reasoning: config, warnings: [] };
  const wish = wishOf(config, context);
  if (support !== 'none') requireKnownEffort(config, support, context);
  if (support === 'none') return withoutReasoning(wish, config, context);
  if (wish === undefined) return { reasoning: config, warnings: [] };
  const resolver = new Resolver(support, context);
  const { summary } = config;
  const resolved = resolver.resolve(wish, config);
  const same = resolved.effort === config.effort && resolved.budgetTokens === config.budgetTokens;
  if (same && resolved.adaptive === config.adaptive) return { reasoning: config, warnings: resolver.warnings };
  return { reasoning: summary === undefined ? resolved : { ...resolved, summary }, warnings: resolver.warnings };
}

type Wish =
  | { readonly type: 'off' }
  | { readonly type: 'auto' }
  | { readonly type: 'level'; readonly effort: ReasoningEffort }
  | { readonly type: 'budget'; readonly tokens: number; readonly effort?: ReasoningEffort };

/** Undefined: the client says nothing of how much to reason. */
function wishOf({ effort, budgetTokens, adaptive }: ReasoningConfig, context: ReasoningContext): Wish | undefined {
  if (effort === 'none') return { type: 'off' };
  if (budgetTokens !== undefined && (budgetTokens < -1 || !Number.isInteger(budgetTokens)))
    throw refusal('reasoning.budgetTokens', 'must be -1 (the model decides), 0 (off) or a number of tokens', context);
  if (budgetTokens !== undefined && budgetTokens > 0)
    return { type: 'budget', tokens: budgetTokens, ...(effort !== undefined && { effort }) };
  if (effort !== undefined) return { type: 'level', effort };
  if (budgetTokens === 0) return { type: 'off' };
  return budgetTokens === -1 || adaptive === true ? { type: 'auto' } : undefined;
}

function requireKnownEffort(
  { unknownEffort }: ReasoningConfig,
  support: ReasoningSupport,
  context: ReasoningContext,
): void {
  if (unknownEffort === undefined || context.userDefined === true || support.levels?.includes(unknownEffort) === true)
    return;
  throw refusal('reasoning.effort', `there is no level "${unknownEffort}"; ${valid(support)}`, context);
}

function withoutReasoning(
  wish: Wish | undefined,
  { unknownEffort }: ReasoningConfig,
  context: ReasoningContext,
): ResolvedReasoning {
  const lost = wish === undefined ? unknownEffort !== undefined : wish.type !== 'off';
  const path = context.fromSuffix ? 'model' : 'reasoning';
  return {
    reasoning: undefined,
    warnings: lost ? [{ path, reason: `${context.model} takes no reasoning settings` }] : [],
  };
}

/** One model's answer to one wish. */
class Resolver {
  readonly warnings: TranslationWarning[] = [];
  readonly #support: ReasoningSupport;
  readonly #context: ReasoningContext;

  constructor(support: ReasoningSupport, context: ReasoningContext) {
    this.#support = support;
    this.#context = context;
  }

  resolve(wish: Wish, config: ReasoningConfig): ReasoningConfig {
    switch (wish.type) {
      case 'off':
        return this.#off(config);
      case 'auto':
        return this.#auto(config);
      case 'level':
        if (hasLevels(this.#support)) return this.#level(wish.effort, config);
        return { budgetTokens: this.#move(effortBudgets[wish.effort], 'reasoning.effort', wish.effort) };
      case 'budget':
        return this.#budget(wish.tokens, wish.effort);
    }
  }

  #off(config: ReasoningConfig): ReasoningConfig {
    const { levels = [], minBudget = 0, zeroAllowed } = this.#support;
    if (this.#context.canAlwaysStop || zeroAllowed === true || levels.includes('none')) {
      return config.effort === 'none' || hasBudget(this.#support) ? config : { effort: 'none' };
    }
    const [least] = knownLevels(levels);
    const path = config.effort === undefined ? 'reasoning.budgetTokens' : 'reasoning.effort';
    this.#warn(
      path,
      `${this.#context.model} cannot stop reasoning; it is told to do the least (${least ?? minBudget})`,
    );
    return least === undefined ? { budgetTokens: minBudget } : { effort: least };
  }

  #auto(config: ReasoningConfig): ReasoningConfig {
    const support = this.#support;
    if (support.dynamicAllowed === true) return config;
    const { minBudget = 0, maxBudget } = support;
    if (maxBudget !== undefined) return { budgetTokens: Math.floor((minBudget + maxBudget) / 2) };
    return { effort: nearest('medium', support) };
  }

  #level(effort: ReasoningEffort, config?: ReasoningConfig): ReasoningConfig {
    const level = this.#supportedLevel(effort, 'reasoning.effort', effort, this.#context.sameFamily);
    return level === effort && config !== undefined ? config : { effort: level };
  }

  #budget(tokens: number, effort: ReasoningEffort | undefined): ReasoningConfig {
    if (hasBudget(this.#support)) {
      const budgetTokens = this.#allowedBudget(tokens);
      return effort === undefined || !hasLevels(this.#support)
        ? { budgetTokens }
        : { ...this.#level(effort), budgetTokens };
    }
    if (effort !== undefined) return this.#level(effort);
    const wanted = effortOfBudget(tokens) ?? 'medium';
    return { effort: this.#supportedLevel(wanted, 'reasoning.budgetTokens', `${tokens} tokens`, false) };
  }

  #supportedLevel(effort: ReasoningEffort, path: string, asked: string, refuse: boolean): ReasoningEffort {
    const support = this.#support;
    if (support.levels?.includes(effort)) return effort;
    if (refuse)
      throw refusal(path, `${this.#context.model} has no level "${effort}"; ${valid(support)}`, this.#context);
    const level = nearest(effort, support);
    this.#warn(path, `${this.#context.model} has no level for ${asked}; ${level} is used (${valid(support)})`);
    return level;
  }

  #allowedBudget(tokens: number): number {
    const { sameFamily, fromSuffix, model } = this.#context;
    if (sameFamily && !fromSuffix && clamp(tokens, this.#support) !== tokens)
      throw refusal(
        'reasoning.budgetTokens',
        `${model} takes no budget of ${tokens}; ${valid(this.#support)}`,
        this.#context,
      );
    return this.#move(tokens, 'reasoning.budgetTokens', String(tokens));
  }

  /** The budget within the model's range. */
  #move(tokens: number, path: string, asked: string): number {
    const budget = clamp(tokens, this.#support);
    if (budget !== tokens)
      this.#warn(
        path,
        `${asked} is outside what ${this.#context.model} takes; ${budget} tokens are used (${valid(this.#support)})`,
      );
    return budget;
  }

  #warn(path: string, reason: string): void {
    this.warnings.push({ path: this.#context.fromSuffix ? 'model' : path, reason });
  }
}

function refusal(path: string, message: string, { fromSuffix, clientPath }: ReasoningContext): Error {
  return invalidRequest(fromSuffix ? 'model' : clientPath(path), message);
}

function hasLevels({ levels }: ReasoningSupport): boolean {
  return levels?.some((level) => level !== 'none') === true;
}

function hasBudget({ maxBudget }: ReasoningSupport): boolean {
  return maxBudget !== undefined;
}

function clamp(tokens: number, { minBudget = 0, maxBudget = tokens }: ReasoningSupport): number {
  return Math.max(minBudget, Math.min(tokens, maxBudget));
}

/** Who asks for more than `high` rather gets the most than less than asked. */
function nearest(effort: ReasoningEffort, { levels = [] }: ReasoningSupport): ReasoningEffort {
  if (effort === 'xhigh' && levels.includes('max') && !levels.includes('xhigh')) return 'max';
  return nearestLevel(effort, levels) ?? effort;
}

function knownLevels(levels: readonly string[]): ReasoningEffort[] {
  return levels.flatMap((level) => {
    const known = nearestLevel('none', [level]);
    return known === undefined ? [] : [known];
  });
}

/** What the model takes, for people. */
function valid({ levels = [], minBudget = 0, maxBudget, zeroAllowed, dynamicAllowed }: ReasoningSupport): string {
  const off = zeroAllowed === true && !levels.includes('none') ? ['none'] : [];
  const auto = dynamicAllowed === true ? ['auto'] : [];
  const range = maxBudget === undefined ? [] : [`${minBudget} to ${maxBudget} tokens`];
  return `valid: ${[...off, ...levels, ...auto, ...range].join(', ')}`;
}
