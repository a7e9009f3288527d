import type { Target } from '../../routing/target.ts';
import { type Cursor, createCursors, type PoolView, type States, type Strategy } from './strategy.ts';

/** With less of its plan left an account is kept for when the others are empty. */
const ROOM = 0.05;

/**
 * The account whose plan's window starts anew soonest, as long as there is room left in it: what is not used by then is
 * lost. After those come accounts of which nothing is known, then the empty ones by what they have left; equals in turn.
 * O(n).
 */
export function createQuotaHeadroom(cursors: States<Cursor> = createCursors()): Strategy {
  return {
    spread: 'none',
    pick(key, targets, usable, view) {
      const cursor = cursors.of(key);
      let best = -1;
      let bestRank: Rank = [Number.POSITIVE_INFINITY, 0];
      for (let step = 0; step < targets.length; step++) {
        const index = (cursor.next + step) % targets.length;
        const target = targets[index];
        if (target === undefined || !usable(target)) continue;
        const rank = rankOf(target, view);
        if (best >= 0 && !isBefore(rank, bestRank)) continue;
        best = index;
        bestRank = rank;
      }
      if (best < 0) return undefined;
      cursor.next = best + 1;
      return targets[best];
    },
    fork: () => createQuotaHeadroom(cursors.fork()),
  };
}

/** The lower the better, by the first number, then by the second. */
type Rank = readonly [number, number];

function rankOf(target: Target, view: PoolView): Rank {
  const headroom = view.headroom(target);
  if (headroom === undefined) return [1, 0];
  if (headroom.leftFraction > ROOM) return [0, headroom.resetsAtMs];
  return [2, -headroom.leftFraction];
}

function isBefore([a, b]: Rank, [c, d]: Rank): boolean {
  return a < c || (a === c && b < d);
}
