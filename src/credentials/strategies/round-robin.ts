import { type Strategy, stateOf } from './strategy.ts';

/** Everybody in turn; who is not usable loses the turn to the next. */
export function createRoundRobin(): Strategy {
  const cursors = new Map<string, { next: number }>();

  return {
    spread: 'even',
    pick(key, targets, usable) {
      const cursor = stateOf(cursors, key, () => ({ next: 0 }));
      for (let step = 0; step < targets.length; step++) {
        const index = (cursor.next + step) % targets.length;
        const target = targets[index];
        if (target === undefined || !usable(target)) continue;
        cursor.next = index + 1;
        return target;
      }
      return undefined;
    },
  };
}
