import type { ModelInfo } from '../models/model-info.ts';
import type { SharedLimits } from './limits/rate-limits.ts';

/** A model that a credential serves, as the configuration names it. */
export interface CredentialModel {
  /** The id the upstream knows. */
  readonly name: string;
  /** The name clients use; the upstream's own when absent. */
  readonly alias?: string;
  readonly displayName?: string;
  /** Rewrite `model` in answers back to the alias. */
  readonly forceMapping?: boolean;
  readonly info?: Partial<ModelInfo>;
}

/** Another name for a model of a logged-in account. */
export interface ModelAlias {
  /** The id the upstream knows; case does not matter. */
  readonly name: string;
  readonly alias: string;
  /** The model keeps its own name beside the alias. */
  readonly fork: boolean;
  /** Rewrite `model` in answers back to the alias. */
  readonly forceMapping: boolean;
  readonly displayName?: string;
}

/** What an upstream's error means, as the user knows better: the first rule that matches decides. */
export interface ErrorRule {
  readonly status: number;
  /** One of them is in the error's body. */
  readonly texts: readonly string[];
  readonly patterns: readonly RegExp[];
  readonly action: 'stop' | 'stop-and-cooldown' | 'continue' | 'continue-and-cooldown';
}

/** One usable secret of a provider, or the place of one that needs none (a local server). Immutable. */
export interface Credential {
  /**
   * Stable across restarts: `<provider>:<12 hex of SHA-256>`; never holds the secret. That of an account is made of its
   * record's id, so that it survives the renewal of its token.
   */
  readonly id: string;
  /** Id of the provider manifest that serves it. */
  readonly provider: string;
  readonly kind: 'api-key' | 'account' | 'none';
  /** The secret itself; undefined for kind none. Never logged: log `label`. */
  readonly secret: string | undefined;
  /** For people: masked key (`sk-a...xyz9`) or account name, never the secret. */
  readonly label: string;
  /** Where it was found: `config:claude-api-key[0]`, `env:OPENAI_API_KEY`, `builtin`. */
  readonly source: string;
  /** Overrides the manifest's base URL; no trailing slash. */
  readonly baseUrl?: string;
  /** http, https, socks5, socks5h URL; `direct` bypasses the global proxy. Absent: the global setting. */
  readonly proxyUrl?: string;
  /** Sent upstream; a value `$Name` copies that header of the client's request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Clients may ask for `prefix/model`. */
  readonly prefix?: string;
  /** Higher is used first. */
  readonly priority: number;
  readonly weight: number;
  /** Only these models; absent: the provider's catalogue, and unknown ids pass for prefixed requests. */
  readonly models?: readonly CredentialModel[];
  /** Aliases of this account alone; they come before the configuration's for its provider. */
  readonly modelAliases?: readonly ModelAlias[];
  /** Exact or `*` wildcard patterns, lower case. */
  readonly excludedModels: readonly string[];
  readonly disableCooling?: boolean;
  readonly requestRetry?: number;
  /** Requests from a client's WebSocket go on over one of the upstream's, where the provider has one. */
  readonly websockets?: boolean;
  /** Claude: messages of role `system` go to the top-level `system`, because the upstream refuses them elsewhere. */
  readonly liftsSystemMessages?: boolean;
  /** Put in front of every request as its first system block. */
  readonly systemPrefix?: string;
  /** Come before the provider's and the configuration's. */
  readonly errorRules?: readonly ErrorRule[];
  /** The most requests at a time; absent: the configuration's. */
  readonly maxInFlight?: number;
  /** Instead of those that the configuration sets for its provider. */
  readonly limits?: SharedLimits;
  /** Accounts: id of the record in the credential store. */
  readonly recordId?: string;
  /** Accounts: when the secret ends, in milliseconds since the epoch; absent: never, or nobody knows. */
  readonly expiresAtMs?: number;
  /** Accounts: for paths (`{project}`) and envelopes. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Accounts: what its provider said it can use; absent: the catalogue. */
  readonly catalogue?: readonly ModelInfo[];
  /** Accounts: its requests cost credits beyond the plan. */
  readonly spendsCredits?: boolean;
  /** Accounts: `free`, `plus`, `pro`, `max`, ... as the provider calls it. */
  readonly plan?: string;
}
