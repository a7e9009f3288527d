import { ProxyError, type UpstreamErrorInfo } from '../errors.ts';

/** The members of an account's record that hold its tokens, as most providers have them. */
export type TokenFields = Readonly<Record<string, unknown>>;

/** What an exchange of tokens needs of the world. */
export interface TokenIo {
  readonly fetch: typeof fetch;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** How a provider takes a refresh token. */
export interface RefreshGrant {
  /** The token endpoint. */
  readonly url: string;
  readonly clientId: string;
  /** How the body is written. */
  readonly encoding: 'form' | 'json';
  /** Further members of the body. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** An answer of a token endpoint is a few KB. */
const MAX_ANSWER_BYTES = 256 * 1024;
const MAX_MESSAGE = 200;

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

/**
 * Exchanges a refresh token for new tokens (RFC 6749, section 6) and resolves with the record's fields that change. A
 * provider that sends no new refresh token leaves the old one valid. Throws ProxyError `upstream_unauthorized` when the
 * account has to log in again, other codes when a later try may succeed; no message holds a token.
 */
export async function refreshTokens(fields: TokenFields, grant: RefreshGrant, io: TokenIo): Promise<TokenFields> {
  const refreshToken = fields['refresh_token'];
  if (typeof refreshToken !== 'string' || refreshToken === '')
    throw new ProxyError('upstream_unauthorized', 'the account has no refresh token; log in again');
  const answer = await post(grant, refreshToken, io);
  const body = parseObject(answer.text);
  if (!answer.ok) throw refusal(answer, body, refreshToken);
  const { access_token: accessToken, refresh_token: next, id_token: idToken, expires_in: expiresIn } = body;
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new ProxyError('upstream_invalid_response', 'the token endpoint answered without an access token');
  const lifeS = Number(expiresIn);
  return {
    access_token: accessToken,
    ...(typeof next === 'string' && next !== '' ? { refresh_token: next } : {}),
    ...(typeof idToken === 'string' && idToken !== '' ? { id_token: idToken } : {}),
    ...(Number.isFinite(lifeS) && lifeS > 0 ? { expired: momentOf(io.nowMs + lifeS * 1000) } : {}),
    last_refresh: momentOf(io.nowMs),
  };
}

/** As the records of other programs spell it: RFC 3339, whole seconds. */
function momentOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function post(grant: RefreshGrant, refreshToken: string, io: TokenIo): Promise<Answer> {
  const members = {
    ...grant.extra,
    grant_type: 'refresh_token',
    client_id: grant.clientId,
    refresh_token: refreshToken,
  };
  const isForm = grant.encoding === 'form';
  try {
    const response = await io.fetch(grant.url, {
      method: 'POST',
      headers: {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        accept: 'application/json',
      },
      body: isForm ? new URLSearchParams(members).toString() : JSON.stringify(members),
      // A token goes nowhere but where it was meant to go.
      redirect: 'error',
      signal: io.signal,
    });
    return { ok: response.ok, status: response.status, headers: response.headers, text: await textOf(response) };
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    const { host } = new URL(grant.url);
    if (io.signal.aborted) throw new ProxyError('upstream_timeout', `${host} did not answer in time`, { cause: error });
    throw new ProxyError('upstream_unreachable', `${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
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

function refusal({ status, headers, text }: Answer, body: TokenFields, refreshToken: string): ProxyError {
  const { code, message } = wordsOf(body);
  const shown = shorten((message ?? text.trim()).replaceAll(refreshToken, '***'));
  const retryAfterMs = retryAfter(headers);
  const upstream: UpstreamErrorInfo = {
    status,
    message: shown,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const told = `the token endpoint answered ${status}${code === undefined ? '' : ` ${code}`}`;
  const words = shown === '' || shown === code ? told : `${told}: ${shown}`;
  return new ProxyError(errorCode(status, code), words, { status, upstream });
}

function errorCode(status: number, code: string | undefined): ProxyError['code'] {
  if (status === 429) return 'upstream_rate_limited';
  if (status >= 500) return 'upstream_failed';
  if (status === 401 || (code !== undefined && FINAL.has(code))) return 'upstream_unauthorized';
  // A firewall's page, a plan's limit: both pass.
  return status === 403 ? 'upstream_forbidden' : 'upstream_rejected';
}

/** `{ error: 'invalid_grant', error_description }`, or `{ error: { code, type, message } }`. */
function wordsOf(body: TokenFields): { readonly code: string | undefined; readonly message: string | undefined } {
  const { error, error_description: description } = body;
  const nested: TokenFields = isFields(error) ? error : {};
  const code = stringOf(error) ?? stringOf(nested['code']) ?? stringOf(nested['type']) ?? stringOf(body['code']);
  return { code, message: stringOf(description) ?? stringOf(nested['message']) ?? stringOf(body['message']) ?? code };
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

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}...` : line;
}

function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
