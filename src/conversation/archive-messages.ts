/** What the archive's worker and the main thread send each other. */
import type { RowLimits } from '../storage/ports.ts';
import type { FinishedTurn, Found } from './response-archive.ts';

/** What the worker is started with. */
export interface ArchiveSettings {
  /** Undefined: in memory. */
  readonly file: string | undefined;
  readonly limits: RowLimits;
}

/** One call; every call but `save` is answered. */
export type ArchiveCall =
  | { readonly method: 'save'; readonly turn: FinishedTurn }
  | {
      readonly method: 'find' | 'inputOf' | 'remove';
      readonly seq: number;
      readonly owner: string;
      readonly id: string;
    }
  | {
      readonly method: 'continue';
      readonly seq: number;
      readonly owner: string;
      readonly id: string;
      readonly input: Uint8Array;
    }
  | { readonly method: 'close'; readonly seq: number };

/** What comes back. */
export type ArchiveReply =
  | { readonly seq: number; readonly value: Found<Uint8Array> | boolean | undefined }
  | { readonly seq: number; readonly error: string }
  /** Something the operator should know; no call waits for it. */
  | { readonly warning: string };
