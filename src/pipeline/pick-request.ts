import type { AttemptCost, PickRequest, RequestNeeds } from '../credentials/pool.ts';
import { type SessionKey, sessionKeyOf } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';
import { needsOf } from './request-needs.ts';

/** What a job's pick goes by; the conversation and the needs are looked up only when the pool asks. */
export class JobPick implements PickRequest {
  readonly model: string;
  readonly targets: readonly Target[];
  readonly tried: ReadonlySet<string>;
  readonly cost: AttemptCost;
  readonly #job: Job;

  /** `model`: the asked one, or a fallback. */
  constructor(
    job: Job,
    targets: readonly Target[],
    tried: ReadonlySet<string>,
    cost: AttemptCost,
    model: string = job.model,
  ) {
    this.#job = job;
    this.cost = cost;
    this.model = model;
    this.targets = targets;
    this.tried = tried;
  }

  session(): SessionKey | undefined {
    const { exchange, body, options } = this.#job;
    const subagentsFollow = options.settings.subagentsFollow !== false;
    return sessionKeyOf({ headers: exchange.headers, body, principal: exchange.principal, subagentsFollow });
  }

  needs(): RequestNeeds {
    return needsOf(this.#job);
  }
}
