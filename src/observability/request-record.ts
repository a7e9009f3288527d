import type { ErrorCode, ProxyError } from '../errors.ts';
import type { TranslationWarning, Usage } from '../ir/index.ts';
import type { Logger } from './logger.ts';

/** One attempt of a request at an upstream. */
export interface RecordedAttempt {
  readonly provider: string;
  readonly credentialId: string;
  readonly model: string;
  readonly outcome: 'ok' | ErrorCode;
  /** Of the upstream's answer; undefined when there was none, or it was a success. */
  readonly status: number | undefined;
  readonly ms: number;
}

/** What is known of a client request once it is over; holds no content. The pipeline's `FinishedExchange` is one. */
export interface RequestRecord {
  readonly requestId: string;
  readonly operation: 'generate' | 'count-tokens' | 'compact';
  /** Id of the client key. */
  readonly principal: string | undefined;
  readonly clientDialect: string;
  /** Of the last attempt, like the next three; undefined when nothing was sent upstream. */
  readonly upstreamDialect: string | undefined;
  readonly provider: string | undefined;
  readonly credentialId: string | undefined;
  readonly upstreamModel: string | undefined;
  /** As the client named it; '' when it named none. */
  readonly requestedModel: string;
  readonly stream: boolean;
  /** Sent to the client; 499 when the client left first. */
  readonly status: number;
  /** Also set for a stream that broke after its head was sent. */
  readonly errorCode: ErrorCode | undefined;
  /** The failure itself, for its message and cause. */
  readonly error?: ProxyError | undefined;
  readonly attempts: number;
  /** How each attempt went, when there was more to it than a first that went well. */
  readonly outcomes?: readonly RecordedAttempt[] | undefined;
  readonly latencyMs: number;
  /** Until the first byte was sent to the client; undefined when none was. */
  readonly ttfbMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly warnings: readonly TranslationWarning[];
}

/** Whether {@link logRequest} would write anything: a record costs more than the question. */
export function logsRequest(logger: Logger, errorCode: ErrorCode | undefined): boolean {
  return logger.enabled(levelOf(errorCode));
}

/** One line per request: failures that are not the client's own at `warn`, everything else at `debug`. */
export function logRequest(logger: Logger, record: RequestRecord): void {
  const level = levelOf(record.errorCode);
  if (!logger.enabled(level)) return;
  const { error, ...fields } = record;
  const why = record.errorCode === undefined ? '' : `: ${error?.message ?? record.errorCode}`;
  const message = `${record.requestedModel || '(no model)'} ${record.status} in ${Math.round(record.latencyMs)} ms${why}`;
  logger[level](error?.cause === undefined ? fields : { ...fields, error: error.cause }, message);
}

function levelOf(errorCode: ErrorCode | undefined): 'debug' | 'warn' {
  return errorCode === undefined || isClientFault(errorCode) ? 'debug' : 'warn';
}

/** Errors that a client can cause alone: anyone could fill the log with them. */
function isClientFault(code: ErrorCode): boolean {
  switch (code) {
    case 'invalid_request':
    case 'invalid_json':
    case 'unsupported_encoding':
    case 'lossy_translation':
    case 'previous_response_not_found':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'model_not_found':
    case 'method_not_allowed':
    case 'body_too_large':
    case 'client_closed':
    case 'upstream_rejected':
    case 'upstream_model_unavailable':
      return true;
    case 'shutting_down':
    case 'internal':
    case 'invalid_config':
    case 'model_cooldown':
    case 'no_credential':
    case 'over_limit':
    case 'storage_failed':
    case 'upstream_unauthorized':
    case 'upstream_payment_required':
    case 'upstream_forbidden':
    case 'upstream_rate_limited':
    case 'upstream_overloaded':
    case 'upstream_failed':
    case 'upstream_unreachable':
    case 'upstream_timeout':
    case 'upstream_invalid_response':
    case 'upstream_stream_truncated':
      return false;
  }
}
