import type { AccountFields, AccountImport, LoginMethod, OauthClient, QuotaReading } from '../auth/login.ts';
import type { EncodeQuirks } from '../dialects/codec.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import type { Executor } from '../executors/executor.ts';
import type { DialectId, JsonObject } from '../ir/index.ts';
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
  /** What the service puts around the dialect's bodies. */
  readonly envelope?: Envelope;
  /**
   * Its streams hold events of its own, which only clients that send this header know: what others get is translated,
   * also in its dialect.
   */
  readonly ownEventsFor?: string;
  /** The upstream answers with streams only; what a client wants whole is collected. */
  readonly streamsOnly?: boolean;
}

/** By dialect: the body member (`prompt_cache_key`) or the header that names a conversation whose prefix is to be cached. */
export type PromptCacheKeyPlaces = { readonly [dialect in DialectId]?: string };

/** Declared deviations of a provider; the encoders and the pass-through obey them. */
export interface Quirks extends EncodeQuirks {
  /** Headers of the client's request that are forwarded: exact lower-case names, or prefixes ending in `*`. */
  readonly forwardHeaders?: readonly string[];
  /** Top-level members that every request must have with just these values, whatever the client says. */
  readonly sets?: JsonObject;
  /** Top-level members that the server demands, with the values for those that a request lacks or has as null. */
  readonly defaults?: JsonObject;
  /** Where the server takes the key of a conversation; absent: nowhere, it may refuse the unknown field. */
  readonly promptCacheKey?: PromptCacheKeyPlaces;
  /** A free allowance is new every midnight, so many hours ahead of UTC; absent: within a day. */
  readonly freshAtMidnightOf?: number;
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

export type { AccountFields } from '../auth/login.ts';

/** What asking about an account needs of the world. `fetch` goes through the account's own proxy. */
export interface AccountIo {
  readonly fetch: typeof fetch;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** See `LoginIo.client`. */
  readonly client?: OauthClient | undefined;
}

/** What requests need of an account's record, where that differs from other accounts of the provider. */
export interface ServedAccount {
  /** Instead of `access_token`; null: there is none now, `refresh` will bring one. */
  readonly secret?: string | null;
  /** When that secret ends, in milliseconds since the epoch; absent: as the record's usual members say. */
  readonly expiresAtMs?: number;
  /** No trailing slash. */
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For paths (`{project}`) and envelopes. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly plan?: string;
  /** One account as several credentials, each with parameters of its own; the id is part of the credential's. */
  readonly parts?: readonly AccountPart[];
}

/** One of the credentials that an account is. */
export interface AccountPart {
  /** '' for one that is just the account. */
  readonly id: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Its requests cost credits beyond the plan: asked last of all, and only where the configuration allows it. */
  readonly spendsCredits?: boolean;
}

/** How logged-in accounts of a provider are made, kept, renewed and served. */
export interface AccountRules {
  /** Values of `type` in its records. */
  readonly types: readonly string[];
  /** How files of its records are called, for people: `claude-<e-mail>.json`. */
  readonly recordName?: string;
  /** How the access token is sent, where that differs from the provider's API keys. */
  readonly header?: AuthHeader;
  /** Sent with every request of an account. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where accounts are served, if not where API keys are; no trailing slash. */
  readonly baseUrl?: string;
  /** Asked one after the other when the usual address cannot be reached or has no room. */
  readonly fallbackBaseUrls?: readonly string[];
  /** Where accounts have others than API keys. */
  readonly endpoints?: readonly Endpoint[];
  /** Deviations of those endpoints, in place of the provider's. */
  readonly quirks?: Quirks;
  /** Reads what its requests need; absent: the record's usual members say it all. Throws ProxyError for one that is of no use. */
  serve?(fields: AccountFields): ServedAccount;
  /** Tokens are renewed so long before they end, in milliseconds. */
  readonly refreshLeadMs: number;
  /**
   * Exchanges the refresh token for new tokens: resolves with the fields that change. Throws ProxyError
   * `upstream_unauthorized` when the account has to log in again, other codes when a later try may succeed. Absent:
   * tokens of this provider cannot be renewed.
   */
  refresh?(fields: AccountFields, io: AccountIo): Promise<AccountFields>;
  /** Code Assist: methods about the account that clients of `/v1internal` may ask; the provider answers them. */
  readonly relays?: readonly string[];
  /** Ways to log in; the first is the usual one. Absent: accounts come from elsewhere. */
  readonly logins?: readonly LoginMethod[];
  /** Logins of other programs that can be taken over. */
  readonly imports?: readonly AccountImport[];
  /** What the person must know before a login, one sentence each: whose terms apply, that the vendor closed it, what to use instead. */
  readonly notices?: readonly string[];
  /** Asks what is left of the plan; none: the provider says nothing about this account. Throws ProxyError. */
  quota?(fields: AccountFields, io: AccountIo): Promise<readonly QuotaReading[]>;
  /** Asks which models the account can use; absent: the catalogue says. Throws ProxyError. */
  listModels?(fields: AccountFields, io: AccountIo): Promise<readonly ModelInfo[]>;
  /** The catalogue of accounts, where it is not the provider's. `plan`: see `ServedAccount`. */
  models?(plan: string | undefined): readonly ModelInfo[];
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
