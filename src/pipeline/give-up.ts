import { ProxyError } from '../errors.ts';
import type { VerbatimError } from './error-reply.ts';
import type { Job } from './job.ts';

/** A failure as the client may be told it. */
export interface Failure {
  readonly error: ProxyError;
  /** The upstream's own answer, where the client can read it. */
  readonly verbatim: VerbatimError | undefined;
}

/** Nobody serves the model, or nobody may. */
export function noCredential(job: Job): ProxyError {
  return new ProxyError('no_credential', `no usable credential serves the model "${job.model}"`);
}

/** Everybody who serves the model is paused. */
export function allCooling(job: Job, waitMs: number): ProxyError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `all credentials for the model "${job.model}" are cooling down after failures, which the log names; try again in ${seconds} s`;
  return new ProxyError('model_cooldown', message, { retryAfterMs: waitMs });
}

/** The last failure of a request whose attempts are used up. */
export function budgetSpent({ error }: Failure, tries: number): Failure {
  const { code, message, status, upstream, retryAfterMs } = error;
  const told = new ProxyError(
    code,
    `${message} (the last of ${tries} attempts, which is all that attempt-budget allows)`,
    {
      status,
      cause: error,
      ...(upstream === undefined ? {} : { upstream }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
  return { error: told, verbatim: undefined };
}

/** Nothing of an answer came in the time that the configuration gives a request. */
export function deadlineOver(last: Failure | undefined, tries: number, deadlineMs: number): ProxyError {
  const seconds = deadlineMs / 1000;
  const attempts = tries === 1 ? '1 attempt' : `${tries} attempts`;
  const why = last === undefined ? '' : `; the last failure: ${last.error.message}`;
  const message = `no answer within ${seconds} s (request-deadline-seconds), after ${attempts}${why}`;
  return new ProxyError('upstream_timeout', message, last === undefined ? {} : { cause: last.error });
}
