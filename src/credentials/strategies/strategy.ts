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
  /** One with the same turns, whose picks leave this one as it is. */
  fork(): Strategy;
}

/** Clients choose the names of models: state per name starts anew beyond this many. */
const MAX_KEYS = 4096;

/** State by key. */
export interface States<T> {
  /** Made when there is none yet. */
  of(key: string): T;
  known(key: string): T | undefined;
  /** Begins with copies of these. */
  fork(): States<T>;
}

/** Nothing is kept yet, except what `before` knows. */
export function createStates<T>(create: () => T, copy: (state: T) => T, before?: States<T>): States<T> {
  const states = new Map<string, T>();
  const made: States<T> = {
    of(key) {
      const found = states.get(key);
      if (found !== undefined) return found;
      if (states.size >= MAX_KEYS) states.clear();
      const inherited = before?.known(key);
      const state = inherited === undefined ? create() : copy(inherited);
      states.set(key, state);
      return state;
    },
    known: (key) => states.get(key) ?? before?.known(key),
    fork: () => createStates(create, copy, made),
  };
  return made;
}

/** Whose turn it is, as a place in the list. */
export interface Cursor {
  next: number;
}

/** All turns begin with the first. */
export function createCursors(): States<Cursor> {
  return createStates(
    () => ({ next: 0 }),
    ({ next }) => ({ next }),
  );
}
