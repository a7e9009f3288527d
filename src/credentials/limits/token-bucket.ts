/** Sums of fractions are not exact: what is missing by less than this is there. */
const DUST = 1e-6;
const MINUTE_MS = 60_000;

/** Fills steadily up to its capacity; what is taken beyond its level is missing afterwards. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #atMs: number;

  /** Full at first, unless `level` says otherwise. */
  constructor(perMinute: number, capacity: number, nowMs: number, level: number = capacity) {
    this.#perMs = perMinute / MINUTE_MS;
    this.#capacity = capacity;
    this.#level = Math.min(level, capacity);
    this.#atMs = nowMs;
  }

  level(nowMs: number): number {
    // By a clock that was set back nothing comes in.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#level = Math.min(this.#capacity, this.#level + passedMs * this.#perMs);
    return this.#level;
  }

  /** A negative amount gives back. Never missing are more than two capacities. */
  take(amount: number, nowMs: number): void {
    const left = this.level(nowMs) - amount;
    this.#level = Math.max(-2 * this.#capacity, Math.min(this.#capacity, left));
  }

  /** Until that much is there, after what comes `ahead`; more than the capacity never is, so that is enough then. */
  waitMs(amount: number, nowMs: number, ahead = 0): number {
    const missing = ahead + Math.min(amount, this.#capacity) - this.level(nowMs);
    return missing <= DUST ? 0 : Math.ceil(missing / this.#perMs);
  }
}
