import { describe, expect, it } from 'vitest';
import { createUpdateQueue, type UpdateQueue } from './update-queue.ts';

interface Bench {
  readonly queue: UpdateQueue<string>;
  readonly applied: string[];
  overflows: number;
  /** One turn of the event loop; false when nothing was to be done. */
  turn(): boolean;
}

function createBench(most: number, msPerChange = 0): Bench {
  const turns: (() => void)[] = [];
  let nowMs = 0;
  const bench: Bench = {
    queue: createUpdateQueue({
      most,
      apply(id, change) {
        nowMs += msPerChange;
        bench.applied.push(`${id}=${change ?? 'gone'}`);
      },
      overflowed: () => void bench.overflows++,
      later: (run) => void turns.push(run),
      nowMs: () => nowMs,
    }),
    applied: [],
    overflows: 0,
    turn() {
      const run = turns.shift();
      run?.();
      return run !== undefined;
    },
  };
  return bench;
}

describe('createUpdateQueue', () => {
  it('applies nothing at once, and everything in order in a later turn', () => {
    const bench = createBench(10);
    bench.queue.push('a', '1');
    bench.queue.push('b', undefined);
    expect(bench.applied).toEqual([]);
    expect(bench.queue.size).toBe(2);
    expect(bench.turn()).toBe(true);
    expect(bench.applied).toEqual(['a=1', 'b=gone']);
    expect(bench.turn()).toBe(false);
  });

  it('keeps the last change of each item, at its own place', () => {
    const bench = createBench(2);
    for (const change of ['1', '2', undefined, '3']) bench.queue.push('a', change);
    bench.queue.push('b', '1');
    bench.queue.push('a', '4');
    bench.turn();
    expect(bench.applied).toEqual(['b=1', 'a=4']);
    expect(bench.overflows).toBe(0);
  });

  it('takes several turns when changes take long', () => {
    const bench = createBench(10, 1);
    for (const id of ['a', 'b', 'c', 'd', 'e']) bench.queue.push(id, '1');
    const counts: number[] = [];
    while (bench.turn()) counts.push(bench.applied.length);
    expect(counts).toEqual([2, 4, 5]);
  });

  it('gives up single changes when there are too many, and goes on afterwards', () => {
    const bench = createBench(2);
    for (const id of ['a', 'b', 'c', 'd']) bench.queue.push(id, '1');
    expect(bench.queue.size).toBe(0);
    while (bench.turn());
    expect(bench.overflows).toBe(1);
    expect(bench.applied).toEqual([]);
    bench.queue.push('e', '1');
    while (bench.turn());
    expect(bench.applied).toEqual(['e=1']);
    expect(bench.overflows).toBe(1);
  });

  it('does nothing any more once closed', () => {
    const bench = createBench(2);
    bench.queue.push('a', '1');
    bench.queue.close();
    bench.queue.push('b', '1');
    while (bench.turn());
    expect(bench.applied).toEqual([]);
  });
});
