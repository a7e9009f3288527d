import { type Cursor, createCursors, type PoolView, type States, type Strategy } from './strategy.ts';

/**
 * Whoever has the fewest attempts under way; among equals, everybody in turn. Looks no further than the first idle one,
 * so that it costs O(1) while there are idle ones, and O(n) when all are busy.
 */
export function createLeastInFlight(cursors: States<Cursor> = createCursors()): Strategy {
  return {
    spread: 'even',
    pick(key, targets, usable, view: PoolView) {
      const cursor = cursors.of(key);
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let step = 0; step < targets.length && least > 0; step++) {
        const index = (cursor.next + step) % targets.length;
        const target = targets[index];
        if (target === undefined || !usable(target)) continue;
        const busy = view.inFlight(target.credential.id);
        if (busy >= least) continue;
        best = index;
        least = busy;
      }
      if (best < 0) return undefined;
      cursor.next = best + 1;
      return targets[best];
    },
    fork: () => createLeastInFlight(cursors.fork()),
  };
}
