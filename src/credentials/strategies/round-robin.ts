import { type Cursor, createCursors, type States, type Strategy } from './strategy.ts';

/** Everybody in turn; who is not usable loses the turn to the next. */
export function createRoundRobin(cursors: States<Cursor> = createCursors()): Strategy {
  return {
    spread: 'even',
    pick(key, targets, usable) {
      const cursor = cursors.of(key);
      for (let step = 0; step < targets.length; step++) {
        const index = (cursor.next + step) % targets.length;
        const target = targets[index];
        if (target === undefined || !usable(target)) continue;
        cursor.next = index + 1;
        return target;
      }
      return undefined;
    },
    fork: () => createRoundRobin(cursors.fork()),
  };
}
