import type { ErrorCode, ProxyError } from '../errors.ts';
import { type Cooldown, familyOf } from './cooldown.ts';
import { elapsedMs, type Moment } from './stopwatch.ts';

/** Why somebody is left alone. */
export interface CooldownCause {
  readonly code: ErrorCode;
  readonly status: number;
  /** In the provider's words, cut short. */
  readonly message: string;
}

/** One cooldown: until its end nobody is let through, from then on one request at a time until one succeeds. */
export interface CooldownWindow {
  readonly began: Moment;
  readonly durationMs: number;
  readonly family: string;
  /** Cooldowns of this family in a row, before this one. */
  readonly step: number;
  /** The same for the one that follows. */
  readonly nextStep: number;
  readonly isGuess: boolean;
  readonly holds: boolean;
  readonly cause: CooldownCause;
  /** A request is finding out whether it is over: since when, and for how long that keeps others away. */
  probe: { readonly since: Moment; readonly ms: number } | undefined;
}

/**
 * How a target stands, from best to worst: nothing is known against it; its cooldown is over and nobody has tried yet;
 * somebody is trying; it is cooling down by a guess of ours; it is by the provider's word.
 */
export type Standing = 'free' | 'due' | 'tested' | 'guessed' | 'told';

/** The order of {@link Standing}. */
export const standingRank: Readonly<Record<Standing, number>> = { free: 0, due: 1, tested: 2, guessed: 3, told: 4 };

const MESSAGE_LIMIT = 200;

/** What is remembered of an error. */
export function causeOf({ code, status, message }: ProxyError): CooldownCause {
  return { code, status, message: message.slice(0, MESSAGE_LIMIT) };
}

/** Milliseconds until it may be tried again. */
export function remainingMs(window: CooldownWindow | undefined, now: Moment): number {
  return window === undefined ? 0 : Math.max(0, window.durationMs - elapsedMs(window.began, now));
}

/** How a window makes its target stand. */
export function standingOf(window: CooldownWindow | undefined, now: Moment): Standing {
  if (window === undefined) return 'free';
  if (remainingMs(window, now) > 0) return window.isGuess ? 'guessed' : 'told';
  return window.probe !== undefined && elapsedMs(window.probe.since, now) < window.probe.ms ? 'tested' : 'due';
}

/** Steps that the next cooldown of a family counts from; a window that is still running is not counted. */
export function stepFor(before: CooldownWindow | undefined, error: ProxyError, now: Moment): number {
  if (before === undefined || before.family !== familyOf(error)) return 0;
  return remainingMs(before, now) > 0 ? before.step : before.nextStep;
}

/**
 * The window after a failure: a running one never gets shorter, and limits that come while it runs do not count as
 * further ones.
 */
export function windowAfter(
  before: CooldownWindow | undefined,
  error: ProxyError,
  cooldown: Cooldown,
  now: Moment,
): CooldownWindow {
  const leftMs = remainingMs(before, now);
  if (before !== undefined && leftMs > 0) {
    const isSameLimit = cooldown.raisesLevel && !cooldown.isGuess;
    if (isSameLimit || leftMs > cooldown.ms) return before;
  }
  const family = familyOf(error);
  const step = stepFor(before, error, now);
  const { ms: durationMs, isGuess, holds } = cooldown;
  const nextStep = step + (cooldown.raisesLevel ? 1 : 0);
  return { began: now, durationMs, family, step, nextStep, isGuess, holds, cause: causeOf(error), probe: undefined };
}
