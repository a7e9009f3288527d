import type { Strategy } from './strategy.ts';

/** Always the first usable one: the next credential is touched only when those before it are cooling down. */
export function createFillFirst(): Strategy {
  const strategy: Strategy = {
    spread: 'none',
    pick: (_key, targets, usable) => targets.find(usable),
    // It holds no state.
    fork: () => strategy,
  };
  return strategy;
}
