/** Time as a dependency, so that cooldowns and timeouts can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment: never jumps, but may stand still while the machine sleeps. Absent: nobody knows. */
  elapsedMs?(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now() };
