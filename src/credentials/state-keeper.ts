import type { StateKind } from '../storage/ports.ts';

/** A piece of state as its owner hands it over to be kept. */
export interface StateChange {
  /** Unique within the kind. */
  readonly key: string;
  /** Anything JSON can say; undefined: there is nothing to keep any more. */
  readonly value: unknown;
  /** Milliseconds since the epoch; it need not be restored from then on. */
  readonly expiresAtMs: number;
}

/** A piece of state as it comes back after a restart. */
export interface SavedState {
  readonly key: string;
  /** Parsed JSON; whoever reads it narrows it, as the file may be anybody's. */
  readonly value: unknown;
  /** Milliseconds since the epoch, by this process's clock. */
  readonly expiresAtMs: number;
  /**
   * To be added to every moment in `value`. 0, or negative when the clock has gone back since it was stored: a cooldown
   * of an hour must not become one of a day and an hour.
   */
  readonly shiftMs: number;
}

/** Whoever has state that outlives the process: cooldowns, quota windows, bindings of conversations, counters. */
export interface StateSource {
  readonly kind: StateKind;
  /** The least time between two calls of `changed`, in milliseconds; absent: as often as the keeper writes. */
  readonly everyMs?: number;
  /** What has changed since the last call, each key once, its last state. Free when nothing has. */
  changed(): readonly StateChange[];
  /** Called once, before the first request. */
  restore(saved: readonly SavedState[]): void;
}
