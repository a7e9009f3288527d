import type { Target } from '../../routing/target.ts';
import { createRoundRobin } from './round-robin.ts';
import { createStates, type States, type Strategy } from './strategy.ts';

/** Credits of the targets of one list, by their place in it. */
interface Credits {
  targets: readonly Target[];
  values: Float64Array;
}

/**
 * Turns in proportion to the credentials' weights, evenly mixed (5:1:1 gives a a b a c a a, not a a a a a b c).
 * A weight of 0 or less is never used. O(n); O(1) while all weights are equal, which is plain round-robin.
 */
export function createWeightedRoundRobin(
  states: States<Credits> = createStates(noCredits, copyOf),
  turns: Strategy = createRoundRobin(),
): Strategy {
  const equals = new WeakMap<readonly Target[], boolean>();

  function areEqual(targets: readonly Target[]): boolean {
    let known = equals.get(targets);
    if (known === undefined) {
      const weight = targets[0]?.credential.weight ?? 0;
      known = weight > 0 && targets.every(({ credential }) => credential.weight === weight);
      equals.set(targets, known);
    }
    return known;
  }

  return {
    spread: 'by-weight',
    pick(key, targets, usable, view) {
      if (areEqual(targets)) return turns.pick(key, targets, usable, view);
      const credits = states.of(key);
      if (credits.targets !== targets) carryOver(credits, targets);
      return nextOf(credits, usable);
    },
    fork: () => createWeightedRoundRobin(states.fork(), turns.fork()),
  };
}

function noCredits(): Credits {
  return { targets: [], values: new Float64Array() };
}

function copyOf({ targets, values }: Credits): Credits {
  return { targets, values: values.slice() };
}

function nextOf({ targets, values }: Credits, usable: (target: Target) => boolean): Target | undefined {
  let total = 0;
  let best = -1;
  let bestCredit = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < targets.length; index++) {
    const target = targets[index];
    const weight = target?.credential.weight ?? 0;
    if (target === undefined || weight <= 0 || !usable(target)) continue;
    const credit = (values[index] ?? 0) + weight;
    values[index] = credit;
    total += weight;
    if (credit <= bestCredit) continue;
    best = index;
    bestCredit = credit;
  }
  if (best >= 0) values[best] = bestCredit - total;
  return targets[best];
}

/** Another list of the same name: whoever was on the one before keeps the credit. */
function carryOver(credits: Credits, targets: readonly Target[]): void {
  const before = new Map(credits.targets.map((target, index) => [creditId(target), credits.values[index] ?? 0]));
  credits.values = Float64Array.from(targets, (target) => before.get(creditId(target)) ?? 0);
  credits.targets = targets;
}

function creditId(target: Target): string {
  return `${target.credential.id} ${target.model}`;
}
