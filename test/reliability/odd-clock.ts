/**
 * Preloaded into a process (`node --import`): its clock is shifted, and its time runs faster, as the file named by
 * ODD_CLOCK says: `{"shiftMs": 86400000, "speed": 1}`. The file is looked at all the time.
 */
import { readFileSync } from 'node:fs';

const file = process.env['ODD_CLOCK'];
const RealDate = Date;
const realNow = Date.now;
const realElapsed = performance.now.bind(performance);
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
/** Shorter waits are those of sockets, which are as fast as ever. */
const FAST_FROM_MS = 1000;

const odd = {
  shiftMs: 0,
  speed: 1,
  sinceReal: realNow(),
  sinceOdd: realNow(),
  elapsedReal: realElapsed(),
  elapsedOdd: realElapsed(),
};

function now(): number {
  return Math.floor(odd.sinceOdd + (realNow() - odd.sinceReal) * odd.speed) + odd.shiftMs;
}

function elapsed(): number {
  return odd.elapsedOdd + (realElapsed() - odd.elapsedReal) * odd.speed;
}

function look(path: string): void {
  const { shiftMs, speed }: { shiftMs: number; speed: number } = JSON.parse(readFileSync(path, 'utf8'));
  if (speed !== odd.speed) {
    // Time goes on from where it is.
    [odd.sinceOdd, odd.sinceReal] = [now() - odd.shiftMs, realNow()];
    [odd.elapsedOdd, odd.elapsedReal] = [elapsed(), realElapsed()];
    odd.speed = speed;
  }
  odd.shiftMs = shiftMs;
}

const waitOf = (ms: number | undefined): number => (ms === undefined || ms < FAST_FROM_MS ? (ms ?? 0) : ms / odd.speed);

if (file !== undefined) {
  look(file);
  realInterval(() => look(file), 20).unref();
  globalThis.Date = class extends RealDate {
    constructor(...given: ConstructorParameters<typeof RealDate> | []) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static override now = now;
  } as DateConstructor;
  performance.now = elapsed;
  globalThis.setTimeout = Object.assign(
    (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => realTimeout(run, waitOf(ms), ...args),
    realTimeout,
  );
  globalThis.setInterval = Object.assign(
    (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => realInterval(run, waitOf(ms), ...args),
    realInterval,
  );
}
