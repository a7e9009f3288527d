import { createFillFirst } from './fill-first.ts';
import { createRoundRobin } from './round-robin.ts';
import type { Strategy } from './strategy.ts';
import { createWeightedRoundRobin } from './weighted-round-robin.ts';

/** Values of `routing.strategy`. */
export type StrategyName = 'round-robin' | 'fill-first' | 'weighted-round-robin';

/** A fresh strategy of that name. */
export function createStrategy(name: StrategyName): Strategy {
  switch (name) {
    case 'round-robin':
      return createRoundRobin();
    case 'fill-first':
      return createFillFirst();
    case 'weighted-round-robin':
      return createWeightedRoundRobin();
  }
}
