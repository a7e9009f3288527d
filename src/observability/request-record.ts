import type { ErrorCode } from '../errors.ts';
import type { TranslationWarning, Usage } from '../ir/index.ts';
import type { Logger } from './logger.ts';

/** What is known of a client request once it is over; holds no content and no secrets. */
export interface RequestRecord {
  readonly requestId: string;
  /** The client's dialect. */
  readonly dialect: string;
  readonly operation: 'generate' | 'count-tokens';
  /** Id of the client key. */
  readonly principal?: string;
  /** The model as the client named it; absent when the body could not be read. */
  readonly model?: string;
  readonly stream: boolean;
  /** HTTP status sent; 499 when the client left before it. */
  readonly status: number;
  readonly durationMs: number;
  /** Until the first byte went to the client. */
  readonly firstByteMs?: number;
  /** Upstream tries. */
  readonly attempts: number;
  /** Who served it, as of the last try. */
  readonly provider?: string;
  readonly credentialId?: string;
  readonly upstreamModel?: string;
  /** The body went through without translation. */
  readonly passthrough?: boolean;
  readonly usage?: Usage;
  readonly warnings?: readonly TranslationWarning[];
  readonly error?: RequestRecordError;
}

/** Why a request failed, also when its stream had already begun. */
export interface RequestRecordError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause?: unknown;
}

/** One line per request: failures that are not the client's own at `warn`, everything else at `debug`. */
export function logRequest(logger: Logger, record: RequestRecord): void {
  const { error } = record;
  const notable =
    error !== undefined && error.code !== 'client_closed' && (record.status >= 500 || !isClientFault(error.code));
  if (!logger.enabled(notable ? 'warn' : 'debug')) return;
  if (error === undefined) {
    logger.debug({ ...record }, `${record.model ?? '?'} ${record.status} in ${Math.round(record.durationMs)} ms`);
    return;
  }
  const { error: _, ...fields } = record;
  const message = `${record.model ?? '?'} ${record.status}: ${error.message}`;
  const line = { ...fields, code: error.code, ...(error.cause === undefined ? {} : { error: error.cause }) };
  if (notable) logger.warn(line, message);
  else logger.debug(line, message);
}

function isClientFault(code: ErrorCode): boolean {
  switch (code) {
    case 'invalid_request':
    case 'invalid_json':
    case 'unsupported_encoding':
    case 'lossy_translation':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'model_not_found':
    case 'method_not_allowed':
    case 'body_too_large':
    case 'client_closed':
    case 'upstream_rejected':
      return true;
    case 'shutting_down':
    case 'internal':
    case 'invalid_config':
    case 'model_cooldown':
    case 'no_credential':
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
