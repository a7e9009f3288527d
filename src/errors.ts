import { delayInMessage, type ErrorKind, errorKindOf, errorKinds, statusOfKind } from './error-kinds.ts';

/** What an error condemns: this request, one credential, one model on it, or the whole provider. */
export type ErrorScope = 'request' | 'credential' | 'model' | 'provider';

/** One line of the error table. */
export interface ErrorRow {
  /** HTTP status sent to the client unless the error carries its own (an upstream's). */
  readonly status: number;
  /** Another credential or a later try may succeed. */
  readonly retryable: boolean;
  readonly scope: ErrorScope;
}

const request = (status: number): ErrorRow => ({ status, retryable: false, scope: 'request' });
const retry = (status: number, scope: ErrorScope): ErrorRow => ({ status, retryable: true, scope });

/** Stable name of an error; the `code` of every {@link ProxyError}. */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'unsupported_encoding'
  | 'lossy_translation'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'previous_response_not_found'
  | 'model_not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'client_closed'
  | 'shutting_down'
  | 'internal'
  | 'invalid_config'
  | 'model_cooldown'
  | 'no_credential'
  | 'over_limit'
  | 'storage_failed'
  | 'upstream_rejected'
  | 'upstream_model_unavailable'
  | 'upstream_unauthorized'
  | 'upstream_payment_required'
  | 'upstream_forbidden'
  | 'upstream_rate_limited'
  | 'upstream_overloaded'
  | 'upstream_failed'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_invalid_response'
  | 'upstream_stream_truncated';

/** Every error of this project: its HTTP status, whether another try makes sense, and who is to blame. */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = {
  invalid_request: request(400),
  invalid_json: request(400),
  unsupported_encoding: request(415),
  lossy_translation: request(400),
  unauthorized: request(401),
  forbidden: request(403),
  not_found: request(404),
  /** The stored turn that a request continues is gone, or never was; the client sends everything again. */
  previous_response_not_found: request(400),
  model_not_found: request(404),
  method_not_allowed: request(405),
  body_too_large: request(413),
  client_closed: request(499),
  shutting_down: request(503),
  internal: request(500),
  invalid_config: request(500),
  /** Every credential that could serve is cooling down. */
  model_cooldown: request(429),
  /** No credential serves this model, or all that do are disabled. */
  no_credential: request(503),
  /** A limit of the configuration's own; `retryAfterMs` says when there is room again. */
  over_limit: request(429),
  /** A file or database of ours cannot be read or written. */
  storage_failed: request(500),
  /** The upstream says the request itself is wrong. */
  upstream_rejected: request(400),
  /** The account does not have the model; another one may. */
  upstream_model_unavailable: retry(404, 'model'),
  upstream_unauthorized: retry(401, 'credential'),
  upstream_payment_required: retry(402, 'credential'),
  upstream_forbidden: retry(403, 'credential'),
  upstream_rate_limited: retry(429, 'model'),
  upstream_overloaded: retry(529, 'provider'),
  upstream_failed: retry(502, 'provider'),
  upstream_unreachable: retry(502, 'provider'),
  upstream_timeout: retry(504, 'provider'),
  upstream_invalid_response: retry(502, 'provider'),
  upstream_stream_truncated: retry(502, 'provider'),
};

/** What an upstream said about its failure, in its own words. */
export interface UpstreamErrorInfo {
  readonly status: number;
  /** The upstream's `error.type`, e.g. `rate_limit_error`, `INVALID_ARGUMENT`. */
  readonly type?: string;
  /** The upstream's `error.code`, e.g. `context_length_exceeded`. */
  readonly code?: string;
  readonly param?: string;
  readonly message: string;
  /** From `Retry-After` or the body; milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The same as a moment, Unix seconds: whoever has a clock makes a time from now of it. */
  readonly retryAtS?: number;
  /**
   * What a rate limit is of, where the upstream says so: all that the credential asks for, or only requests of this kind,
   * which says nothing about others. Absent: the model.
   */
  readonly limitOf?: 'credential' | 'request';
  /** Which limit it is, where the upstream says so: `requests-per-day`. */
  readonly limitName?: string;
}

/** What a client can be told of a model that nobody may be asked for now. */
export interface CoolingDetails {
  /** As the client named it. */
  readonly model: string;
  /** When the first of its credentials may be tried again, in milliseconds since the epoch. */
  readonly resetsAtMs: number;
  /** Id of the provider that serves it, if there is only one. */
  readonly provider?: string | undefined;
}

/** Optional details of a {@link ProxyError}. */
export interface ProxyErrorDetails {
  /** HTTP status when it differs from the table's (an upstream's own). */
  readonly status?: number;
  /** JSON path in the client's body that is wrong. */
  readonly path?: string;
  /** Milliseconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterMs?: number;
  readonly upstream?: UpstreamErrorInfo;
  readonly cooling?: CoolingDetails;
  /** Who is to blame, when it is not whom the table says. */
  readonly scope?: ErrorScope;
  readonly cause?: unknown;
}

/** The one error class that crosses folders. `message` is for the person who reads it and never holds a secret. */
export class ProxyError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly scope: ErrorScope;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamErrorInfo | undefined;
  readonly cooling: CoolingDetails | undefined;
  /** What an upstream's failure means; undefined for all other errors. */
  readonly kind: ErrorKind | undefined;

  constructor(code: ErrorCode, message: string, details: ProxyErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const row = errorTable[code];
    this.name = 'ProxyError';
    this.code = code;
    this.status = details.status ?? row.status;
    this.retryable = row.retryable;
    this.scope = details.scope ?? ((code === 'upstream_rate_limited' && details.upstream?.limitOf) || row.scope);
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs ?? details.upstream?.retryAfterMs;
    this.upstream = details.upstream;
    this.cooling = details.cooling;
    this.kind = details.upstream === undefined ? undefined : errorKindOf(details.upstream);
  }
}

/** Which model is cooling down, and until when, as members of an error's body; none for other errors. */
export function coolingMembers({ cooling, retryAfterMs = 0 }: ProxyError): Readonly<Record<string, string | number>> {
  if (cooling === undefined) return {};
  return {
    model: cooling.model,
    reset_time: new Date(cooling.resetsAtMs).toISOString(),
    reset_seconds: Math.ceil(retryAfterMs / 1000),
    ...(cooling.provider !== undefined && { provider: cooling.provider }),
  };
}

/** The error of a request field: 400 with the JSON path of what is wrong. */
export function invalidRequest(path: string, message: string): ProxyError {
  return new ProxyError('invalid_request', `${path}: ${message}`, { path });
}

/** Failures that pass: when to try again may stand in their words. */
const passing: ReadonlySet<ErrorKind> = new Set(['rate-limit', 'usage-limit', 'overloaded', 'timeout', 'failed']);

/** The error for an upstream's failure answer: what it means, by its status and words. */
export function upstreamError(info: UpstreamErrorInfo): ProxyError {
  const kind = errorKindOf(info);
  const status = statusOfKind(kind, info.status);
  const told = withPlan(info);
  const hintMs = told.retryAfterMs === undefined && passing.has(kind) ? delayInMessage(info.message) : undefined;
  const upstream = hintMs === undefined ? told : { ...told, retryAfterMs: hintMs };
  return new ProxyError(errorKinds[kind].code, info.message, { status, upstream });
}

const DAY_MS = 24 * 60 * 60_000;

/** A plan's allowance is the whole account's; a free one that is used up comes back within a day. */
function withPlan(info: UpstreamErrorInfo): UpstreamErrorInfo {
  const words = [info.code, info.type];
  if (words.includes('usage_limit_reached')) return { limitOf: 'credential', limitName: 'plan', ...info };
  if (!/\bfree-usage-exhausted\b/.test(`${info.code ?? ''} ${info.message}`)) return info;
  const isTold = info.retryAfterMs !== undefined || info.retryAtS !== undefined;
  return { limitOf: 'credential', limitName: 'free-usage', ...info, ...(!isTold && { retryAfterMs: DAY_MS }) };
}

/** Wraps whatever was thrown; a {@link ProxyError} stays as it is. The message of a foreign error is not exposed. */
export function toProxyError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError) return thrown;
  return new ProxyError('internal', 'internal error; see the log of llmproxy for details', { cause: thrown });
}
