/** What the archive's worker and the main thread send each other. */
import type { RowLimits } from '../storage/ports.ts';
import type { FinishedTurn, Found } from './response-archive.ts';

/** What the worker is started with. */
export interface ArchiveSettings {
  /** Undefined: in memory. */
  readonly file: string | undefined;
  readonly limits: RowLimits;
}

/** One call; nobody waits for the answer to `save`. */
export type ArchiveCall =
  | { readonly method: 'save'; readonly turn: FinishedTurn }
  | { readonly method: 'find' | 'inputOf' | 'remove'; readonly owner: string; readonly id: string }
  | { readonly method: 'continue'; readonly owner: string; readonly id: string; readonly input: Uint8Array }
  | { readonly method: 'close' };

/** What a call is answered with. */
export type ArchiveValue = Found<Uint8Array> | boolean | undefined;
