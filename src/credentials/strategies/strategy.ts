import type { Target } from '../../routing/target.ts';

/** How much of an account's plan is left. */
export interface Headroom {
  /** Of the window that has the least left: 0 (nothing) to 1. */
  readonly leftFraction: number;
  /** When that window starts anew, in milliseconds since the epoch. */
  readonly resetsAtMs: number;
}

/** What a strategy may ask of the pool. */
export interface PoolView {
  /** Attempts under way. */
  inFlight(credentialId: string): number;
  /** Undefined: the provider has not told, or the window has ended since. */
  headroom(target: Target): Headroom | undefined;
}

/** Picks one of equally preferred targets. Holds its own small state and nothing else: no clock, no randomness. */
export interface Strategy {
  /**
   * How the load of conversations that stay where they began is to be spread: evenly, in proportion to the credentials'
   * weights, or not at all, where the strategy wants it in one place.
   */
  readonly spread: 'even' | 'by-weight' | 'none';
  /**
   * The next of `targets` for which `usable` is true; undefined when there is none. `key` (the model's name) keeps
   * the turns of different models apart.
   */
  pick(
    key: string,
    targets: readonly Target[],
    usable: (target: Target) => boolean,
    view: PoolView,
  ): Target | undefined;
}

/** Clients choose the names of models: state per name starts anew beyond this many. */
const MAX_KEYS = 4096;

/** The state kept under a key, made when there is none yet. */
export function stateOf<T>(states: Map<string, T>, key: string, create: () => T): T {
  const known = states.get(key);
  if (known !== undefined) return known;
  if (states.size >= MAX_KEYS) states.clear();
  const state = create();
  states.set(key, state);
  return state;
}
