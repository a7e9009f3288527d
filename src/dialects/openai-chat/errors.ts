import { errorKinds, openAiName } from '../../error-kinds.ts';
import { coolingMembers, type ProxyError, type UpstreamErrorInfo, upstreamError } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import type { ErrorBody } from './wire-types.ts';

/** How upstreams say that they cannot verify a reasoning signature: message or code. */
export const signatureRefusals: readonly RegExp[] = [
  /^invalid_encrypted_content$/,
  /encrypted content .*could not be (?:verified|decrypted)/is,
  /could not decrypt .*encrypted/is,
  // Servers in front of Claude and Gemini pass their words on.
  /Invalid `?(?:signature|data)`? in `?(?:redacted_)?thinking`? block/i,
  /(?:invalid|corrupted) thought.?signature/i,
  /thought.?signature is (?:not valid|invalid)/i,
];

/** OpenAI's `type` and `code` for a status. */
function kindOf(status: number): { readonly type: string; readonly code: string | null } {
  switch (status) {
    case 401:
      return { type: 'authentication_error', code: 'invalid_api_key' };
    case 402:
      return { type: 'insufficient_quota', code: 'insufficient_quota' };
    case 403:
      return { type: 'permission_error', code: 'insufficient_quota' };
    case 404:
      return { type: 'invalid_request_error', code: 'model_not_found' };
    case 429:
      return { type: 'rate_limit_error', code: 'rate_limit_exceeded' };
    default:
      return status >= 500
        ? { type: 'server_error', code: 'internal_server_error' }
        : { type: 'invalid_request_error', code: null };
  }
}

/** `{ error: { message, type, param, code } }`; our own code where OpenAI has none for it. */
export function encodeError(error: ProxyError): ErrorBody {
  const kind = error.kind === undefined ? kindOf(error.status) : errorKinds[error.kind].openai;
  const ours = error.upstream === undefined && !shared.has(error.code) ? error.code : kind.code;
  const code = openAiName(error.upstream?.code) ?? (error.code === 'invalid_request' ? null : ours);
  const param = error.upstream?.param ?? error.path ?? (error.code === 'model_not_found' ? 'model' : null);
  return { error: { message: error.message, type: kind.type, param, code, ...coolingMembers(error) } };
}

/** Errors for which clients look for OpenAI's own code. */
const shared: ReadonlySet<string> = new Set(['unauthorized', 'model_not_found']);

/** An upstream's failure in its own words: OpenAI's shape, `{detail}`, `{message}`, `{error: "text"}`, or plain text. */
export function decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo {
  // Gemini's compatible endpoint wraps the error in an array.
  const value = isJsonArray(body) ? body[0] : body;
  if (typeof value === 'string') return { status, message: plainMessage(status, value) };
  if (!isJsonObject(value)) return { status, message: `HTTP ${status}` };
  const inner = value['error'];
  const error = isJsonObject(inner) ? inner : value;
  const message =
    text(error['message']) ?? text(inner) ?? detail(value['detail']) ?? text(value['message']) ?? `HTTP ${status}`;
  const type = text(error['type']) ?? text(error['status']);
  const code = text(error['code']);
  const param = text(error['param']);
  return {
    status,
    message,
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  };
}

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** FastAPI servers: a string, or a list of `{ loc, msg }`. */
function detail(value: JsonValue | undefined): string | undefined {
  if (!isJsonArray(value)) return isJsonObject(value) ? text(value['message']) : text(value);
  const lines = value.map((item) => {
    if (!isJsonObject(item)) return text(item);
    const place = isJsonArray(item['loc']) ? `${item['loc'].join('.')}: ` : '';
    return `${place}${text(item['msg']) ?? ''}`;
  });
  return text(lines.filter((line) => line !== undefined).join('; '));
}

function plainMessage(status: number, body: string): string {
  const trimmed = body.trim();
  if (trimmed === '') return `HTTP ${status}`;
  return trimmed.startsWith('<') ? `HTTP ${status} with a page of HTML` : trimmed.slice(0, 500);
}

/** The error that a 200 answer or a stream carries in its body; undefined when it carries none. */
export function bodyError(body: JsonObject): ProxyError | undefined {
  const error = body['error'];
  const named = error !== undefined && error !== null && error !== false;
  if (!named && !isBareError(body)) return undefined;
  return upstreamError(decodeError(statusOf(named ? error : body), body));
}

/** vLLM, FastAPI and others write the error's fields, or its `detail`, where the answer's would be. */
function isBareError(body: JsonObject): boolean {
  if (body['choices'] !== undefined) return false;
  if (body['object'] === 'error' || body['type'] === 'error') return true;
  const told = text(body['message']) !== undefined && ['code', 'status', 'type'].some((key) => body[key] !== undefined);
  return told || detail(body['detail']) !== undefined;
}

function statusOf(error: JsonValue): number {
  if (!isJsonObject(error)) return 502;
  const { code, status, type } = error;
  for (const value of [code, status]) {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  }
  const words = `${text(type) ?? ''} ${text(code) ?? ''}`;
  if (/rate_limit/.test(words)) return 429;
  if (/overloaded/.test(words)) return 529;
  if (/insufficient_quota/.test(words)) return 429;
  if (/authentication|invalid_api_key/.test(words)) return 401;
  if (/permission/.test(words)) return 403;
  return /invalid_request|context_length/.test(words) ? 400 : 502;
}
