import type { Clock } from '../../clock.ts';
import type { StateKind, StateLimits, StateName, StateRow, StateStore } from '../ports.ts';

/** State in this process's memory: gone when it ends. */
export class MemoryStateStore implements StateStore {
  readonly #limits: StateLimits;
  readonly #clock: Clock;
  readonly #kinds = new Map<StateKind, Map<string, StateRow>>();

  constructor(limits: StateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  load(kind: StateKind): readonly StateRow[] {
    const nowMs = this.#clock.now();
    return [...this.#rows(kind).values()].filter((row) => row.expiresAtMs > nowMs);
  }

  put(rows: readonly StateRow[]): void {
    for (const row of rows) this.#rows(row.kind).set(row.key, row);
    for (const kind of new Set(rows.map((row) => row.kind))) this.#trim(this.#rows(kind));
  }

  delete(names: readonly StateName[]): void {
    for (const { kind, key } of names) this.#rows(kind).delete(key);
  }

  close(): void {
    // Its rows are all it holds, and a later call still finds them.
  }

  #rows(kind: StateKind): Map<string, StateRow> {
    let rows = this.#kinds.get(kind);
    if (rows === undefined) {
      rows = new Map();
      this.#kinds.set(kind, rows);
    }
    return rows;
  }

  #trim(rows: Map<string, StateRow>): void {
    const nowMs = this.#clock.now();
    for (const [key, { expiresAtMs }] of rows) if (expiresAtMs <= nowMs) rows.delete(key);
    if (rows.size <= this.#limits.maxRows) return;
    const byExpiry = [...rows.values()].sort((a, b) => a.expiresAtMs - b.expiresAtMs);
    for (const { key } of byExpiry.slice(0, rows.size - this.#limits.maxRows)) rows.delete(key);
  }
}
