import type { ProxyError } from '../errors.ts';
import { isExcluded } from '../models/alias.ts';
import { parseModelSuffix } from '../models/suffix.ts';

/** Why a model is given up for another one, in the words of the configuration. */
export type FallbackCause =
  | 'rate-limit'
  | 'overloaded'
  | 'unavailable'
  | 'timeout'
  | 'context-length'
  | 'content-filter'
  | 'error';

/** Models that answer when others cannot. */
export interface FallbackRule {
  /** Name or pattern with `*` of the models that are given up; case does not matter. */
  readonly model: string;
  /** Names as clients use them (`model`, `provider/model`), in this order. */
  readonly to: readonly string[];
  /** Empty: everything that is not the request's fault. */
  readonly when: readonly FallbackCause[];
}

/** `cooling`: nobody was asked, because all are paused, for whatever reason. */
export type GivenUpCause = FallbackCause | 'cooling';

/** A model of which everything was tried. `undefined`: by a fault of the request. */
export interface GivenUp {
  readonly model: string;
  readonly cause: GivenUpCause | undefined;
}

/** Chains of chains end here: every model is a full try that the client waits for. */
export const MOST_MODELS = 8;

const requestFaults: ReadonlySet<GivenUpCause> = new Set(['context-length', 'content-filter']);

/** What a failure means to those who wait for another model; undefined: the request is at fault, no model can help. */
export function fallbackCause(error: ProxyError): FallbackCause | undefined {
  switch (error.kind) {
    case 'context-too-long':
    case 'too-large':
      return 'context-length';
    case 'policy':
      return 'content-filter';
    case 'model-not-found':
      return 'unavailable';
    default:
      return causeOfCode(error);
  }
}

function causeOfCode({ code, status }: ProxyError): FallbackCause | undefined {
  switch (code) {
    case 'upstream_rate_limited':
    case 'upstream_payment_required':
    case 'model_cooldown':
    case 'over_limit':
      return 'rate-limit';
    case 'upstream_overloaded':
      return 'overloaded';
    case 'upstream_unauthorized':
    case 'upstream_forbidden':
    case 'upstream_model_unavailable':
    case 'upstream_unreachable':
    case 'no_credential':
    case 'model_not_found':
      return 'unavailable';
    case 'upstream_timeout':
      return 'timeout';
    case 'upstream_failed':
    case 'upstream_invalid_response':
    case 'upstream_stream_truncated':
    case 'internal':
      return 'error';
    case 'upstream_rejected':
      return status === 404 ? 'unavailable' : undefined;
    case 'invalid_request':
    case 'invalid_json':
    case 'unsupported_encoding':
    case 'lossy_translation':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'previous_response_not_found':
    case 'method_not_allowed':
    case 'body_too_large':
    case 'client_closed':
    case 'shutting_down':
    case 'invalid_config':
    case 'storage_failed':
      return undefined;
  }
}

/**
 * The model to go on with: the first that the rules name for any of those given up, the asked one first, and that is not
 * among them. Undefined: none is left.
 */
export function nextModel(rules: readonly FallbackRule[], givenUp: readonly GivenUp[]): string | undefined {
  if (givenUp.length >= MOST_MODELS) return undefined;
  const used = new Set(givenUp.map(({ model }) => model.toLowerCase()));
  for (const { model, cause } of givenUp) {
    for (const rule of rules) {
      if (!admits(rule, cause) || !concerns(rule, model)) continue;
      const next = rule.to.find((name) => !used.has(name.toLowerCase()));
      if (next !== undefined) return next;
    }
  }
  return undefined;
}

/** Whether a model that nobody serves may be given up for another one. */
export function mayFallBack(rules: readonly FallbackRule[], model: string): boolean {
  return nextModel(rules, [{ model, cause: 'unavailable' }]) !== undefined;
}

function concerns(rule: FallbackRule, model: string): boolean {
  return isExcluded(model, [rule.model]) || isExcluded(parseModelSuffix(model).base, [rule.model]);
}

function admits({ when }: FallbackRule, cause: GivenUpCause | undefined): boolean {
  if (cause === undefined) return false;
  if (when.length === 0) return !requestFaults.has(cause);
  if (cause === 'cooling') return when.some((one) => !requestFaults.has(one));
  return when.includes(cause);
}
