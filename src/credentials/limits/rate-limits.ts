/** Limits that the user sets for a provider, beside those which the provider has of its own. */
export interface RateLimits {
  /** Absent, like the next two: any number. */
  readonly requestsPerMinute?: number;
  /** In and out. */
  readonly tokensPerMinute?: number;
  /** The most that one request may ask for, and the most that may go in. */
  readonly maxTokensPerRequest?: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
}

/** Limits that several credentials have in common. */
export interface SharedLimits extends RateLimits {
  /** Those with the same one count together. */
  readonly id: string;
}

/** Limits as the configuration sets them. */
export interface LimitSettings {
  /** Requests at a time of a credential that says nothing itself; 0: any number. */
  readonly maxInFlight: number;
  /** How long a request waits for room; 0: not at all. */
  readonly maxWaitMs: number;
  /** How many may wait at a time. */
  readonly maxWaiting: number;
  /** Of everything together. */
  readonly total?: RateLimits | undefined;
  readonly byProvider: ReadonlyMap<string, RateLimits>;
  /** Of each provider that is not named. */
  readonly others?: RateLimits | undefined;
}

/** What an attempt is expected to take of the limits; asked only where there is one. */
export interface AttemptCost {
  /** Estimate of the tokens that go in. */
  inputTokens(): number;
  /** With the most that may come out; the same at each call. */
  tokens(): number;
}

/** Tokens of an answer. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly cachedReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** Knows what an attempt has cost, as far as its answer has come; undefined: nobody told. */
export interface SpentTokens {
  usage(): TokenCounts | undefined;
}

/** Requests and tokens that come first. */
export interface Ahead {
  readonly requests: number;
  readonly tokens: number;
}

/** Nothing is limited. */
export const NO_LIMITS: LimitSettings = { maxInFlight: 0, maxWaitMs: 10_000, maxWaiting: 1000, byProvider: new Map() };

/** Nobody comes first. */
export const NOBODY_AHEAD: Ahead = { requests: 0, tokens: 0 };
