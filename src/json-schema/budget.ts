/** The most schemas that references may be written out to in one request, over all its tools. */
const MOST_PER_REQUEST = 4_000;

/** Counts the schemas that come out of references: a document can be made that would give billions. */
export class Budget {
  #left: number;
  readonly #parent: Budget | undefined;

  /** `parent`: pays as well. */
  constructor(most: number = MOST_PER_REQUEST, parent?: Budget) {
    this.#left = most;
    this.#parent = parent;
  }

  /** False when it is used up, or the parent's is. */
  spend(count: number): boolean {
    this.#left -= count;
    const paid = this.#parent?.spend(count) ?? true;
    return paid && this.#left >= 0;
  }
}
