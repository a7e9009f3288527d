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
  const { model, options, targets } = job;
  const seconds = Math.ceil(waitMs / 1000);
  const message = `all credentials for the model "${model}" are cooling down after failures${whatCools(job)}; try again in ${seconds} s`;
  const [first] = targets;
  return new ProxyError('model_cooldown', message, {
    retryAfterMs: waitMs,
    cooling: {
      model,
      resetsAtMs: options.clock.now() + waitMs,
      provider: targets.every(({ provider }) => provider === first?.provider) ? first?.provider.id : undefined,
    },
  });
}

/** As many targets are looked at, and as many reasons told: the text is for people. */
const MOST_TARGETS = 200;
const MOST_REASONS = 3;

/** ` (2 of Claude since upstream_rate_limited, 429; ...)`. No name of an account: clients are not told of them. */
function whatCools({ options: { pool }, targets }: Job): string {
  const counts = new Map<string, Set<string>>();
  for (const target of targets.slice(0, MOST_TARGETS)) {
    const notice = pool.cooldownOf?.(target);
    if (notice === undefined || notice.waitMs === 0) continue;
    const reason = `${target.provider.label} since ${notice.code}, ${notice.status}`;
    counts.set(reason, (counts.get(reason) ?? new Set()).add(target.credential.id));
  }
  if (counts.size === 0) return '';
  const reasons = [...counts].slice(0, MOST_REASONS).map(([reason, ids]) => `${ids.size} of ${reason}`);
  return ` (${reasons.join('; ')}${counts.size > MOST_REASONS ? '; ...' : ''})`;
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
