import { errorKinds } from '../../error-kinds.ts';
import { coolingMembers, type ProxyError, type UpstreamErrorInfo } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { numberOf, objectOf, objectsOf, stringOf } from './wire.ts';
import type { ErrorBody } from './wire-types.ts';

const TYPE_URL = 'type.googleapis.com/google.rpc.';

/** How upstreams say that they cannot verify a reasoning signature: message or code. */
export const signatureRefusals: readonly RegExp[] = [
  /(?:invalid|corrupted) thought.?signature/i,
  /thought.?signature is (?:not valid|invalid)/i,
  // The encoder sends Google's documented value for a call without one.
  /missing a thought.?signature/i,
  // A field of bytes that holds something else.
  /thought_?signature.*Base64 decoding failed/is,
];

/** `google.rpc.Code` names by HTTP status. https://cloud.google.com/apis/design/errors */
const STATUS_NAMES: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [402, 'FAILED_PRECONDITION'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [405, 'UNIMPLEMENTED'],
  [408, 'DEADLINE_EXCEEDED'],
  [409, 'ABORTED'],
  [413, 'INVALID_ARGUMENT'],
  [415, 'INVALID_ARGUMENT'],
  [422, 'INVALID_ARGUMENT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [529, 'UNAVAILABLE'],
]);

const NAMES: ReadonlySet<string> = new Set([
  ...STATUS_NAMES.values(),
  'ALREADY_EXISTS',
  'OUT_OF_RANGE',
  'DATA_LOSS',
  'UNKNOWN',
]);

function statusName(error: ProxyError): string {
  const own = error.upstream?.type;
  if (own !== undefined && NAMES.has(own)) return own;
  if (error.kind !== undefined && error.kind !== 'failed') return errorKinds[error.kind].gemini;
  return STATUS_NAMES.get(error.status) ?? (error.status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
}

/** An error as Google's APIs write it, with the wrong field and the time to wait as typed details. */
export function encodeError(error: ProxyError): ErrorBody {
  const details: JsonObject[] = [];
  if (error.path !== undefined) {
    details.push({
      '@type': `${TYPE_URL}BadRequest`,
      fieldViolations: [{ field: error.path, description: error.message }],
    });
  }
  if (error.retryAfterMs !== undefined) {
    details.push({ '@type': `${TYPE_URL}RetryInfo`, retryDelay: `${error.retryAfterMs / 1000}s` });
  }
  if (error.cooling !== undefined) {
    const members = Object.entries(coolingMembers(error)).map(([name, value]) => [name, String(value)]);
    const metadata = Object.fromEntries(members);
    details.push({ '@type': `${TYPE_URL}ErrorInfo`, reason: 'MODEL_COOLDOWN', domain: 'llmproxy', metadata });
  }
  const body = { code: error.status, message: error.message, status: statusName(error) };
  return { error: details.length === 0 ? body : { ...body, details } };
}

/** Google's error body (also inside an array, as streams without SSE send it) in its own words. */
export function decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo {
  const outer = isJsonArray(body) ? body[0] : body;
  const error = isJsonObject(outer) ? objectOf(outer, 'error') : undefined;
  if (error === undefined) {
    const text = typeof outer === 'string' ? outer.trim().slice(0, 500) : '';
    return { status, message: text === '' ? `the Gemini upstream answered with status ${status}` : text };
  }
  const details = objectsOf(error['details']);
  const type = stringOf(error, 'status');
  const reason = details.map((detail) => stringOf(detail, 'reason')).find((value) => value !== undefined);
  const retryAfterMs = decodeRetryDelay(details);
  return {
    // Gemini answers 400 to a bad key; it is the credential that is wrong, not the request.
    status: reason === 'API_KEY_INVALID' ? 401 : status,
    ...(type === undefined ? {} : { type }),
    ...(reason === undefined ? {} : { code: reason }),
    message: stringOf(error, 'message') ?? `the Gemini upstream answered with status ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The HTTP status that an in-stream error names; 502 when it names none. */
export function errorStatus(body: JsonObject): number {
  const code = numberOf(objectOf(body, 'error') ?? {}, 'code');
  return code !== undefined && Number.isInteger(code) && code >= 400 && code < 600 ? code : 502;
}

function decodeRetryDelay(details: readonly JsonObject[]): number | undefined {
  for (const detail of details) {
    const delay = stringOf(detail, 'retryDelay') ?? stringOf(objectOf(detail, 'metadata') ?? {}, 'quotaResetDelay');
    const delayMs = delay === undefined ? undefined : parseDuration(delay);
    if (delayMs !== undefined) return delayMs;
  }
  return undefined;
}

/** `34.07s`, `1h2m3.5s`, `250ms` -> milliseconds. */
function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(text);
  if (match === null || text === '') return undefined;
  const [hours, minutes, seconds, millis] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.ceil(((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000 + (millis ?? 0));
}
