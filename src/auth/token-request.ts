import { ProxyError, type UpstreamErrorInfo } from '../errors.ts';
import { hideSecrets, secretsAmong } from './hide-secrets.ts';

/** Members of a token endpoint's answer, or of a record that holds such tokens. */
export type TokenFields = Readonly<Record<string, unknown>>;

/** What a request to a token endpoint needs of the world. */
export interface PostIo {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** A request to a token endpoint. */
export interface TokenPost {
  readonly url: string;
  /** How the body is written. */
  readonly encoding: 'form' | 'json';
  readonly members: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in the Authorization header (RFC 6749, section 2.3.1). */
  readonly basic?: { readonly id: string; readonly secret: string };
}

/** What a token endpoint answered, whatever the status. */
export interface TokenAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** {} when the text is no JSON object. */
  readonly body: TokenFields;
  /** What was sent and must not stand in a message. */
  readonly secrets: readonly string[];
}

/** An answer of a token endpoint is a few KB. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Refusals that no later try changes: the account has to log in again. RFC 6749, section 5.2, and OpenAI's own. */
const FINAL: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'invalid_token',
  'token_revoked',
  'refresh_token_reused',
  'refresh_token_expired',
  'refresh_token_invalidated',
]);

/** Resolves with any answer; throws ProxyError when there is none (`upstream_unreachable`, `upstream_timeout`) or too much of it. */
export async function postForTokens(post: TokenPost, io: PostIo): Promise<TokenAnswer> {
  const isForm = post.encoding === 'form';
  try {
    const response = await io.fetch(post.url, {
      method: 'POST',
      headers: {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        accept: 'application/json',
        ...(post.basic === undefined ? {} : { authorization: basicHeader(post.basic) }),
        ...post.headers,
      },
      body: isForm ? new URLSearchParams(post.members).toString() : JSON.stringify(post.members),
      // A token goes nowhere but where it was meant to go.
      redirect: 'error',
      signal: io.signal,
    });
    const text = await textOf(response);
    const { ok, status, headers } = response;
    return { ok, status, headers, text, body: parseObject(text), secrets: secretsOf(post) };
  } catch (error) {
    throw connectionError(error, post.url, io.signal);
  }
}

/** The tokens that an answer grants, as the records of accounts spell them. Throws ProxyError for a refusal. */
export function grantedTokens(answer: TokenAnswer, nowMs: number): GrantedFields {
  // Some refuse with status 200 (GitHub).
  const isRefusal = !answer.ok || (answer.body['access_token'] === undefined && answer.body['error'] !== undefined);
  if (isRefusal) throw tokenRefusal(answer);
  return tokenFields(answer.body, nowMs);
}

/** Members of a record that hold tokens. */
export type GrantedFields = TokenFields & { readonly access_token: string };

/** The tokens of an answer as the records of accounts spell them. Throws ProxyError when there is no access token. */
export function tokenFields(body: TokenFields, nowMs: number): GrantedFields {
  const { access_token: accessToken, refresh_token: next, id_token: idToken, expires_in: expiresIn } = body;
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new ProxyError('upstream_invalid_response', 'the token endpoint answered without an access token');
  const lifeS = Number(expiresIn);
  return {
    access_token: accessToken,
    ...(typeof next === 'string' && next !== '' ? { refresh_token: next } : {}),
    ...(typeof idToken === 'string' && idToken !== '' ? { id_token: idToken } : {}),
    ...(Number.isFinite(lifeS) && lifeS > 0 ? { expired: momentOf(nowMs + lifeS * 1000) } : {}),
    last_refresh: momentOf(nowMs),
  };
}

/** As the records of other programs spell it: RFC 3339, whole seconds. */
export function momentOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The error for an answer that is a refusal: `upstream_unauthorized` when no later try changes it. */
export function tokenRefusal({ ok, status, headers, text, body, secrets }: TokenAnswer): ProxyError {
  const { code: said, message } = refusalWords(body);
  const code = said === undefined ? undefined : hideSecrets(said, secrets);
  const shown = hideSecrets(message ?? text, secrets);
  const retryAfterMs = retryAfter(headers);
  const upstream: UpstreamErrorInfo = {
    status,
    message: shown,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const told = `the token endpoint answered ${status}${code === undefined ? '' : ` ${code}`}`;
  const words = shown === '' || shown === code ? told : `${told}: ${shown}`;
  return new ProxyError(errorCode(status, said), words, { ...(ok ? {} : { status }), upstream });
}

/** What a refusal says: `{ error: 'invalid_grant', error_description }`, or `{ error: { code, type, message } }`. */
export function refusalWords(body: TokenFields): {
  readonly code: string | undefined;
  readonly message: string | undefined;
} {
  const { error, error_description: description } = body;
  const nested: TokenFields = isFields(error) ? error : {};
  const code = stringOf(error) ?? stringOf(nested['code']) ?? stringOf(nested['type']) ?? stringOf(body['code']);
  return { code, message: stringOf(description) ?? stringOf(nested['message']) ?? stringOf(body['message']) ?? code };
}

/** The error for a request that got no answer. */
export function connectionError(error: unknown, url: string, signal: AbortSignal): ProxyError {
  if (error instanceof ProxyError) return error;
  const host = URL.parse(url)?.host ?? 'the token endpoint';
  if (signal.aborted) return new ProxyError('upstream_timeout', `${host} did not answer in time`, { cause: error });
  return new ProxyError('upstream_unreachable', `${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
}

function basicHeader({ id, secret }: { readonly id: string; readonly secret: string }): string {
  const encoded = [id, secret].map((text) => new URLSearchParams({ a: text }).toString().slice(2)).join(':');
  return `Basic ${Buffer.from(encoded).toString('base64')}`;
}

function secretsOf({ members, headers = {}, basic }: TokenPost): readonly string[] {
  const own = basic === undefined ? [] : [basic.secret, basicHeader(basic).slice('Basic '.length)];
  return [...secretsAmong(members), ...secretsAmong(headers), ...own];
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new ProxyError('upstream_invalid_response', 'the token endpoint answered with too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function errorCode(status: number, code: string | undefined): ProxyError['code'] {
  if (status === 429) return 'upstream_rate_limited';
  if (status >= 500) return 'upstream_failed';
  if (status === 401 || (code !== undefined && FINAL.has(code))) return 'upstream_unauthorized';
  // A firewall's page, a plan's limit: both pass.
  return status === 403 ? 'upstream_forbidden' : 'upstream_rejected';
}

/** Seconds, milliseconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (ms > 0) return ms;
  const text = headers.get('retry-after') ?? '';
  const seconds = text === '' ? Number.NaN : Number(text);
  if (seconds >= 0) return seconds * 1000;
  const waitMs = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return waitMs > 0 ? waitMs : undefined;
}

function parseObject(text: string): TokenFields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is TokenFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
