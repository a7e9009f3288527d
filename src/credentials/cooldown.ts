import type { ProxyError } from '../errors.ts';

/** How failures of one (credential, model) pair are answered. */
export interface CooldownSettings {
  /** After 408, 5xx and network errors; 0: never. */
  readonly transientMs: number;
}

/** Whom to leave alone and for how long. */
export interface Cooldown {
  /** The whole credential, or one model on it. */
  readonly scope: 'credential' | 'model';
  readonly ms: number;
  /** The next limit without a `Retry-After` waits twice as long. */
  readonly raisesLevel: boolean;
  /** Our own guess after a passing failure, not the provider's word. */
  readonly isGuess: boolean;
}

const AUTH_MS = 30 * 60_000;
const MAX_BACKOFF_MS = 30 * 60_000;
const BASE_BACKOFF_MS = 1000;
/** Weekly plan limits are real; anything longer is a broken clock. */
const MAX_RETRY_AFTER_MS = 7 * 24 * 60 * 60_000;
const DEFAULT_TRANSIENT_MS = 60_000;

/** `transient-error-cooldown-seconds` as milliseconds: 0 means the default of 60 s, negative means off. */
export function transientCooldownMs(seconds: number): number {
  if (seconds < 0) return 0;
  return seconds === 0 ? DEFAULT_TRANSIENT_MS : seconds * 1000;
}

/**
 * The cooldown that an error calls for; undefined when it says nothing about the credential. `level` counts the rate
 * limits in a row so far.
 */
export function cooldownFor(error: ProxyError, level: number, settings: CooldownSettings): Cooldown | undefined {
  switch (error.scope) {
    case 'request':
      return undefined;
    case 'credential':
      if (error.code === 'upstream_rate_limited')
        return { ...rateLimit(error.retryAfterMs, level), scope: 'credential' };
      return { scope: 'credential', ms: AUTH_MS, raisesLevel: false, isGuess: false };
    case 'model':
      return rateLimit(error.retryAfterMs, level);
    case 'provider':
      return transient(error.retryAfterMs, settings.transientMs);
  }
}

function rateLimit(retryAfterMs: number | undefined, level: number): Cooldown {
  if (retryAfterMs !== undefined && retryAfterMs > 0) {
    return { scope: 'model', ms: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS), raisesLevel: false, isGuess: false };
  }
  return {
    scope: 'model',
    ms: Math.min(BASE_BACKOFF_MS * 2 ** level, MAX_BACKOFF_MS),
    raisesLevel: true,
    isGuess: false,
  };
}

function transient(retryAfterMs: number | undefined, transientMs: number): Cooldown | undefined {
  if (transientMs <= 0) return undefined;
  const isGuess = retryAfterMs === undefined || retryAfterMs <= 0;
  const ms = isGuess ? transientMs : Math.min(retryAfterMs, MAX_BACKOFF_MS);
  return { scope: 'model', ms, raisesLevel: false, isGuess };
}
