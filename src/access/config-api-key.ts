import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessOutcome, AccessProvider, AccessRequest, Authenticated } from './provider.ts';

type Source = 'authorization' | 'x-goog-api-key' | 'x-api-key' | 'query-key' | 'query-auth-token';

const sources: readonly Source[] = ['authorization', 'x-goog-api-key', 'x-api-key', 'query-key', 'query-auth-token'];

/**
 * The client keys of the configuration; undefined when there are none, which means that nobody has to identify.
 *
 * The comparison leaks nothing through time: a candidate is looked up by a hash whose seed lives only in this process,
 * so nobody outside can aim at a key's hash, and how far two keys agree does not show in theirs; only a key with the
 * same hash is compared, and that in constant time. A cryptographic hash would do as well and cost ten times as much.
 */
export function configApiKeyAccess(keys: readonly string[]): AccessProvider | undefined {
  if (keys.length === 0) return undefined;
  const hashOf = createKeyedHash(randomBytes(16));
  const known = new Map<number, KnownKey[]>();
  for (const key of new Set(keys)) {
    const sameHash = known.get(hashOf(key)) ?? [];
    sameHash.push({ bytes: Buffer.from(key), outcomes: outcomesOf(key) });
    known.set(hashOf(key), sameHash);
  }
  const find = (candidate: string): Outcomes | undefined => {
    const sameHash = known.get(hashOf(candidate));
    return sameHash === undefined ? undefined : findEqual(sameHash, Buffer.from(candidate));
  };
  return { name: 'config-api-key', authenticate: (request) => authenticate(request, find) };
}

type Outcomes = Readonly<Record<Source, Authenticated>>;

interface KnownKey {
  readonly bytes: Buffer;
  readonly outcomes: Outcomes;
}

function findEqual(keys: readonly KnownKey[], candidate: Buffer): Outcomes | undefined {
  return keys.find(({ bytes }) => bytes.length === candidate.length && timingSafeEqual(bytes, candidate))?.outcomes;
}

/** A polynomial hash modulo 2^32 over secret odd multipliers, mixed at the end; its time depends on the length only. */
function createKeyedHash(seed: Buffer): (text: string) => number {
  const start = seed.readInt32LE(0);
  const factor = seed.readInt32LE(4) | 1;
  const mix = seed.readInt32LE(8) | 1;
  const end = seed.readInt32LE(12);
  return (text) => {
    let hash = start;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), factor);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ end, mix);
    return hash ^ (hash >>> 13);
  };
}

/** Stable id of a client key, safe to print: `key:` and 8 hex digits of its SHA-256. */
export function principalOf(key: string): string {
  return `key:${hash('sha256', key, 'hex').slice(0, 8)}`;
}

function authenticate(request: AccessRequest, find: (key: string) => Outcomes | undefined): AccessOutcome {
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
function outcomesOf(key: string): Outcomes {
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
