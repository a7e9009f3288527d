import { ProxyError } from '../errors.ts';
import type { LoginIo } from './login.ts';
import { type GrantedFields, grantedTokens, type TokenAnswer, type TokenFields } from './token-request.ts';

/** What a login was given. */
export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** `access_token`, `refresh_token`, `id_token`, `expired`, `last_refresh`, as far as known: for the record. */
  readonly fields: GrantedFields;
  /** Everything that the token endpoint answered. */
  readonly body: TokenFields;
}

/** An endpoint, or how to find it. */
export type Where = string | ((io: LoginIo) => string | Promise<string>);

/** One request of a login gets an answer within this time or none. */
const REQUEST_MS = 30_000;

/** Resolves an endpoint. */
export async function placeOf(where: Where, io: LoginIo): Promise<string> {
  return typeof where === 'string' ? where : await where(io);
}

/** Reads the tokens of an answer. Throws ProxyError for a refusal. */
export function loginTokens(answer: TokenAnswer, nowMs: number): LoginTokens {
  const fields = grantedTokens(answer, nowMs);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    accessToken: fields.access_token,
    refreshToken: text(fields['refresh_token']),
    idToken: text(fields['id_token']),
    fields,
    body: answer.body,
  };
}

/** Runs one request of a login: it ends with the login, and after half a minute. Throws ProxyError. */
export async function whileLogin<T>(io: LoginIo, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  endedLogin(io);
  try {
    return await run(AbortSignal.any([io.signal, AbortSignal.timeout(REQUEST_MS)]));
  } catch (error) {
    endedLogin(io, error);
    throw error;
  }
}

/** Throws ProxyError `client_closed` when the login has ended. */
export function endedLogin({ signal }: LoginIo, cause?: unknown): void {
  if (signal.aborted) throw new ProxyError('client_closed', 'the login was ended before it was complete', { cause });
}
