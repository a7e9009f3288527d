import { decodeJwt } from 'jose';

/** Claims of a token as they stand there, without a check of its signature; {} for what is no JSON Web Token. */
export function jwtClaims(token: unknown): Readonly<Record<string, unknown>> {
  if (typeof token !== 'string' || token === '') return {};
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}
