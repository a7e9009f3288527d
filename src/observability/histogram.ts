/** Upper bounds in milliseconds: from an answer of a local server to one that thinks for ten minutes. */
export const boundsMs: readonly number[] = [
  10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000,
];

/** How often something took how long. */
export class Histogram {
  /** Per bound, and beyond the last one. */
  readonly #counts: number[] = new Array<number>(boundsMs.length + 1).fill(0);
  #sumMs = 0;

  add(ms: number): void {
    // The system's clock may have been set back.
    const took = Math.max(0, ms);
    let index = 0;
    while (index < boundsMs.length && took > (boundsMs[index] ?? 0)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += took;
  }

  snapshot(): HistogramSnapshot {
    return { counts: [...this.#counts], sumMs: this.#sumMs, count: this.#counts.reduce((sum, one) => sum + one, 0) };
  }
}

/** The counts of a {@link Histogram}, one per bound and one for what took longer. */
export interface HistogramSnapshot {
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly count: number;
}
