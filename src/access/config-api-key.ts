import { hash, randomBytes } from 'node:crypto';
import type { AccessOutcome, AccessProvider, AccessRequest, Authenticated } from './provider.ts';

type Source = 'authorization' | 'x-goog-api-key' | 'x-api-key' | 'query-key' | 'query-auth-token';

const sources: readonly Source[] = ['authorization', 'x-goog-api-key', 'x-api-key', 'query-key', 'query-auth-token'];

/**
 * The client keys of the configuration; undefined when there are none, which means that nobody has to identify.
 *
 * The comparison leaks nothing through time: a candidate is looked up by its SHA-256 under a random prefix that lives
 * only in this process, so how far two digests agree says nothing about how far two keys agree, and nobody outside can
 * choose a digest. One hash per candidate, however many keys there are.
 */
export function configApiKeyAccess(keys: readonly string[]): AccessProvider | undefined {
  if (keys.length === 0) return undefined;
  const prefix = randomBytes(32).toString('latin1');
  const digest = (key: string): string => hash('sha256', prefix + key, 'base64');
  const known = new Map(keys.map((key) => [digest(key), outcomesOf(key)]));
  return { name: 'config-api-key', authenticate: (request) => authenticate(request, (key) => known.get(digest(key))) };
}

/** Stable id of a client key, safe to print: `key:` and 8 hex digits of its SHA-256. */
export function principalOf(key: string): string {
  return `key:${hash('sha256', key, 'hex').slice(0, 8)}`;
}

function authenticate(
  request: AccessRequest,
  find: (key: string) => Readonly<Record<Source, Authenticated>> | undefined,
): AccessOutcome {
  let seen = false;
  for (const source of sources) {
    const candidate = read(request, source);
    if (candidate === undefined || candidate === '') continue;
    const outcomes = find(candidate);
    if (outcomes !== undefined) return outcomes[source];
    seen = true;
  }
  return { ok: false, code: seen ? 'invalid_credential' : 'no_credentials' };
}

function read(request: AccessRequest, source: Source): string | undefined {
  switch (source) {
    case 'authorization':
      return bearer(request.headers);
    case 'x-goog-api-key':
      return first(request.headers['x-goog-api-key'])?.trim();
    case 'x-api-key':
      return first(request.headers['x-api-key'])?.trim();
    case 'query-key':
      return request.query('key');
    case 'query-auth-token':
      return request.query('auth_token');
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

/** The token of a Bearer header; any other value whole, as some clients send the bare key. */
function bearer({ authorization }: AccessRequest['headers']): string | undefined {
  const value = first(authorization);
  if (value === undefined) return undefined;
  const isBearer = value.charCodeAt(6) === 0x20 && value.slice(0, 6).toLowerCase() === 'bearer';
  return (isBearer ? value.slice(7) : value).trim();
}

/** Made once per key, so that letting a request in allocates nothing. */
function outcomesOf(key: string): Readonly<Record<Source, Authenticated>> {
  const principal = principalOf(key);
  const outcome = (source: Source): Authenticated => ({ ok: true, principal, source, metadata: {} });
  return {
    authorization: outcome('authorization'),
    'x-goog-api-key': outcome('x-goog-api-key'),
    'x-api-key': outcome('x-api-key'),
    'query-key': outcome('query-key'),
    'query-auth-token': outcome('query-auth-token'),
  };
}
