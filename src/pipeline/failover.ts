import { markTried, stillAllowed } from '../credentials/pool.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt, UsageSource } from './answer-writer.ts';
import { Attempt, type AttemptOwner } from './attempt.ts';
import { sendError, sendLateError, type VerbatimError } from './error-reply.ts';
import type { Job } from './job.ts';

import { retriesUnsigned } from './signatures/retry-unsigned.ts';
import { keepForTurn, pickForTurn } from './socket-pin.ts';
import { finishSteps, LARGE_BYTES, type Steps, takeSteps } from './steps.ts';
import type { Watch } from './watch.ts';

/** An attempt, perhaps still to be made step by step; undefined: the answer is given without one. */
export type Preparation = PreparedAttempt | Steps<PreparedAttempt | undefined> | undefined;

/** Makes an attempt for a target, or answers without one and calls `finish` of the job. */
export type Prepare = (job: Job, target: Target) => Preparation;

interface Failure {
  readonly error: ProxyError;
  readonly verbatim: VerbatimError | undefined;
}

/** Tries targets one after the other until one answers, the request itself is refused, or none is left. */
export class Failover implements AttemptOwner {
  readonly #job: Job;
  readonly #targets: readonly Target[];
  readonly #prepare: Prepare;
  readonly #tried = new Set<string>();
  #attempt: Attempt | undefined;
  #target: Target | undefined;
  #last: Failure | undefined;
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #watch: Watch<Job>;

  constructor(job: Job, targets: readonly Target[], prepare: Prepare, watch: Watch<Job>) {
    this.#watch = watch;
    this.#job = job;
    this.#targets = targets;
    this.#prepare = prepare;
  }

  /** Starts the first attempt. */
  start(): void {
    this.#job.exchange.reply.onClose(() => this.#clientClosed());
    this.#job.onDrain = () => this.#attempt?.resume();
    if (this.#job.exchange.operation !== 'count-tokens') this.#job.watchedBy(this.#watch);
    this.#next();
  }

  #next(): void {
    const { pool, settings } = this.#job.options;
    const targets = stillAllowed(this.#targets, this.#tried, settings.maxRetryCredentials);
    const { model } = this.#job;
    const target = pickForTurn(this.#job, targets, this.#tried) ?? pool.pick({ model, targets, tried: this.#tried });
    if (target === undefined) this.#endRound();
    else this.#run(target);
  }

  #run(target: Target): void {
    const job = this.#job;
    this.#target = target;
    job.target = target;
    try {
      const prepared = this.#prepare(job, target);
      if (prepared === undefined || !('next' in prepared)) this.#begin(target, prepared);
      else if (job.exchange.body.length <= LARGE_BYTES) this.#begin(target, finishSteps(prepared));
      else
        takeSteps(prepared, {
          isOver: () => this.#closed,
          done: (attempt) => this.#begin(target, attempt),
          failed: (error) => this.attemptFailed(toProxyError(error), undefined),
        });
    } catch (error) {
      this.attemptFailed(toProxyError(error), undefined);
    }
  }

  #begin(target: Target, prepared: PreparedAttempt | undefined): void {
    if (prepared === undefined) return;
    const job = this.#job;
    job.attempts++;
    job.dialect = prepared.dialect;
    job.warnings = prepared.warnings;
    const attempt = new Attempt(job, target, prepared, this);
    this.#attempt = attempt;
    job.attempt = attempt;
    job.stalledTicks = 0;
    job.options.pool.begun(target);
    attempt.start();
  }

  /** All credentials were tried or are cooling down: a further round, perhaps after a wait, or the end. */
  #endRound(): void {
    const { pool, settings } = this.#job.options;
    const waitMs = pool.retryAfterMs(this.#targets);
    const again = this.#target?.credential.requestRetry ?? settings.requestRetry;
    const rounds = this.#job.stream ? again + settings.bootstrapRetries : again;
    if (this.#targets.length === 0 || this.#round >= rounds || waitMs > settings.maxRetryIntervalS * 1000) {
      this.#giveUp(waitMs);
      return;
    }
    this.#round++;
    this.#tried.clear();
    this.#timer = setTimeout(() => this.#next(), waitMs);
  }

  #giveUp(waitMs: number): void {
    if (this.#last !== undefined) this.#refuse(this.#last);
    else if (this.#targets.length === 0 || waitMs === 0)
      this.#refuse({ error: noCredential(this.#job), verbatim: undefined });
    else this.#refuse({ error: allCooling(this.#job, waitMs), verbatim: undefined });
  }

  #refuse({ error, verbatim }: Failure): void {
    const job = this.#job;
    const isLate = job.exchange.reply.headSent;
    if (isLate) sendLateError(job, error);
    else sendError(job.exchange, error, verbatim);
    job.finish(isLate ? 200 : error.status, error, undefined);
  }

  /** No attempt is under way any more. */
  #ended(): void {
    if (this.#attempt !== undefined && this.#target !== undefined) this.#job.options.pool.ended(this.#target);
    this.#attempt = undefined;
    this.#job.attempt = undefined;
  }

  attemptSucceeded(usage: UsageSource, reported: ProxyError | undefined): void {
    this.#ended();
    const { pool } = this.#job.options;
    if (this.#target !== undefined) {
      if (reported === undefined) {
        pool.succeeded(this.#target);
        keepForTurn(this.#job, this.#target);
      } else if (reported.scope !== 'request') pool.failed(this.#target, reported);
    }
    this.#job.finish(200, reported, usage);
  }

  attemptFailed(error: ProxyError, verbatim: VerbatimError | undefined): void {
    this.#ended();
    const target = this.#target;
    if (target !== undefined && !this.#closed && retriesUnsigned(this.#job, target, error)) {
      this.#run(target);
      return;
    }
    if (target !== undefined) {
      if (error.scope !== 'request') this.#job.options.pool.failed(target, error);
      markTried(this.#tried, target, this.#targets, error.scope);
    }
    if (this.#closed) return;
    this.#last = { error, verbatim };
    if (error.retryable || this.#mayKnowOther(error)) this.#next();
    else this.#refuse(this.#last);
  }

  /** A model that the upstream does not have; the client's name for it means others as well. */
  #mayKnowOther({ code, status }: ProxyError): boolean {
    const id = this.#target?.credential.id ?? '';
    return code === 'upstream_rejected' && status === 404 && !this.#tried.has(id);
  }

  attemptBroke(error: ProxyError, usage: UsageSource): void {
    this.#ended();
    if (this.#target !== undefined && error.scope !== 'request') this.#job.options.pool.failed(this.#target, error);
    this.#job.finish(200, error, usage);
  }

  #clientClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const usage = this.#attempt?.writer;
    this.#attempt?.abort();
    this.#ended();
    this.#job.finish(499, new ProxyError('client_closed', 'the client closed the connection'), usage);
  }
}

function noCredential(job: Job): ProxyError {
  return new ProxyError('no_credential', `no usable credential serves the model "${job.model}"`);
}

function allCooling(job: Job, waitMs: number): ProxyError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `all credentials for the model "${job.model}" are cooling down after failures, which the log names; try again in ${seconds} s`;
  return new ProxyError('model_cooldown', message, { retryAfterMs: waitMs });
}
