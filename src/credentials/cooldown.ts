import { errorTable, type ProxyError } from '../errors.ts';

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
  /** The next one without a success in between waits twice as long. */
  readonly raisesLevel: boolean;
  /** Our own guess, not the provider's word. */
  readonly isGuess: boolean;
  /** A success meanwhile does not end it: the answer was begun before. */
  readonly holds: boolean;
}

const MINUTE_MS = 60_000;
const AUTH_MS = 30 * MINUTE_MS;
const MAX_AUTH_MS = 24 * 60 * MINUTE_MS;
const MAX_BACKOFF_MS = 30 * MINUTE_MS;
const BASE_BACKOFF_MS = 1000;
/** Weekly plan limits are real; anything longer is a broken clock. */
export const MAX_HINT_MS: number = 7 * 24 * 60 * MINUTE_MS;
const DEFAULT_TRANSIENT_MS = MINUTE_MS;
/** A failure that lasts is looked at again as often as this, unless the configuration says otherwise. */
const MAX_TRANSIENT_MS = 10 * MINUTE_MS;
const MODEL_MS = 5 * MINUTE_MS;

/** `transient-error-cooldown-seconds` as milliseconds: 0 means the default of 60 s, negative means off. */
export function transientCooldownMs(seconds: number): number {
  if (seconds < 0) return 0;
  return seconds === 0 ? DEFAULT_TRANSIENT_MS : seconds * 1000;
}

/** Failures of the same family in a row make each cooldown longer than the one before. */
export function familyOf(error: ProxyError): string {
  return error.scope === 'provider' ? 'provider' : error.code;
}

/**
 * The cooldown that an error calls for; undefined when it says nothing about the credential. `level` counts the
 * cooldowns of the same family in a row so far.
 */
export function cooldownFor(error: ProxyError, level: number, settings: CooldownSettings): Cooldown | undefined {
  switch (error.scope) {
    case 'request':
      return undefined;
    case 'credential':
      if (error.code === 'upstream_rate_limited')
        return { ...rateLimit(error.retryAfterMs, level), scope: 'credential', holds: true };
      if (errorTable[error.code].scope === 'provider') return ofItsProxy(error, level, settings);
      return {
        scope: 'credential',
        ms: refusedMs(error.retryAfterMs),
        raisesLevel: false,
        isGuess: false,
        holds: false,
      };
    case 'model':
      return error.code === 'upstream_rate_limited' ? rateLimit(error.retryAfterMs, level) : unavailable(level);
    case 'provider':
      return transient(error.retryAfterMs, level, settings.transientMs);
  }
}

/** A suspended account may be told to stay away for longer. */
function refusedMs(retryAfterMs: number = 0): number {
  return Math.min(Math.max(retryAfterMs, AUTH_MS), MAX_AUTH_MS);
}

function rateLimit(retryAfterMs: number | undefined, level: number): Cooldown {
  const isTold = retryAfterMs !== undefined && retryAfterMs > 0;
  return {
    scope: 'model',
    ms: isTold ? Math.min(retryAfterMs, MAX_HINT_MS) : doubled(BASE_BACKOFF_MS, level, MAX_BACKOFF_MS),
    raisesLevel: !isTold,
    isGuess: false,
    holds: false,
  };
}

/** The account does not have the model; plans and catalogues change, and the words may mean something else. */
function unavailable(level: number): Cooldown {
  const ms = doubled(MODEL_MS, level, MAX_BACKOFF_MS);
  return { scope: 'model', ms, raisesLevel: true, isGuess: true, holds: false };
}

function transient(retryAfterMs: number | undefined, level: number, transientMs: number): Cooldown | undefined {
  if (transientMs <= 0) return undefined;
  const isGuess = retryAfterMs === undefined || retryAfterMs <= 0;
  const ms = isGuess
    ? doubled(transientMs, level, Math.max(transientMs, MAX_TRANSIENT_MS))
    : Math.min(retryAfterMs, MAX_BACKOFF_MS);
  return { scope: 'model', ms, raisesLevel: isGuess, isGuess, holds: false };
}

/** Its proxy is in the way of all its models. */
function ofItsProxy(error: ProxyError, level: number, { transientMs }: CooldownSettings): Cooldown | undefined {
  const cooldown = transient(error.retryAfterMs, level, transientMs);
  return cooldown && { ...cooldown, scope: 'credential' };
}

function doubled(baseMs: number, level: number, mostMs: number): number {
  return Math.min(baseMs * 2 ** level, mostMs);
}
