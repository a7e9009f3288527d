import { type AttemptCost, markTried, type PickRequest, stillAllowed } from '../credentials/pool.ts';
import type { ErrorScope, ProxyError } from '../errors.ts';
import type { GivenUpCause } from '../routing/fallback.ts';
import { type Curable, moreCurable, roundsOf, roundWaitMs } from '../routing/retry-policy.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';
import { fallbackRules, ModelChain, type Stage } from './model-chain.ts';
import { JobPick } from './pick-request.ts';
import { pickForTurn } from './socket-pin.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whom a request asks next: all credentials of the asked model, those of its fallbacks, and then, after a wait, those
 * again that take part in a further round.
 */
export class Course {
  readonly #job: Job;
  readonly #cost: AttemptCost;
  readonly #tried = new Set<string>();
  /** What is being tried: the asked model, or a fallback. */
  #model: string;
  #targets: readonly Target[];
  #chain: ModelChain | undefined;
  /** Somebody was asked for this model, and in this round. */
  #modelAsked = false;
  #roundAsked = false;
  /** No other credential of this model can do better. */
  #stopped = false;
  #round = 0;
  /** What the failures of the last round left hope for, and those of this one. */
  #roundFor: Curable;
  #curable: Curable;
  /** There was no room under the user's limits in time. */
  #roomDenied = false;
  /** Of the last failure of this model. */
  #cause: GivenUpCause | undefined;
  /** Somebody who cools down, and is better than nothing once the fallbacks have failed as well. */
  #spare: { readonly model: string; readonly target: Target } | undefined;

  constructor(job: Job, cost: AttemptCost) {
    this.#job = job;
    this.#cost = cost;
    this.#model = job.model;
    this.#targets = job.targets;
  }

  /**
   * The next to ask; or how many milliseconds to wait before `startRound`; or that `roomCame` or `roomDenied` is to be
   * waited for; or undefined: there is nobody left.
   */
  next(): Target | number | 'room' | undefined {
    for (;;) {
      const target = this.#stopped ? undefined : this.#pick();
      if (target === undefined) {
        const stage = this.#afterModel(this.#endOfModel());
        if (stage === undefined) return this.#endRound();
        this.#enter(stage);
      } else if (!this.#isSpared(target)) {
        this.#modelAsked = true;
        this.#roundAsked = true;
        return target;
      }
    }
  }

  /** Begins the round that `next` wanted to wait for. */
  startRound(): void {
    this.#curable = undefined;
    this.#roundAsked = false;
    this.#enter(this.#chain?.restart() ?? { model: this.#job.model, targets: this.#job.targets });
  }

  /** What would be served, were there room. */
  awaited(): PickRequest {
    return new JobPick(this.#job, this.#chain?.targets ?? this.#job.targets, this.#tried, this.#cost);
  }

  /** Begins again with those who were not tried. */
  roomCame(): void {
    const stage = this.#chain?.restart();
    if (stage !== undefined) this.#enter(stage);
  }

  /** No further wait for room is worth it. */
  roomDenied(): void {
    this.#roomDenied = true;
  }

  /** Takes note of a failure. */
  failed(target: Target, error: ProxyError, verdict: Verdict): void {
    this.#mark(target, error.scope);
    this.#curable = moreCurable(this.#curable, verdict.curable);
    this.#cause = verdict.cause;
    this.#stopped = verdict.stop ?? !(error.retryable || this.#mayKnowOther(target, error));
  }

  /** Leaves out a target that cannot carry the request, and with it every credential of its kind. */
  passOver({ provider, model }: Target): void {
    this.#targets = this.#targets.filter((other) => other.provider !== provider || other.model !== model);
  }

  #mark(target: Target, scope: ErrorScope): void {
    markTried(this.#tried, target, this.#targets, scope);
  }

  /** A model that the upstream does not have; the client's name for it means others as well. */
  #mayKnowOther(target: Target, { code, status }: ProxyError): boolean {
    return code === 'upstream_rejected' && status === 404 && !this.#tried.has(target.credential.id);
  }

  #pick(): Target | undefined {
    const job = this.#job;
    const { pool, settings } = job.options;
    const targets = stillAllowed(this.#targets, this.#tried, settings.maxRetryCredentials);
    return (
      pickForTurn(job, targets, this.#tried) ??
      pool.pick(new JobPick(job, targets, this.#tried, this.#cost, this.#model))
    );
  }

  /** A pool names somebody who is cooling down when there is nobody else; a fallback is somebody else. */
  #isSpared(target: Target): boolean {
    if (this.#modelAsked || fallbackRules(this.#job) === undefined) return false;
    if (this.#job.options.pool.retryAfterMs([target]) === 0) return false;
    const spare = { model: this.#model, target };
    const stage = this.#afterModel('cooling');
    if (stage === undefined) return false;
    this.#spare ??= spare;
    this.#enter(stage);
    return true;
  }

  #endOfModel(): GivenUpCause | undefined {
    if (this.#modelAsked) return this.#cause;
    return this.#targets.length === 0 ? 'unavailable' : 'cooling';
  }

  #afterModel(cause: GivenUpCause | undefined): Stage | undefined {
    if (this.#chain === undefined) {
      const rules = fallbackRules(this.#job);
      if (rules === undefined) return undefined;
      this.#chain = new ModelChain(this.#job, rules, { model: this.#model, targets: this.#job.targets });
    }
    return this.#chain.next(cause);
  }

  #enter({ model, targets }: Stage): void {
    this.#model = model;
    this.#targets = this.#admitted(targets);
    this.#job.fellBack = model !== this.#job.model;
    this.#tried.clear();
    this.#stopped = false;
    this.#cause = undefined;
    this.#modelAsked = false;
  }

  /** Those who take part in this round; all, in the usual case as the same array. */
  #admitted(targets: readonly Target[]): readonly Target[] {
    if (this.#round === 0) return targets;
    const { options, stream } = this.#job;
    const takesPart = ({ credential }: Target): boolean =>
      roundsOf(credential, options.settings, stream, this.#roundFor) >= this.#round;
    return targets.every(takesPart) ? targets : targets.filter(takesPart);
  }

  #endRound(): Target | number | 'room' | undefined {
    const { pool, settings, random = Math.random } = this.#job.options;
    if (this.#stopped && !this.#job.fellBack) return undefined;
    if (!this.#roomDenied && pool.room?.isAwaited(this.awaited()) === true) return 'room';
    this.#round++;
    // Where nobody was asked, all wait for the end of a cooldown.
    this.#roundFor = this.#roundAsked ? this.#curable : 'round';
    const targets = this.#withRoom(this.#admitted(this.#chain?.targets ?? this.#job.targets));
    const mostMs = settings.maxRetryIntervalS * 1000;
    const waitMs = targets.length === 0 ? undefined : roundWaitMs(pool.retryAfterMs(targets), mostMs, random);
    return waitMs ?? this.#takeSpare();
  }

  #withRoom(targets: readonly Target[]): readonly Target[] {
    const { room } = this.#job.options.pool;
    if (room === undefined || !this.#roomDenied) return targets;
    const request = this.awaited();
    return targets.filter((target) => room.hasRoom(request, target));
  }

  #takeSpare(): Target | undefined {
    const spare = this.#spare;
    if (spare === undefined) return undefined;
    this.#spare = undefined;
    this.#enter({ model: spare.model, targets: [spare.target] });
    this.#modelAsked = true;
    return spare.target;
  }
}
