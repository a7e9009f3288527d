import { errorKinds } from '../../error-kinds.ts';
import { coolingMembers, type ProxyError, type UpstreamErrorInfo } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import type { ErrorBody, ErrorType } from './wire-types.ts';

/** Claude's error types and the statuses they come with. https://docs.anthropic.com/en/api/errors */
const STATUS_OF_TYPE: Readonly<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Fast mode has limits and credits of its own: without it the same key still answers. */
const FAST_MODE = /\bfast[- ](?:mode|requests?)\b/i;

function isErrorType(type: string | undefined): type is ErrorType {
  return type !== undefined && Object.hasOwn(STATUS_OF_TYPE, type);
}

/** How upstreams say that they cannot verify a reasoning signature: message or code. */
export const signatureRefusals: readonly RegExp[] = [
  /Invalid `?(?:signature|data)`? in `?(?:redacted_)?thinking`? block/i,
  /thinking(?:\.|\W+)signature: Field required/i,
  // A history that mixes signed and unsigned turns; without any the encoder turns thinking off where it must.
  /Expected `?thinking`? or `?redacted_thinking`?, but found/i,
  /blocks in the latest assistant message cannot be modified/i,
];

/** An error in Claude's shape, for a whole answer and for the `error` event of a stream. */
export function encodeError(error: ProxyError): ErrorBody {
  const named = error.kind === undefined ? undefined : errorKinds[error.kind].claude;
  const details = errorDetails(error);
  return {
    type: 'error',
    error: {
      type: isErrorType(named) ? named : typeOfStatus(error.status),
      message: errorMessage(error),
      ...(details && { details }),
    },
  };
}

/** The upstream's error out of Claude's shape, out of OpenAI's (compatible servers), or out of plain text. */
export function decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo {
  if (!isJsonObject(body)) {
    return { status, message: typeof body === 'string' && body.trim() !== '' ? body.trim() : fallbackMessage(status) };
  }
  const error = isJsonObject(body['error']) ? body['error'] : body;
  const type = text(error['type']);
  const code =
    text(error['code']) ?? (isJsonObject(error['details']) ? text(error['details']['error_code']) : undefined);
  const param = text(error['param']);
  const message =
    text(error['message']) ?? text(body['error']) ?? text(body['message']) ?? code ?? fallbackMessage(status);
  return {
    status,
    ...(type !== undefined && type !== 'error' && { type }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    message,
    ...(FAST_MODE.test(message) && { limitOf: 'request' }),
  };
}

/** The upstream's error out of the `error` event of a stream, which has no status of its own. */
export function decodeStreamError(event: JsonObject): UpstreamErrorInfo {
  const info = decodeError(500, event);
  return { ...info, status: isErrorType(info.type) ? STATUS_OF_TYPE[info.type] : 500 };
}

function typeOfStatus(status: number): ErrorType {
  const named = Object.keys(STATUS_OF_TYPE).filter(isErrorType);
  const type = named.find((name) => STATUS_OF_TYPE[name] === status);
  if (type !== undefined) return type;
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

function errorMessage(error: ProxyError): string {
  // Claude clients compact the conversation when they read these words.
  const tooLong = error.kind === 'context-too-long' && !error.message.includes('prompt is too long');
  return tooLong ? `prompt is too long: ${error.message}` : error.message;
}

/** What cools down; SDKs that refer to a stored conversation send all of it when they read the other. */
function errorDetails(error: ProxyError): JsonObject | undefined {
  if (error.cooling !== undefined) return coolingMembers(error);
  if (error.code !== 'invalid_request' || error.path !== 'thread') return undefined;
  return { error_code: 'thread_unsupported_request', unsupported: ['thread'] };
}

function fallbackMessage(status: number): string {
  return `the upstream answered with status ${status} and no message`;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
