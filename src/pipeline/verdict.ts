import type { ErrorRule } from '../credentials/credential.ts';
import { ProxyError } from '../errors.ts';
import { fingerprintOf } from '../routing/error-fingerprint.ts';
import { fallbackCause, type GivenUpCause } from '../routing/fallback.ts';
import { type Curable, curableBy } from '../routing/retry-policy.ts';
import type { Target } from '../routing/target.ts';
import { matchErrorRule } from './error-rules.ts';

/** What a failed attempt means for its request and its credential. */
export interface Verdict {
  /** The failure as it is told and recorded. */
  readonly error: ProxyError;
  /** What the credential pauses for; undefined: nothing. */
  readonly blame: ProxyError | undefined;
  /** No other credential is to be tried. Undefined: as the error itself says. */
  readonly stop: boolean | undefined;
  /** Its blame is to be taken back. */
  readonly forgiven: Target | undefined;
  readonly curable: Curable;
  /** Why another model may do better; undefined: none can. */
  readonly cause: GivenUpCause | undefined;
}

/** The pause that a rule demands for an error that says nothing of its own. */
const RULED_COOLDOWN_MS = 60_000;

/** Judges the failures of one request; remembers them, because the same one twice means something else. */
export class Judge {
  readonly #seen = new Map<string, Target>();

  /** `body`: of an error answer, as far as there is one. */
  judge(target: Target, error: ProxyError, body: string | undefined): Verdict {
    const rule = ruleFor(target, error, body);
    if (rule !== undefined) return ruled(rule, error);
    const earlier = this.#sameBefore(target, error);
    if (earlier !== undefined) {
      const told = requestsFault(error);
      return { error: told, blame: undefined, stop: true, forgiven: earlier, curable: undefined, cause: undefined };
    }
    return {
      error,
      blame: error.scope === 'request' ? undefined : error,
      stop: undefined,
      forgiven: undefined,
      curable: curableBy(error),
      cause: fallbackCause(error),
    };
  }

  /** The other credential that failed in the same words. */
  #sameBefore(target: Target, error: ProxyError): Target | undefined {
    const fingerprint = fingerprintOf(error);
    if (fingerprint === undefined) return undefined;
    const earlier = this.#seen.get(fingerprint);
    if (earlier === undefined) this.#seen.set(fingerprint, target);
    return earlier?.credential.id === target.credential.id ? undefined : earlier;
  }
}

/** Only what an upstream said itself can be matched; an error inside a stream has words, but no body. */
function ruleFor({ credential }: Target, { upstream }: ProxyError, body: string | undefined): ErrorRule | undefined {
  if (credential.errorRules === undefined || upstream === undefined) return undefined;
  return matchErrorRule(credential.errorRules, upstream.status, body ?? upstream.message);
}

function ruled({ action }: ErrorRule, error: ProxyError): Verdict {
  const stop = action === 'stop' || action === 'stop-and-cooldown';
  const cools = action === 'stop-and-cooldown' || action === 'continue-and-cooldown';
  return {
    error,
    blame: cools ? ruledCooldown(error) : undefined,
    stop,
    forgiven: undefined,
    curable: stop ? undefined : curableBy(error),
    cause: stop ? undefined : (fallbackCause(error) ?? 'error'),
  };
}

/** An error that pauses the credential, whatever the original would have done. */
function ruledCooldown(error: ProxyError): ProxyError {
  if (error.scope === 'credential') return error;
  const retryAfterMs = Math.max(error.retryAfterMs ?? 0, RULED_COOLDOWN_MS);
  return new ProxyError('upstream_rate_limited', error.message, { status: error.status, retryAfterMs, cause: error });
}

/** The same failure with the same status and words, told as a refusal of the request. */
function requestsFault(error: ProxyError): ProxyError {
  const { message, status, upstream } = error;
  return new ProxyError('upstream_rejected', message, {
    status,
    cause: error,
    ...(upstream === undefined ? {} : { upstream }),
  });
}
