import type { ErrorCode } from '../errors.ts';
import type { CooldownNotice } from './pool.ts';

/** Why somebody is chosen, or is not. */
export type ReasonCode =
  /** Chosen: the conversation is bound to it; it is the only one left, of its tier or at all; its turn; to find out
   * whether its cooldown is over; because there is nobody better. */
  | 'bound'
  | 'only'
  | 'turn'
  | 'probe'
  | 'last-resort'
  /** Not chosen, but next if the others fail. */
  | 'lower-tier'
  | 'not-its-turn'
  | 'bound-elsewhere'
  | 'unhealthy'
  | 'incapable'
  /** Not to be asked now. */
  | 'cooling'
  | 'tested'
  | 'quota'
  | 'full'
  | 'limit'
  | 'too-large'
  | 'line'
  | 'weight'
  /** Of credentials that are not on the list at all. */
  | 'disabled'
  | 'excluded'
  | 'prefix'
  | 'no-token'
  | 'unusable';

/** One reason, for programs and for people. */
export interface Reason {
  readonly code: ReasonCode;
  /** One line; no secrets. */
  readonly message: string;
  /** Until it no longer holds, as far as anybody knows. */
  readonly waitMs?: number;
  /** Of a cooldown: what it is of, whether we guess, since when, after which error. */
  readonly cooldown?: CooldownNotice;
  /** Of a cooldown. */
  readonly error?: ErrorCode;
}

/** A time in words: `40 s`, `5 min`, `3 h`, `2 days`. */
export function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
