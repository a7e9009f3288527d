import { decodeJwt } from 'jose/jwt/decode';

/**
 * The claims of a JWT, unverified: good for labels, never for permissions. The token came from the provider itself over
 * TLS. None for what is no JWT.
 */
export function unverifiedClaims(token: string | undefined): Readonly<Record<string, unknown>> {
  if (token === undefined) return {};
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/** A claim that is a text and not empty. */
export function textClaim(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
