import type { Target } from '../../routing/target.ts';
import { type Strategy, stateOf } from './strategy.ts';

/**
 * Turns in proportion to the credentials' weights, evenly mixed (5:1:1 gives a a b a c a a, not a a a a a b c).
 * A weight of 0 or less is never used.
 */
export function createWeightedRoundRobin(): Strategy {
  const states = new Map<string, Map<string, number>>();

  return {
    pick(key, targets, usable) {
      const credits = stateOf(states, key, () => new Map<string, number>());
      if (credits.size > targets.length) credits.clear();
      let total = 0;
      let best: Target | undefined;
      let bestCredit = Number.NEGATIVE_INFINITY;
      for (const target of targets) {
        const { weight } = target.credential;
        if (weight <= 0 || !usable(target)) continue;
        const id = creditId(target);
        const credit = (credits.get(id) ?? 0) + weight;
        credits.set(id, credit);
        total += weight;
        if (credit <= bestCredit) continue;
        best = target;
        bestCredit = credit;
      }
      if (best !== undefined) credits.set(creditId(best), bestCredit - total);
      return best;
    },
  };
}

function creditId(target: Target): string {
  return `${target.credential.id} ${target.model}`;
}
