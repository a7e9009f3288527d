import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ProxyError } from '../errors.ts';
import { grantedTokens, type PostIo, postForTokens, type TokenFields } from './token-request.ts';

/** What a service account's JSON says (https://cloud.google.com/iam/docs/keys-create-delete). */
export interface ServiceAccount {
  readonly clientEmail: string;
  /** PEM, as {@link normalPem} makes it. */
  readonly privateKey: string;
  readonly privateKeyId: string | undefined;
  readonly projectId: string | undefined;
  readonly tokenUri: string;
}

/** What a grant needs of the world. */
export interface GrantIo extends PostIo {
  readonly nowMs: number;
}

const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFE_S = 3600;

/** Reads a service account's JSON. Throws ProxyError `invalid_request` that names what is wrong, and no secret. */
export function readServiceAccount(json: Readonly<Record<string, unknown>>): ServiceAccount {
  const text = (name: string): string | undefined => {
    const value = json[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const kind = text('type');
  if (kind !== undefined && kind !== 'service_account') throw wrong(`its type is not service_account`);
  const [clientEmail, key] = [text('client_email'), text('private_key')];
  if (clientEmail === undefined) throw wrong('it has no client_email');
  if (key === undefined) throw wrong('it has no private_key');
  const privateKey = normalPem(key);
  readKey(privateKey);
  const tokenUri = text('token_uri') ?? GOOGLE_TOKEN_URI;
  if (!isSafe(tokenUri)) throw wrong('its token_uri is no https URL');
  return { clientEmail, privateKey, privateKeyId: text('private_key_id'), projectId: text('project_id'), tokenUri };
}

/**
 * Exchanges a signed assertion for an access token (RFC 7523) and resolves with the record's fields that change.
 * Throws ProxyError.
 */
export async function serviceAccountTokens(
  account: ServiceAccount,
  scopes: readonly string[],
  io: GrantIo,
): Promise<TokenFields> {
  const nowS = Math.floor(io.nowMs / 1000);
  const { privateKeyId } = account;
  // Loaded when it is needed: most never do.
  const { SignJWT } = await import('jose/jwt/sign');
  const assertion = await new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(privateKeyId === undefined ? {} : { kid: privateKeyId }) })
    .setIssuer(account.clientEmail)
    .setAudience(account.tokenUri)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + LIFE_S)
    .sign(readKey(account.privateKey));
  const members = { grant_type: GRANT, assertion };
  return grantedTokens(await postForTokens({ url: account.tokenUri, encoding: 'form', members }, io), io.nowMs);
}

/** A PEM key as it should be: copied ones have escaped newlines, CRLF, colours of a terminal, or everything in one line. */
export function normalPem(text: string): string {
  const clean = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin with one.
    .replaceAll(/\u001b\[[0-9;]*m/g, '')
    .replaceAll(/\\r|\\n|\r\n?/g, '\n')
    .replaceAll('"', '');
  const [, label = '', body = ''] = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END \1-----/.exec(clean) ?? [];
  const base64 = body.replaceAll(/[^A-Za-z0-9+/=]/g, '');
  if (label === '' || base64 === '') throw wrong('its private_key is no PEM key');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** PKCS#8 and PKCS#1. */
function readKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw wrong('its private_key cannot be read');
  }
  if (key.asymmetricKeyType !== 'rsa') throw wrong('its private_key is no RSA key');
  return key;
}

function isSafe(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  const isLoopback = hostname !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

function wrong(message: string): ProxyError {
  return new ProxyError('invalid_request', `the service account cannot be used: ${message}`);
}
