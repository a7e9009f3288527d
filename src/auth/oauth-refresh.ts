import { ProxyError } from '../errors.ts';
import type { OauthClient } from './login.ts';
import { grantedTokens, type PostIo, postForTokens, type TokenFields } from './token-request.ts';

export type { TokenFields } from './token-request.ts';

/** What an exchange of tokens needs of the world. */
export interface TokenIo extends PostIo {
  readonly nowMs: number;
  /** See `LoginIo.client`. */
  readonly client?: OauthClient | undefined;
}

/** How a provider takes a refresh token. */
export interface RefreshGrant {
  /** The token endpoint. */
  readonly url: string;
  /** The provider's own app; `io.client` may name another one. */
  readonly clientId: string;
  /** Of just this app, e.g. from the record; absent: `io.client` says. */
  readonly clientSecret?: string | undefined;
  /** The app's id and secret go into the Authorization header instead of the body. */
  readonly basic?: boolean;
  /** How the body is written. */
  readonly encoding: 'form' | 'json';
  /** Further members of the body. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Exchanges a refresh token for new tokens (RFC 6749, section 6) and resolves with the record's fields that change. A
 * provider that sends no new refresh token leaves the old one valid. Throws ProxyError `upstream_unauthorized` when the
 * account has to log in again, other codes when a later try may succeed; no message holds a token.
 */
export async function refreshTokens(fields: TokenFields, grant: RefreshGrant, io: TokenIo): Promise<TokenFields> {
  const refreshToken = fields['refresh_token'];
  if (typeof refreshToken !== 'string' || refreshToken === '')
    throw new ProxyError('upstream_unauthorized', 'the account has no refresh token; log in again');
  const isOwn = grant.clientSecret !== undefined;
  const id = isOwn ? grant.clientId : (io.client?.id ?? grant.clientId);
  const secret = isOwn ? grant.clientSecret : io.client?.secret;
  const inHeader = grant.basic === true && secret !== undefined;
  const answer = await postForTokens(
    {
      url: grant.url,
      encoding: grant.encoding,
      members: {
        ...grant.extra,
        grant_type: 'refresh_token',
        client_id: id,
        refresh_token: refreshToken,
        ...(secret === undefined || inHeader ? {} : { client_secret: secret }),
      },
      ...(inHeader && { basic: { id, secret } }),
      ...(grant.headers !== undefined && { headers: grant.headers }),
    },
    io,
  );
  return grantedTokens(answer, io.nowMs);
}
