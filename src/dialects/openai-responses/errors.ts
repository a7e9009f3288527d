import { type ErrorKind, errorKinds, openAiName } from '../../error-kinds.ts';
import { coolingMembers, type ProxyError, type UpstreamErrorInfo, upstreamError } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { optionalNumber, optionalText } from './wire.ts';
import type { ErrorBody } from './wire-types.ts';

/** How upstreams say that they cannot verify a reasoning signature: message or code. */
export const signatureRefusals: readonly RegExp[] = [
  /^invalid_encrypted_content$/,
  /^thinking_signature_invalid$/,
  /encrypted content .*could not be (?:verified|decrypted)/is,
  /could not decrypt .*encrypted/is,
];

/** An upstream's error answer in its own words: `{error:{message,type,param,code}}`, `{detail}` or plain text. */
export function decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo {
  if (!isJsonObject(body)) return { status, message: textMessage(status, body) };
  const error = isJsonObject(body['error']) ? body['error'] : body;
  const message = optionalText(error['message']) ?? optionalText(body['error']) ?? optionalText(body['detail']);
  return describe(error, status, message ?? optionalText(error['code']) ?? `upstream answered ${status}`);
}

// An HTML page or a wall of text is of no use to the client of an API.
function textMessage(status: number, body: JsonValue | undefined): string {
  const message = typeof body === 'string' ? body.trim() : '';
  return message === '' || message.startsWith('<') ? `upstream answered ${status}` : message.slice(0, 500);
}

function describe(error: JsonObject, status: number, message: string): UpstreamErrorInfo {
  const type = optionalText(error['type']) ?? optionalText(error['error_type']);
  const code = optionalText(error['code']);
  const param = optionalText(error['param']);
  const resetsInS = optionalNumber(error['resets_in_seconds']);
  const resetsAtS = optionalNumber(error['resets_at']);
  return {
    status,
    message,
    ...(type !== undefined && type !== 'error' ? { type } : {}),
    ...(code !== undefined ? { code } : {}),
    ...(param !== undefined ? { param } : {}),
    ...(resetsInS !== undefined ? { retryAfterMs: Math.max(0, resetsInS * 1000) } : {}),
    ...(resetsInS === undefined && resetsAtS !== undefined ? { retryAtS: resetsAtS } : {}),
  };
}

/** The error of an in-stream `error` or `response.failed` event. */
export function inStreamError(event: JsonObject): ProxyError {
  const response = event['response'];
  const nested = isJsonObject(response) ? response['error'] : event['error'];
  const error = isJsonObject(nested) ? nested : event;
  const message = optionalText(error['message']) ?? optionalText(error['code']) ?? failureOfType(error);
  return upstreamError(describe(error, inStreamStatus(event, error, message), message));
}

function failureOfType(error: JsonObject): string {
  const type = optionalText(error['type']);
  const named = type === undefined || type === 'error' || type.startsWith('response.') ? '' : `: ${type}`;
  return `the upstream reported a failure${named}`;
}

const statusRules: readonly (readonly [RegExp, number])[] = [
  [/^(usage_limit_reached|insufficient_quota)$|^rate_limit/, 429],
  [/context_length|context_too_large|invalid_encrypted_content/, 400],
  [/^(cyber_policy|invalid_request(?:_error)?|bad_request_error|invalid_prompt|invalid_value|unsupported_value)$/, 400],
  [/^(authentication_error|invalid_api_key|unauthorized)$/, 401],
  [/^(permission_error|forbidden|permission_denied)$/, 403],
  [/not_found/, 404],
  [/overloaded/, 529],
];

function inStreamStatus(event: JsonObject, error: JsonObject, message: string): number {
  for (const value of [event['status'], error['status'], event['status_code'], error['status_code']]) {
    const status = optionalNumber(value);
    if (status !== undefined && Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  const names = [error['code'], error['type'], error['error_type']].map((value) => optionalText(value) ?? '');
  for (const name of names) {
    const rule = statusRules.find(([pattern]) => pattern.test(name));
    if (rule !== undefined) return rule[1];
  }
  return /selected model is at capacity/i.test(message) ? 429 : 502;
}

/** Kinds of failure that say more than their status. */
const namedCodes: ReadonlyMap<ErrorKind, string> = new Map(
  (
    ['context-too-long', 'policy', 'signature', 'previous-response', 'billing', 'usage-limit', 'too-large'] as const
  ).map((kind) => [kind, errorKinds[kind].openai.code ?? '']),
);

/** The error's type in this dialect's words. */
function errorType(error: ProxyError): string {
  const own = openAiName(error.upstream?.type);
  if (own !== undefined) return own;
  if (error.kind !== undefined) return errorKinds[error.kind].openai.type;
  switch (error.status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 429:
      return 'rate_limit_error';
    default:
      return error.status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** The error's code in this dialect's words; Codex and the SDKs decide by it whether to try again. */
export function errorCode(error: ProxyError): string {
  const own = openAiName(error.upstream?.code) ?? (error.kind === undefined ? undefined : namedCodes.get(error.kind));
  if (own !== undefined) return own;
  if (error.code === 'previous_response_not_found') return error.code;
  if (error.upstream === undefined && error.code === 'model_cooldown') return 'model_cooldown';
  switch (error.status) {
    case 401:
      return 'invalid_api_key';
    case 403:
      return 'insufficient_quota';
    case 404:
      return error.code === 'not_found' ? 'not_found' : 'model_not_found';
    case 408:
      return 'request_timeout';
    case 429:
      return 'rate_limit_exceeded';
    default:
      // Not `server_is_overloaded` unless the upstream says so: Codex gives up at that one and tries others again.
      return error.status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** The request field an error is about. */
export function errorParam(error: ProxyError): string | null {
  return error.path ?? error.upstream?.param ?? null;
}

/** The message of an error in a stream, where no header can say when to try again: Codex looks for these words. */
export function streamMessage({ message, retryAfterMs }: ProxyError): string {
  if (retryAfterMs === undefined || /try again in/i.test(message)) return message;
  return `${message}${/[.!?]$/.test(message) ? '' : '.'} Please try again in ${Math.ceil(retryAfterMs / 1000)}s.`;
}

/** The error body of this dialect. */
export function encodeError(error: ProxyError): ErrorBody {
  const { message, kind, retryAfterMs } = error;
  const resets =
    kind === 'usage-limit' && retryAfterMs !== undefined ? { resets_in_seconds: Math.ceil(retryAfterMs / 1000) } : {};
  return {
    error: {
      message,
      type: errorType(error),
      param: errorParam(error),
      code: errorCode(error),
      ...resets,
      ...coolingMembers(error),
    },
  };
}
