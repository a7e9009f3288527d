import type { ProxyError } from '../errors.ts';

/** Whether a further round over the credentials may do better: for any request, or only for a stream (bootstrap). */
export type Curable = 'round' | 'stream' | undefined;

/** What of the configuration decides on further rounds. */
export interface RoundSettings {
  readonly requestRetry: number;
  /** Further rounds for streams of which nothing has been sent. */
  readonly bootstrapRetries: number;
}

/** Not implemented, or a version of HTTP that is not: the same a second later. */
const LASTING: ReadonlySet<number> = new Set([501, 505]);

/** Whether trying the same credentials again after a while makes sense. */
export function curableBy(error: ProxyError): Curable {
  switch (error.code) {
    case 'upstream_forbidden':
    case 'upstream_rate_limited':
    case 'upstream_overloaded':
    case 'upstream_unreachable':
    case 'upstream_timeout':
    case 'upstream_invalid_response':
    case 'upstream_stream_truncated':
    case 'model_cooldown':
    case 'over_limit':
      return 'round';
    case 'upstream_failed':
      return LASTING.has(error.upstream?.status ?? 0) ? undefined : 'round';
    case 'upstream_unauthorized':
    case 'upstream_payment_required':
      return 'stream';
    case 'upstream_rejected':
    case 'upstream_model_unavailable':
    case 'invalid_request':
    case 'invalid_json':
    case 'unsupported_encoding':
    case 'lossy_translation':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'previous_response_not_found':
    case 'model_not_found':
    case 'method_not_allowed':
    case 'body_too_large':
    case 'client_closed':
    case 'shutting_down':
    case 'internal':
    case 'invalid_config':
    case 'no_credential':
    case 'storage_failed':
      return undefined;
  }
}

/** The stronger of two. */
export function moreCurable(one: Curable, other: Curable): Curable {
  return one === 'round' || other === undefined ? one : other;
}

/** How many further rounds a credential takes part in, after failures of that kind. */
export function roundsOf(
  { requestRetry = -1 }: { readonly requestRetry?: number },
  settings: RoundSettings,
  stream: boolean,
  curable: Curable,
): number {
  const own = requestRetry >= 0 ? requestRetry : settings.requestRetry;
  const bootstrap = stream ? settings.bootstrapRetries : 0;
  if (curable === undefined) return 0;
  return curable === 'round' ? own + bootstrap : bootstrap;
}

const MAX_JITTER_MS = 2000;

/**
 * How long to wait before a further round: until the first credential recovers, and a little longer, so that not all who
 * wait come back at once. Undefined: too long. `random` gives 0 to 1.
 */
export function roundWaitMs(recoveryMs: number, mostMs: number, random: () => number): number | undefined {
  if (recoveryMs <= 0) return 0;
  if (recoveryMs > mostMs) return undefined;
  return Math.min(mostMs, recoveryMs + random() * Math.min(recoveryMs / 4, MAX_JITTER_MS));
}
