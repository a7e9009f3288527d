import type { UpstreamErrorInfo } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { firstText, textOf } from './wire.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Statuses of Amazon's exceptions, for those that come within a stream; any other is a failure of the service. */
const STATUS_OF_NAME: readonly (readonly [RegExp, number])[] = [
  [/Throttling|TooManyRequests|LimitExceeded/i, 429],
  [/ServiceQuotaExceeded/i, 402],
  [/AccessDenied|Forbidden/i, 403],
  [/Unauthorized|ExpiredToken|UnrecognizedClient|InvalidToken/i, 401],
  [/ResourceNotFound/i, 404],
  [/Conflict/i, 409],
  [/Validation|BadRequest|Serialization|InvalidRequest/i, 400],
  [/ServiceUnavailable|Overloaded/i, 503],
  [/Timeout/i, 504],
];

/** The month's allowance. The service does not say when the next begins: it is asked again now and then. */
const SPENT =
  /MONTHLY_REQUEST_COUNT|MONTHLY_LIMIT|monthly (?:request )?(?:limit|count)|reached the limit for (?:this )?month/i;
const SUSPENDED = /\b(?:TEMPORARILY_)?SUSPENDED\b|\baccount (?:is|has been) (?:temporarily )?suspended\b/i;
/** The token is at fault, although the status says that it may not. */
const TOKEN =
  /\b(?:bearer |access |security )?token\b.{0,40}\b(?:expired|invalid|not valid|missing|revoked)\b|\b(?:expired|invalid)\b.{0,20}\btoken\b/i;
const TOO_LONG = /CONTENT_LENGTH_EXCEEDS_THRESHOLD|input is too long/i;
const NO_MODEL = /INVALID_MODEL_ID|invalid model id/i;

/** See {@link UpstreamCodec.decodeError}. */
export function decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo {
  const object = isJsonObject(body) ? body : {};
  return infoOf(status, nameOf(object), object, textOf(body)?.trim());
}

/** What a failure within a stream, or in an answer of status 200, says. `name`: of the exception, where a header has it. */
export function decodeStreamError(body: JsonObject, name?: string): UpstreamErrorInfo {
  const called = name ?? nameOf(body);
  const status = STATUS_OF_NAME.find(([pattern]) => called !== undefined && pattern.test(called))?.[1] ?? 500;
  return infoOf(status, called, body, undefined);
}

function infoOf(status: number, type: string | undefined, body: JsonObject, text?: string): UpstreamErrorInfo {
  const inner = isJsonObject(body['error']) ? body['error'] : {};
  const reason = textOf(body['reason']);
  const message =
    firstText(body, 'message', 'Message') ??
    firstText(inner, 'message') ??
    text ??
    `the upstream answered with ${type ?? `status ${status}`} and no message`;
  const base = { message, ...(type !== undefined && { type }), ...(reason !== undefined && { code: reason }) };
  const words = `${reason ?? ''} ${message}`;
  if (status === 402 || SPENT.test(words))
    return {
      ...base,
      status: 402,
      code: 'usage_limit_reached',
      limitOf: 'credential',
      limitName: 'plan',
      retryAfterMs: HOUR_MS,
    };
  if (status === 403 && SUSPENDED.test(words)) return { ...base, status, retryAfterMs: DAY_MS };
  if (status === 403 && TOKEN.test(words)) return { ...base, status: 401 };
  if (TOO_LONG.test(words)) return { ...base, status, code: 'context_length_exceeded' };
  if (NO_MODEL.test(words)) return { ...base, status, code: 'model_not_found' };
  return { ...base, status };
}

/** `com.amazon.aws.codewhisperer#ThrottlingException` and `...Exception:http://...` without their ends. */
function nameOf(body: JsonObject): string | undefined {
  const name = firstText(body, '__type', '_type', 'code', 'Code');
  return name?.replace(/^.*#/, '').replace(/:.*$/, '');
}
