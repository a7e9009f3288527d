import { createFillFirst } from './fill-first.ts';
import { createLeastInFlight } from './least-in-flight.ts';
import { createQuotaHeadroom } from './quota-headroom.ts';
import { createRoundRobin } from './round-robin.ts';
import type { Strategy } from './strategy.ts';
import { createWeightedRoundRobin } from './weighted-round-robin.ts';

/** Values of `routing.strategy`. */
export type StrategyName = 'round-robin' | 'weighted-round-robin' | 'fill-first' | 'least-in-flight' | 'quota-headroom';

/** A fresh strategy of that name. */
export function createStrategy(name: StrategyName): Strategy {
  switch (name) {
    case 'round-robin':
      return createRoundRobin();
    case 'fill-first':
      return createFillFirst();
    case 'weighted-round-robin':
      return createWeightedRoundRobin();
    case 'least-in-flight':
      return createLeastInFlight();
    case 'quota-headroom':
      return createQuotaHeadroom();
  }
}
