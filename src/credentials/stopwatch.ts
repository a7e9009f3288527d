import type { Clock } from '../clock.ts';

/** A moment by two clocks: the one on the wall, which may be set, and one that only goes on. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** Tells moments between which {@link elapsedMs} measures. */
export interface Stopwatch {
  moment(): Moment;
}

/** A clock that knows only the time of day is made steady by leaving out its jumps back. */
export function createStopwatch(clock: Clock): Stopwatch {
  let lastMs = clock.now();
  let summedMs = 0;
  function summed(wallMs: number): number {
    summedMs += Math.max(0, wallMs - lastMs);
    lastMs = wallMs;
    return summedMs;
  }
  return {
    moment() {
      const wallMs = clock.now();
      return { wallMs, steadyMs: clock.elapsedMs?.() ?? summed(wallMs) };
    },
  };
}

/**
 * The longer of both measures. A clock that was set back cannot make a wait longer. One that was set forward, or went on
 * while the machine slept, may end it early: who waits for its end must be prepared for that.
 */
export function elapsedMs(since: Moment, now: Moment): number {
  return Math.max(0, now.wallMs - since.wallMs, now.steadyMs - since.steadyMs);
}
