import type { Clock } from '../../clock.ts';
import type { ResponseRow, ResponseRows, RowLimits } from '../ports.ts';

interface Entry {
  readonly row: ResponseRow;
  usedAtMs: number;
}

/** Stored turns in this process's memory: gone when it ends. */
export class MemoryResponseRows implements ResponseRows {
  readonly #limits: RowLimits;
  readonly #clock: Clock;
  /** Longest unused first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: RowLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  put(row: ResponseRow): void {
    const key = keyOf(row.id, row.owner);
    this.#remove(key);
    this.#entries.set(key, { row, usedAtMs: this.#clock.now() });
    this.#bytes += sizeOf(row);
    this.#trim();
  }

  get(id: string, owner: string): ResponseRow | undefined {
    this.#trim();
    const key = keyOf(id, owner);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    entry.usedAtMs = this.#clock.now();
    this.#entries.set(key, entry);
    return entry.row;
  }

  exists(id: string): boolean {
    this.#trim();
    return [...this.#entries.values()].some((entry) => entry.row.id === id);
  }

  delete(id: string, owner: string): boolean {
    this.#trim();
    return this.#remove(keyOf(id, owner));
  }

  close(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #trim(): void {
    const { ttlMs, maxRows, maxBytes } = this.#limits;
    const oldestMs = this.#clock.now() - ttlMs;
    for (const [key, entry] of this.#entries) {
      if (entry.usedAtMs > oldestMs && this.#entries.size <= maxRows && this.#bytes <= maxBytes) return;
      this.#remove(key);
    }
  }

  #remove(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#bytes -= sizeOf(entry.row);
    return this.#entries.delete(key);
  }
}

function keyOf(id: string, owner: string): string {
  return `${owner} ${id}`;
}

function sizeOf({ input, response }: ResponseRow): number {
  return input.length + response.length;
}
