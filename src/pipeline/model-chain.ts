import { ProxyError } from '../errors.ts';
import { parseModelSuffix } from '../models/suffix.ts';
import { type FallbackRule, type GivenUp, type GivenUpCause, MOST_MODELS, nextModel } from '../routing/fallback.ts';
import type { Target } from '../routing/target.ts';
import { targetsWithState } from './exchange-state.ts';
import type { Job } from './job.ts';

/** A model that a request is tried with. */
export interface Stage {
  readonly model: string;
  readonly targets: readonly Target[];
}

const NOBODY: readonly Target[] = [];

/** The targets of the model that the client asked for; none when nobody serves it, but others may answer instead. */
export function askedTargets(job: Job): readonly Target[] {
  try {
    return targetsWithState(job.options.route(job.model, job.exchange), job.exchange.state);
  } catch (error) {
    if (!(error instanceof ProxyError) || error.code !== 'model_not_found' || fallbackRules(job) === undefined) {
      throw error;
    }
    job.unserved = error;
    return NOBODY;
  }
}

/** The rules by which other models may answer the request; undefined: none may. */
export function fallbackRules({ exchange, options }: Job): readonly FallbackRule[] | undefined {
  const rules = options.settings.fallbacks;
  if (rules === undefined || rules.length === 0 || exchange.operation === 'compact') return undefined;
  const { state } = exchange;
  // A conversation that its provider keeps is unknown to all others.
  return state?.credentialId === undefined && state?.needsProvider === undefined ? rules : undefined;
}

/** The models that a request is tried with: the asked one, and those that were needed after it. */
export class ModelChain {
  readonly #job: Job;
  readonly #rules: readonly FallbackRule[];
  readonly #stages: Stage[];
  readonly #givenUp: GivenUp[] = [];
  #at = 0;

  constructor(job: Job, rules: readonly FallbackRule[], asked: Stage) {
    this.#job = job;
    this.#rules = rules;
    this.#stages = [asked];
  }

  /** Everybody who was asked, whatever the model. */
  get targets(): readonly Target[] {
    return this.#stages.flatMap(({ targets }) => targets);
  }

  /** Back to the asked model. */
  restart(): Stage | undefined {
    this.#at = 0;
    return this.#stages[0];
  }

  /** The model after the one at hand, which was given up for this cause; undefined when there is none. */
  next(cause: GivenUpCause | undefined): Stage | undefined {
    this.#giveUp(cause);
    const known = this.#stages[this.#at + 1];
    if (known !== undefined) {
      this.#at++;
      return known;
    }
    for (let count = 0; count < MOST_MODELS; count++) {
      const model = nextModel(this.#rules, this.#givenUp);
      if (model === undefined) return undefined;
      const targets = this.#targetsOf(model);
      if (targets.length > 0) {
        const stage = { model, targets };
        this.#at = this.#stages.push(stage) - 1;
        this.#givenUp.push({ model, cause: undefined });
        return stage;
      }
      this.#givenUp.push({ model, cause: 'unavailable' });
    }
    return undefined;
  }

  #giveUp(cause: GivenUpCause | undefined): void {
    const model = this.#stages[this.#at]?.model ?? '';
    const index = this.#givenUp.findIndex((one) => one.model === model);
    if (index === -1) this.#givenUp.push({ model, cause });
    else this.#givenUp[index] = { model, cause };
  }

  /** Nobody for a model that is not served; the configuration was checked for such names when it was loaded. */
  #targetsOf(model: string): readonly Target[] {
    const { exchange, options } = this.#job;
    try {
      const targets = options.route(model, exchange);
      const { reasoning } = parseModelSuffix(this.#job.model);
      // What the client's name asks for, as in `model(high)`, it asks of whoever answers.
      return reasoning === undefined ? targets : targets.map((target) => ({ reasoning, ...target }));
    } catch {
      return NOBODY;
    }
  }
}
