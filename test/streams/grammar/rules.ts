import type { Wire } from '../../support/scripted-upstream/index.ts';

/** One event of a stream. */
export interface StreamEvent {
  readonly name: string | undefined;
  /** Parsed; undefined for `[DONE]`. */
  readonly data: Wire;
}

/** Finds what is wrong with a stream. */
export type Rules = (events: readonly StreamEvent[], broken: boolean) => string[];
