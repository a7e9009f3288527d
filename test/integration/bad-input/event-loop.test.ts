/**
 * How long one request of up to 1 MB keeps everybody else waiting: 50 ms at most on a quiet core. Cores are seldom quiet
 * where tests run, so the work is measured against a known piece of work that is done just before.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import type { UpstreamDialect } from '../../support/scripted-upstream/index.ts';
import { type Lane, openLane } from './in-process.ts';
import { loadsOf } from './loads.ts';

const LIMIT_MS = 50;
/** What the yardstick takes on the quiet core that the limit is meant for. */
const YARDSTICK_MS = 6;
const yardstickText = JSON.stringify(
  Array.from({ length: 10_000 }, (_, index) => ({
    role: 'user',
    content: [{ type: 'text', text: `message ${index}` }],
  })),
);

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** How many times slower than the quiet core this one is now. */
function slowness(): number {
  const yardstick = Math.min(...[1, 2, 3].map(() => timeOf(() => JSON.stringify(JSON.parse(yardstickText)))));
  return Math.max(1, yardstick / YARDSTICK_MS);
}

const lanes = new Map<UpstreamDialect, Lane>(
  dialects.map((dialect) => [dialect, openLane(dialect, { type: 'application/json', text: '{}' })]),
);
afterAll(() => Promise.all([...lanes.values()].map((lane) => lane.close())));

describe.for(dialects)('%s client', (client) => {
  test.for([...loadsOf(client)])('%s', { timeout: 60_000 }, ([, body]) => {
    expect(body.length).toBeLessThan(1024 * 1024 + 300_000);
    const slow: string[] = [];
    for (const [upstream, lane] of lanes) {
      let took = Number.POSITIVE_INFINITY;
      // Whoever else runs here comes and goes: only what is slow time after time is slow.
      for (let time = 0; time < 10 && took > LIMIT_MS; time++) {
        took = Math.min(took, timeOf(() => lane.prepare(client, body)) / slowness());
      }
      if (took > LIMIT_MS) slow.push(`${upstream}: ${took.toFixed(0)} ms`);
    }
    expect(slow).toEqual([]);
  });
});
