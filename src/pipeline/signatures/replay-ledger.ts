import type { Clock } from '../../clock.ts';
import type { RememberedTurn } from './remembered-turn.ts';

/** How much a ledger may keep, and how long. */
export interface LedgerLimits {
  readonly entries: number;
  /** Of remembered text and signatures. */
  readonly bytes: number;
  readonly ttlMs: number;
}

interface Entry {
  readonly turn: RememberedTurn;
  readonly keys: readonly string[];
  readonly scope: string;
  usedAtMs: number;
}

const defaults: LedgerLimits = { entries: 20_000, bytes: 64 * 1024 * 1024, ttlMs: 3 * 3600 * 1000 };

/**
 * Remembers the signed parts of answers for clients that cannot carry them. A scope (client key and maker) sees only
 * its own turns. What was not used for three hours goes, and the longest unused when it gets too much.
 */
export class ReplayLedger {
  readonly #clock: Clock;
  readonly #limits: LedgerLimits;
  readonly #byKey = new Map<string, Entry>();
  /** In the order of their last use. */
  readonly #entries = new Set<Entry>();
  readonly #scopes = new Map<string, number>();
  #bytes = 0;

  constructor(clock: Clock, limits: Partial<LedgerLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...defaults, ...limits };
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there is anything to find for this scope. */
  knows(scope: string): boolean {
    this.#dropExpired();
    return this.#scopes.has(scope);
  }

  /** The first turn under a key stays: an earlier history must encode to the same bytes at every turn. */
  record(scope: string, keys: readonly string[], turn: RememberedTurn): void {
    this.#dropExpired();
    const { entries, bytes } = this.#limits;
    if (turn.bytes > bytes) return;
    const fresh = keys.map((key) => scoped(scope, key)).filter((key) => !this.#byKey.has(key));
    if (fresh.length === 0) return;
    const entry: Entry = { turn, keys: fresh, scope, usedAtMs: this.#clock.now() };
    for (const key of fresh) this.#byKey.set(key, entry);
    this.#entries.add(entry);
    this.#scopes.set(scope, (this.#scopes.get(scope) ?? 0) + 1);
    this.#bytes += turn.bytes;
    for (const oldest of this.#entries) {
      if (this.#entries.size <= entries && this.#bytes <= bytes) break;
      this.#drop(oldest);
    }
  }

  /** Finding a turn keeps it for another three hours. */
  find(scope: string, key: string): RememberedTurn | undefined {
    const entry = this.#byKey.get(scoped(scope, key));
    if (entry === undefined) return undefined;
    const now = this.#clock.now();
    if (this.#isExpired(entry, now)) {
      this.#drop(entry);
      return undefined;
    }
    entry.usedAtMs = now;
    this.#entries.delete(entry);
    this.#entries.add(entry);
    return entry.turn;
  }

  /** The maker refused these: they are of no more use. */
  forget(scope: string, keys: readonly string[]): void {
    for (const key of keys) {
      const entry = this.#byKey.get(scoped(scope, key));
      if (entry !== undefined) this.#drop(entry);
    }
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    for (const entry of this.#entries) {
      if (!this.#isExpired(entry, now)) return;
      this.#drop(entry);
    }
  }

  #isExpired(entry: Entry, now: number): boolean {
    return now - entry.usedAtMs >= this.#limits.ttlMs;
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    for (const key of entry.keys) this.#byKey.delete(key);
    this.#bytes -= entry.turn.bytes;
    const left = (this.#scopes.get(entry.scope) ?? 0) - 1;
    if (left > 0) this.#scopes.set(entry.scope, left);
    else this.#scopes.delete(entry.scope);
  }
}

function scoped(scope: string, key: string): string {
  return `${scope}\n${key}`;
}
