import type { RateLimitsEntry } from '../config/schema/limits.ts';
import type { Config } from '../config/schema.ts';
import type { LimitSettings, RateLimits } from '../credentials/limits/rate-limits.ts';

/** The name for all providers that are not named. */
const OTHERS = 'default';

/** The limits of a configuration; those of an entry of `providers` stand in its credentials. */
export function limitSettings({ limits }: Config): LimitSettings {
  const named = Object.entries(limits.providers).filter(([name]) => name !== OTHERS);
  return {
    maxInFlight: limits['max-in-flight'],
    maxWaitMs: limits['max-wait-seconds'] * 1000,
    maxWaiting: limits['max-waiting'],
    total: limits.total && rateLimitsOf(limits.total),
    byProvider: new Map(named.map(([name, entry]) => [name, rateLimitsOf(entry)])),
    others: limits.providers[OTHERS] && rateLimitsOf(limits.providers[OTHERS]),
  };
}

function rateLimitsOf(entry: RateLimitsEntry): RateLimits {
  return {
    requestsPerMinute: entry['requests-per-minute'],
    tokensPerMinute: entry['tokens-per-minute'],
    maxTokensPerRequest: entry['max-tokens-per-request'],
    burst: entry.burst,
  };
}
