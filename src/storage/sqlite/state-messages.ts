/** What the state store's worker and the main thread send each other. */
import type { StateKind, StateLimits, StateName, StateRow } from '../ports.ts';

/** What the worker is started with. */
export interface StateSettings {
  readonly file: string;
  readonly limits: StateLimits;
}

/** One call. */
export type StateCall =
  | { readonly method: 'load'; readonly kind: StateKind }
  | { readonly method: 'put'; readonly rows: readonly StateRow[] }
  | { readonly method: 'delete'; readonly names: readonly StateName[] }
  | { readonly method: 'close' };

/** What a call is answered with: the rows of `load`, otherwise none. */
export type StateValue = readonly StateRow[];
