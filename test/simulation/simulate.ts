import type { Credential } from '../../src/credentials/credential.ts';
import { createCredentialManager } from '../../src/credentials/manager.ts';
import { createStrategy, type StrategyName } from '../../src/credentials/strategies/index.ts';
import { upstreamError } from '../../src/errors.ts';
import { echo } from '../../src/providers/echo/index.ts';
import type { Target } from '../../src/routing/target.ts';
import type { Turn } from './conversations.ts';

/** An account that answers with 429 for a while. */
export interface Outage {
  readonly account: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is played. */
export interface Scenario {
  readonly turns: readonly Turn[];
  readonly accounts: number;
  readonly outages: readonly Outage[];
  readonly strategy: StrategyName;
  readonly affinity: boolean;
}

/** How it went. */
export interface Outcome {
  /** Tokens found in caches. */
  readonly cachedTokens: number;
  /** Requests that each account answered. */
  readonly answered: readonly number[];
  /** Attempts that ended with 429. */
  readonly refused: number;
  /** Requests that nobody answered. */
  readonly lost: number;
}

interface Cached {
  tokens: number;
  untilMs: number;
}

/** Plays the turns against accounts whose caches forget, by the real manager. */
export function simulate({ turns, accounts, outages, strategy, affinity }: Scenario): Outcome {
  const time = { nowMs: 0 };
  const clock = { now: (): number => time.nowMs };
  const manager = createCredentialManager({
    clock,
    strategy: createStrategy(strategy),
    settings: { transientMs: 60_000, disableCooling: false },
    choice: { accountsFirst: true, affinityMs: affinity ? 3_600_000 : 0 },
  });
  const targets = Array.from({ length: accounts }, (_none, index) => account(index));
  const caches = targets.map(() => new Map<number, Cached>());
  const answered = targets.map(() => 0);
  const running = new Running();
  const totals = { cachedTokens: 0, refused: 0, lost: 0 };

  for (const turn of turns) {
    running.endUntil(turn.atMs, ({ atMs, target }) => {
      time.nowMs = atMs;
      manager.succeeded(target);
      manager.ended(target);
    });
    time.nowMs = turn.atMs;
    const tried = new Set<string>();
    const session = { key: `c${turn.conversation}`, ttlMs: turn.ttlMs };
    for (;;) {
      const target = manager.pick({ model: 'm', targets, tried, session: () => session });
      if (target === undefined) {
        totals.lost++;
        break;
      }
      manager.begun(target);
      const index = targets.indexOf(target);
      const outage = outages.find((one) => one.account === index && isDuring(one, turn.atMs));
      if (outage !== undefined) {
        totals.refused++;
        manager.ended(target);
        const retryAfterMs = outage.untilMs - turn.atMs;
        manager.failed(target, upstreamError({ status: 429, message: 'limit', retryAfterMs }));
        tried.add(target.credential.id);
        continue;
      }
      answered[index] = (answered[index] ?? 0) + 1;
      totals.cachedTokens += readCache(caches[index] ?? new Map(), turn);
      running.add({ atMs: turn.atMs + turn.durationMs, target });
      break;
    }
  }
  return { ...totals, answered };
}

/** What a single account that never fails finds in its cache. */
export function idealTokens(turns: readonly Turn[]): number {
  const cache = new Map<number, Cached>();
  return turns.reduce((sum, turn) => sum + readCache(cache, turn), 0);
}

/** The cached part of a turn's prefix; afterwards all of the turn is cached. */
function readCache(cache: Map<number, Cached>, turn: Turn): number {
  const cached = cache.get(turn.conversation);
  cache.set(turn.conversation, { tokens: turn.inputTokens, untilMs: turn.atMs + turn.ttlMs });
  return cached === undefined || cached.untilMs < turn.atMs ? 0 : Math.min(cached.tokens, turn.prefixTokens);
}

function isDuring({ fromMs, untilMs }: Outage, atMs: number): boolean {
  return atMs >= fromMs && atMs < untilMs;
}

function account(index: number): Target {
  const credential: Credential = {
    id: `account-${index}`,
    provider: 'test',
    kind: 'account',
    secret: undefined,
    label: `account ${index}`,
    source: 'simulation',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
  };
  return { credential, provider: echo, model: 'm', info: undefined, forceMapping: false };
}

interface End {
  readonly atMs: number;
  readonly target: Target;
}

/** Requests under way, a heap by their ends. */
class Running {
  readonly #heap: End[] = [];

  add(end: End): void {
    const heap = this.#heap;
    let at = heap.push(end) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && endOf(heap, parent) > end.atMs; parent = (at - 1) >> 1) {
      this.#swap(at, parent);
      at = parent;
    }
  }

  endUntil(atMs: number, done: (end: End) => void): void {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= atMs; first = this.#heap[0]) {
      this.#removeFirst();
      done(first);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = endOf(heap, left + 1) < endOf(heap, left) ? left + 1 : left;
      if (endOf(heap, least) >= last.atMs) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}

function endOf(heap: readonly End[], index: number): number {
  return heap[index]?.atMs ?? Number.POSITIVE_INFINITY;
}
