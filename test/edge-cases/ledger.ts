/** The edge cases that the field has met, by the names under which the reference lists them (`names.json`), and what becomes of each here. */

/** A case that is run here. One case may stand for several names that say the same of different dialects. */
export interface EdgeCase {
  readonly names: readonly string[];
  /** What is right, where the names do not say it or say something else. */
  readonly note?: string;
  run(): void | Promise<void>;
}

/** A case that another test of this repository has. */
export interface TestedElsewhere {
  readonly names: readonly string[];
  /** `path/of/the.test.ts > words of the test's title` */
  readonly test: string;
}

/** A case that has no place here. */
export interface NotHere {
  readonly names: readonly string[];
  /** Why: another design that cannot meet it, evasion, or a provider or endpoint that is not part of this yet. */
  readonly because: string;
}

export type Entry = EdgeCase | TestedElsewhere | NotHere;

/** One group of `names.json` with an entry for each of its names. */
export interface Group {
  readonly group: string;
  readonly entries: readonly Entry[];
}
