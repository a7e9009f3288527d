import type { Ahead, AttemptCost, SharedLimits } from './rate-limits.ts';
import { TokenBucket } from './token-bucket.ts';

/** The buckets of those who share limits. */
export class SharedBuckets {
  readonly limits: SharedLimits;
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;

  /** `before`: the same ones under other numbers; what they lack is still lacking. */
  constructor(limits: SharedLimits, nowMs: number, before?: SharedBuckets) {
    this.limits = limits;
    const { requestsPerMinute = 0, tokensPerMinute = 0, burst } = limits;
    const most = Math.max(1, Math.min(burst, requestsPerMinute));
    const levels = before?.levels(nowMs);
    if (requestsPerMinute > 0) this.#requests = new TokenBucket(requestsPerMinute, most, nowMs, levels?.requests);
    if (tokensPerMinute > 0) this.#tokens = new TokenBucket(tokensPerMinute, tokensPerMinute, nowMs, levels?.tokens);
  }

  /** What is there; undefined where nothing is counted. */
  levels(nowMs: number): { readonly requests: number | undefined; readonly tokens: number | undefined } {
    return { requests: this.#requests?.level(nowMs), tokens: this.#tokens?.level(nowMs) };
  }

  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  isTooLarge(cost: AttemptCost | undefined): boolean {
    const { maxTokensPerRequest = 0 } = this.limits;
    return maxTokensPerRequest > 0 && cost !== undefined && cost.inputTokens() > maxTokensPerRequest;
  }

  waitMs(cost: AttemptCost | undefined, nowMs: number, ahead: Ahead): number {
    const forRequest = this.#requests?.waitMs(1, nowMs, ahead.requests) ?? 0;
    if (this.#tokens === undefined) return forRequest;
    return Math.max(forRequest, this.#tokens.waitMs(cost?.tokens() ?? 0, nowMs, ahead.tokens));
  }

  take(tokens: number, requests: number, nowMs: number): void {
    this.#requests?.take(requests, nowMs);
    this.#tokens?.take(tokens, nowMs);
  }
}
