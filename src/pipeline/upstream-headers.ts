import type { Credential } from '../credentials/credential.ts';
import type { AuthHeader, Manifest } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { RequestHeaders } from './exchange.ts';

/** What every call with one credential sends, worked out once. */
interface BaseHeaders {
  readonly provider: Manifest;
  readonly fixed: Readonly<Record<string, string>>;
  /** Needed whatever the client sends: added to a list of the client's own. */
  readonly needed: readonly (readonly [string, string])[];
  /** Upstream header -> client header that it copies. */
  readonly copied: readonly (readonly [string, string])[];
}

interface ForwardRules {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
}

/** Carry the client's own key or describe its connection; never forwarded by a prefix rule. */
const NEVER_BY_PREFIX = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'host', 'x-forwarded-for']);

const baseHeaders = new WeakMap<Credential, BaseHeaders>();
const forwardRules = new WeakMap<Manifest, ForwardRules>();

/** The headers of a call to a target: auth, the provider's and credential's own, and what the client may add. */
export function upstreamHeaders(target: Target, client: RequestHeaders, userAgent: string): Record<string, string> {
  const base = baseOf(target);
  const headers: Record<string, string> = { 'user-agent': single(client['user-agent']) ?? userAgent, ...base.fixed };
  const rules = rulesOf(target.provider);
  for (const name of rules.names) {
    const value = single(client[name]);
    if (value !== undefined) headers[name] = value;
  }
  if (rules.prefixes.length > 0) forwardByPrefix(rules.prefixes, client, headers);
  for (const [name, value] of base.needed) headers[name] = withItems(headers[name], value);
  for (const [name, source] of base.copied) {
    const value = single(client[source]);
    if (value === undefined || value === '') delete headers[name];
    else headers[name] = value;
  }
  return headers;
}

function forwardByPrefix(prefixes: readonly string[], client: RequestHeaders, headers: Record<string, string>): void {
  for (const name in client) {
    if (NEVER_BY_PREFIX.has(name) || !prefixes.some((prefix) => name.startsWith(prefix))) continue;
    const value = single(client[name]);
    if (value !== undefined) headers[name] = value;
  }
}

function baseOf({ credential, provider }: Target): BaseHeaders {
  const known = baseHeaders.get(credential);
  if (known !== undefined && known.provider === provider) return known;
  const fixed: Record<string, string> = { 'content-type': 'application/json', ...lowerCaseNames(provider.headers) };
  const auth = authHeader(credential, provider);
  if (auth !== undefined && credential.secret !== undefined && credential.secret !== '') {
    if (auth.type === 'bearer') fixed['authorization'] = `Bearer ${credential.secret}`;
    else fixed[auth.name.toLowerCase()] = credential.secret;
  }
  const copied: [string, string][] = [];
  for (const [name, value] of Object.entries(lowerCaseNames(credential.headers))) {
    if (/^\$[\w-]+$/.test(value)) copied.push([name, value.slice(1).toLowerCase()]);
    else fixed[name] = value;
  }
  const needed = credential.kind === 'account' ? Object.entries(lowerCaseNames(provider.account?.headers)) : [];
  const base = { provider, fixed, needed, copied };
  baseHeaders.set(credential, base);
  return base;
}

function authHeader(credential: Credential, provider: Manifest): AuthHeader | undefined {
  if (credential.kind === 'account' && provider.account?.header !== undefined) return provider.account.header;
  const auth = provider.auth.find((method) => method.type === 'api-key');
  if (auth === undefined) return undefined;
  const foreign = credential.baseUrl !== undefined && credential.baseUrl !== provider.baseUrl;
  return foreign ? (auth.foreignHeader ?? auth.header) : auth.header;
}

/** Those of a comma-separated list that are not in it yet come at its end. */
function withItems(list: string | undefined, added: string): string {
  if (list === undefined || list.trim() === '') return added;
  const known = new Set(list.split(',').map((item) => item.trim()));
  const missing = added.split(',').filter((item) => !known.has(item.trim()));
  return missing.length === 0 ? list : `${list},${missing.join(',')}`;
}

function rulesOf(provider: Manifest): ForwardRules {
  let rules = forwardRules.get(provider);
  if (rules === undefined) {
    const patterns = provider.quirks?.forwardHeaders ?? [];
    rules = {
      names: patterns.filter((pattern) => !pattern.endsWith('*')),
      prefixes: patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1)),
    };
    forwardRules.set(provider, rules);
  }
  return rules;
}

function lowerCaseNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function single(value: string | string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}
