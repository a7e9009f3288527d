/** The limit on how long one request keeps everybody else waiting, and how it is measured where cores are seldom quiet. */
import type { Probe } from './probe.ts';

/** On a quiet core, in milliseconds. */
export const LIMIT_MS = 50;
/** What the yardstick takes on the quiet core that the limit is meant for. */
const YARDSTICK_MS = 6;
const TRIES = 8;

/** A known piece of work. */
export const yardstickText: string = JSON.stringify(
  Array.from({ length: 10_000 }, (_, index) => ({
    role: 'user',
    content: [{ type: 'text', text: `message ${index}` }],
  })),
);

/** How many times slower than the quiet core this one is now: others use its caches and its other half. */
async function slowness(probe: Probe): Promise<number> {
  return Math.max(1, (await probe.yardstick(yardstickText)) / YARDSTICK_MS);
}

/**
 * What is wrong with a piece of work: undefined when its longest turn is within the limit. The first times are those of
 * code that was never compiled, and whoever else runs here comes and goes: only what is slow time after time is slow.
 */
export async function tooLong(
  probe: Probe,
  work: () => Promise<unknown>,
  tries: number = TRIES,
): Promise<string | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < tries; time++) {
    const took = await probe.longestTurn(work);
    least = Math.min(least, took <= LIMIT_MS ? took : took / (await slowness(probe)));
    if (least <= LIMIT_MS) break;
  }
  return least <= LIMIT_MS ? undefined : `${least.toFixed(0)} ms in one turn`;
}
