import type { EncodeQuirks } from '../dialects/codec.ts';
import type { Executor } from '../executors/executor.ts';
import type { DialectId } from '../ir/index.ts';
import type { ModelInfo } from '../models/model-info.ts';

/** How a secret is sent. `bearer`: `Authorization: Bearer`. `header`: the bare secret in that header. */
export type AuthHeader = { readonly type: 'bearer' } | { readonly type: 'header'; readonly name: string };

/** A plain API key: the environment variables it is picked up from and how it is sent. */
export interface ApiKeyAuth {
  readonly type: 'api-key';
  /** First one that is set wins. */
  readonly env: readonly string[];
  readonly header: AuthHeader;
  /** Sent instead of `header` when the credential's base URL is not the provider's own. */
  readonly foreignHeader?: AuthHeader;
}

/** A key sent as `Authorization: Bearer`, taken from the first of these environment variables that is set. */
export function bearerKey(...env: readonly string[]): ApiKeyAuth {
  return { type: 'api-key', env, header: { type: 'bearer' } };
}

/** A key sent bare in a header of its own. */
export function headerKey(name: string, ...env: readonly string[]): ApiKeyAuth {
  return { type: 'api-key', env, header: { type: 'header', name } };
}

/** A tool-calling model of an open-weights host, which states little more than the context length. */
export function openModel(id: string, contextLength?: number): ModelInfo {
  return { id, ...(contextLength === undefined ? {} : { contextLength }), capabilities: { tools: true } };
}

/** No secret at all: local servers, echo. */
export interface NoAuth {
  readonly type: 'none';
}

/** Ways to authenticate to a provider. */
export type AuthMethod = ApiKeyAuth | NoAuth;

/** One generating endpoint of a provider. Paths are appended to the base URL; `{model}` is replaced, percent-encoded. */
export interface Endpoint {
  readonly dialect: DialectId;
  readonly path: string;
  /** Path for streams when it differs (Gemini). */
  readonly streamPath?: string;
  /** Takes WebSockets at its path, with a request per frame; `full`: also requests that want nothing generated. */
  readonly websocket?: 'full' | 'no-warm-up';
  /** Path of the upstream's own token counting, when it has one. */
  readonly countTokensPath?: string;
  /** Gemini: counting takes the request's fields side by side (Vertex) instead of nested in `generateContentRequest`. */
  readonly countTokensFlat?: boolean;
  /** Responses: the provider itself stores answers (`store`, `previous_response_id`, `conversation`, `background`). */
  readonly keepsResponses?: boolean;
  /** Responses: path of the endpoint that sums up a conversation, when there is one. */
  readonly compactPath?: string;
}

/** By dialect: the body member (`prompt_cache_key`) or the header that names a conversation whose prefix is to be cached. */
export type PromptCacheKeyPlaces = { readonly [dialect in DialectId]?: string };

/** Declared deviations of a provider; the encoders and the pass-through obey them. */
export interface Quirks extends EncodeQuirks {
  /** Headers of the client's request that are forwarded: exact lower-case names, or prefixes ending in `*`. */
  readonly forwardHeaders?: readonly string[];
  /** Where the server takes the key of a conversation; absent: nowhere, it may refuse the unknown field. */
  readonly promptCacheKey?: PromptCacheKeyPlaces;
}

/** Who can verify the reasoning signatures of a provider. */
export interface SignatureRules {
  /** Providers with the same family take each other's; absent: the provider's id. */
  readonly family?: string;
  /** Only the account that made one can read it: named by this header of the credential, otherwise by the credential. */
  readonly sameAccount?: { readonly header?: string };
  /** How every signature of the family begins; anything else is not theirs. */
  readonly prefix?: string;
}

/** The JSON of an account's record. */
export type AccountFields = Readonly<Record<string, unknown>>;

/** What renewing a token needs of the world. `fetch` goes through the account's own proxy. */
export interface AccountIo {
  readonly fetch: typeof fetch;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** How logged-in accounts of a provider are kept and renewed. */
export interface AccountRules {
  /** Values of `type` in its records. */
  readonly types: readonly string[];
  /** How the access token is sent, where that differs from the provider's API keys. */
  readonly header?: AuthHeader;
  /** Sent with every request of an account. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where accounts are served, if not where API keys are; no trailing slash. */
  readonly baseUrl?: string;
  /** Tokens are renewed so long before they end, in milliseconds. */
  readonly refreshLeadMs: number;
  /**
   * Exchanges the refresh token for new tokens: resolves with the fields that change. Throws ProxyError
   * `upstream_unauthorized` when the account has to log in again, other codes when a later try may succeed. Absent:
   * tokens of this provider cannot be renewed.
   */
  refresh?(fields: AccountFields, io: AccountIo): Promise<AccountFields>;
}

/** Declarative description of a provider: everything the one HTTP executor needs. */
export interface Manifest {
  /** Lower case, unique. */
  readonly id: string;
  readonly label: string;
  /** direct: the model's maker. aggregator: resells several makers. local: on the user's machine. */
  readonly kind: 'direct' | 'aggregator' | 'local';
  readonly auth: readonly AuthMethod[];
  /** No trailing slash. */
  readonly baseUrl: string;
  /** The first is the default; a request in the dialect of another one goes there unchanged. */
  readonly endpoints: readonly Endpoint[];
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  readonly signatures?: SignatureRules;
  /** Whose terms for reasoning the models take, where they are not those of the dialect's maker. */
  readonly reasoningFamily?: string;
  readonly models: readonly ModelInfo[];
  /** Ids that are not in the catalogue but match one of these prefixes are served as well. */
  readonly modelPrefixes?: readonly string[];
  /** Absent: nobody can log in to it. */
  readonly account?: AccountRules;
  /** Section of config.yaml that lists this provider's keys, e.g. `claude-api-key`. */
  readonly configSection?: string;
  /** A provider that answers inside this process instead of over HTTP. */
  readonly createExecutor?: () => Executor;
}

/** Checks what the types cannot (ids, slashes, at least one endpoint) and returns the manifest. */
export function defineProvider(manifest: Manifest): Manifest {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(manifest.id)) throw new TypeError(`provider id "${manifest.id}" is not kebab-case`);
  if (manifest.baseUrl.endsWith('/')) throw new TypeError(`provider "${manifest.id}": baseUrl ends with a slash`);
  if (manifest.endpoints.length === 0) throw new TypeError(`provider "${manifest.id}" has no endpoint`);
  return manifest;
}

/** Base URLs are joined with paths that begin with a slash. */
export function trimSlashes(url: string): string {
  return url.replace(/\/+$/, '');
}

/**
 * The base URL of an entry as the provider's endpoints need it; empty when it is the provider's own address. Users copy
 * base URLs with and without the version path: a version that the endpoints bring themselves must not stand twice.
 */
export function entryBaseUrl(url: string, manifest: Manifest): string {
  const clean = trimSlashes(url);
  const [, host = clean, version] = /^(.*)\/(v\d\w*)$/.exec(clean) ?? [];
  if (host === manifest.baseUrl || `${manifest.baseUrl}/`.startsWith(`${clean}/`)) return '';
  const doubled = version !== undefined && manifest.endpoints.some(({ path }) => path.startsWith(`/${version}/`));
  return doubled ? host : clean;
}
