import type { AttemptCost } from '../credentials/pool.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt, UsageSource } from './answer-writer.ts';
import { Attempt, type AttemptOwner } from './attempt.ts';
import { Course } from './course.ts';
import { sendError, sendLateError, type VerbatimError } from './error-reply.ts';
import { allCooling, budgetSpent, deadlineOver, type Failure, noCredential } from './give-up.ts';
import type { Job } from './job.ts';
import { atNextBase } from './next-base.ts';
import { renewable } from './renewal.ts';
import { type RequestTokens, requestTokens } from './request-tokens.ts';
import { overLimit, RoomWait } from './room-wait.ts';
import { retriesUnsigned } from './signatures/retry-unsigned.ts';
import { keepForTurn } from './socket-pin.ts';
import { finishSteps, LARGE_BYTES, type Steps, takeSteps } from './steps.ts';
import { Judge } from './verdict.ts';
import type { Watch } from './watch.ts';

/** An attempt, perhaps still to be made step by step; undefined: the answer is given without one. */
export type Preparation = PreparedAttempt | Steps<PreparedAttempt | undefined> | undefined;

/** Makes an attempt for a target, or answers without one and calls `finish` of the job. */
export type Prepare = (job: Job, target: Target) => Preparation;

/** Tries targets one after the other until one answers, the request itself is refused, or none is left. */
export class Failover implements AttemptOwner, AttemptCost {
  readonly #job: Job;
  readonly #prepare: Prepare;
  readonly #watch: Watch<Job>;
  readonly #course: Course;
  /** Counted by the pool, until `#release`. */
  #target: Target | undefined;
  #attempt: Attempt | undefined;
  #startedAtMs = 0;
  /** Estimated when somebody asks. */
  #tokens: RequestTokens | undefined;
  #tries = 0;
  /** Made for the first failure. */
  #judge: Judge | undefined;
  /** Credentials whose tokens were renewed for this request. */
  #renewed: Set<string> | undefined;
  /** The last failure of the model that the client asked for, which is what it is told; and that of any model. */
  #told: Failure | undefined;
  #last: Failure | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Made for the first wait. */
  #roomWait: RoomWait | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #deadlineAtMs = Number.POSITIVE_INFINITY;
  /** Answered, or nobody waits for an answer. */
  #over = false;

  constructor(job: Job, prepare: Prepare, watch: Watch<Job>) {
    this.#job = job;
    this.#prepare = prepare;
    this.#watch = watch;
    this.#course = new Course(job, this);
  }

  inputTokens(): number {
    this.#tokens ??= requestTokens(this.#job);
    return this.#tokens.input;
  }

  tokens(): number {
    this.#tokens ??= requestTokens(this.#job);
    return this.#tokens.input + this.#tokens.output;
  }

  /** Starts the first attempt. */
  start(): void {
    const job = this.#job;
    job.exchange.reply.onClose(() => this.#clientClosed());
    if (job.exchange.operation !== 'count-tokens') job.watchedBy(this.#watch);
    const deadlineMs = job.options.settings.requestDeadlineMs ?? 0;
    if (deadlineMs > 0) {
      this.#deadlineAtMs = performance.now() + deadlineMs;
      this.#deadline = setTimeout(() => this.#deadlinePassed(deadlineMs), deadlineMs);
    }
    this.#next();
  }

  #next(): void {
    if (this.#last !== undefined && this.#isSpent()) {
      this.#refuse(budgetSpent(this.#told ?? this.#last, this.#tries));
      return;
    }
    const next = this.#course.next();
    if (typeof next === 'object') this.#run(next);
    else if (next === 'room') this.#waitForRoom();
    // No wait is worth it that the deadline ends.
    else if (next === undefined || performance.now() + next > this.#deadlineAtMs) this.#refuse(this.#refusal());
    else this.#timer = setTimeout(() => this.#startRound(), next);
  }

  #startRound(): void {
    this.#course.startRound();
    this.#next();
  }

  #waitForRoom(): void {
    this.#roomWait ??= new RoomWait(this.#job, this.#deadlineAtMs);
    this.#roomWait.wait(this.#course.awaited(), {
      served: () => {
        this.#course.roomCame();
        this.#next();
      },
      denied: () => {
        this.#course.roomDenied();
        this.#next();
      },
    });
  }

  #isSpent(): boolean {
    const budget = this.#job.options.settings.attemptBudget ?? 0;
    return budget > 0 && this.#tries >= budget;
  }

  #run(target: Target): void {
    const job = this.#job;
    this.#target = target;
    this.#tries++;
    this.#startedAtMs = job.options.clock.now();
    job.target = target;
    job.options.pool.begun(target, this);
    try {
      const prepared = this.#prepare(job, target);
      if (prepared === undefined || !('next' in prepared)) this.#begin(target, prepared);
      else if (job.exchange.body.length <= LARGE_BYTES) this.#begin(target, finishSteps(prepared));
      else
        takeSteps(prepared, {
          isOver: () => this.#over,
          done: (attempt) => this.#begin(target, attempt),
          failed: (error) => this.attemptFailed(toProxyError(error), undefined),
        });
    } catch (error) {
      this.attemptFailed(toProxyError(error), undefined);
    }
  }

  #begin(target: Target, prepared: PreparedAttempt | undefined): void {
    if (prepared === undefined) {
      this.attemptReplaced();
      return;
    }
    const job = this.#job;
    job.attempts++;
    job.dialect = prepared.dialect;
    job.warnings = prepared.warnings;
    const attempt = new Attempt(job, target, prepared, this);
    this.#attempt = attempt;
    job.attempt = attempt;
    job.stalledTicks = 0;
    attempt.start();
  }

  /** Nobody is asked any more, and the pool knows it. `spent`: what it cost, where an answer was under way. */
  #release(outcome: ProxyError | undefined, spent?: UsageSource): void {
    const target = this.#target;
    if (target === undefined) return;
    const job = this.#job;
    if (this.#attempt !== undefined) job.noteOutcome(target, outcome, this.#startedAtMs);
    this.#target = undefined;
    this.#attempt = undefined;
    job.attempt = undefined;
    job.options.pool.ended(target, this, spent);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    this.#roomWait?.end();
  }

  attemptReplaced(): void {
    clearTimeout(this.#deadline);
    this.#release(undefined);
  }

  attemptSucceeded(usage: UsageSource, reported: ProxyError | undefined): void {
    const target = this.#target;
    const { pool } = this.#job.options;
    this.#end();
    this.#release(reported, usage);
    if (target !== undefined) {
      if (reported === undefined) {
        pool.succeeded(target);
        keepForTurn(this.#job, target);
      } else if (reported.scope !== 'request') pool.failed(target, reported);
    }
    this.#job.finish(200, reported, usage);
  }

  attemptBroke(error: ProxyError, usage: UsageSource): void {
    const target = this.#target;
    this.#end();
    this.#release(error, usage);
    if (target !== undefined && error.scope !== 'request') this.#job.options.pool.failed(target, error);
    this.#job.finish(200, error, usage);
  }

  attemptFailed(error: ProxyError, verbatim: VerbatimError | undefined, body?: string): void {
    const target = this.#target;
    const wasSent = this.#attempt !== undefined;
    this.#release(error);
    if (target === undefined || this.#over) return;
    const failure = { error, verbatim };
    if (!this.#isSpent()) {
      if (retriesUnsigned(this.#job, target, error)) {
        this.#run(target);
        return;
      }
      if (this.#renews(target, failure, body)) return;
      const elsewhere = atNextBase(target, error);
      if (elsewhere !== undefined) {
        this.#run(elsewhere);
        return;
      }
    }
    if (wasSent || !this.#job.fellBack) this.#judged(target, failure, body);
    else this.#course.passOver(target);
    this.#next();
  }

  /** A refused token is renewed, and the same credential asked once more. */
  #renews(target: Target, failure: Failure, body: string | undefined): boolean {
    const renewal = renewable(this.#job, target, failure.error, this.#renewed);
    if (renewal === undefined) return false;
    this.#renewed ??= new Set();
    this.#renewed.add(target.credential.id);
    void renewal(target).then((renewed) => {
      if (this.#over) return;
      if (renewed === undefined) {
        this.#judged(target, failure, body);
        this.#next();
        return;
      }
      if (this.#job.unsignedFor === target) this.#job.unsignedFor = renewed;
      this.#run(renewed);
    });
    return true;
  }

  #judged(target: Target, { error, verbatim }: Failure, body: string | undefined): void {
    const { pool } = this.#job.options;
    this.#judge ??= new Judge();
    const verdict = this.#judge.judge(target, error, body);
    if (verdict.forgiven !== undefined) pool.forgiven(verdict.forgiven);
    if (verdict.blame !== undefined) pool.failed(target, verdict.blame);
    this.#course.failed(target, error, verdict);
    this.#last = { error: verdict.error, verbatim };
    if (!this.#job.fellBack) this.#told = this.#last;
  }

  /** The client is told what became of the model that it asked for. */
  #refusal(): Failure {
    const { options, targets, unserved } = this.#job;
    if (this.#told !== undefined) return this.#told;
    const limited = overLimit(this.#job, this.#course.awaited());
    if (limited !== undefined) return { error: limited, verbatim: undefined };
    const waitMs = targets.length === 0 ? 0 : options.pool.retryAfterMs(targets);
    if (waitMs > 0) return { error: allCooling(this.#job, waitMs), verbatim: undefined };
    return this.#last ?? { error: unserved ?? noCredential(this.#job), verbatim: undefined };
  }

  #refuse({ error, verbatim }: Failure): void {
    const job = this.#job;
    this.#end();
    const isLate = job.exchange.reply.headSent;
    if (isLate) sendLateError(job, error);
    else sendError(job.exchange, error, verbatim);
    job.finish(isLate ? 200 : error.status, error, undefined);
  }

  #deadlinePassed(deadlineMs: number): void {
    if (this.#over || this.#attempt?.writer.outbox.begun === true) return;
    this.#attempt?.abort();
    const error = deadlineOver(this.#told ?? this.#last, this.#tries, deadlineMs);
    this.#release(error, this.#attempt?.writer);
    this.#refuse({ error, verbatim: undefined });
  }

  #clientClosed(): void {
    if (this.#over) return;
    const usage = this.#attempt?.writer;
    this.#attempt?.abort();
    const error = new ProxyError('client_closed', 'the client closed the connection');
    this.#end();
    this.#release(error, usage);
    this.#job.finish(499, error, usage);
  }
}
