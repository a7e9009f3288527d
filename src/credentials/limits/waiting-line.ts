import type { Target } from '../../routing/target.ts';
import type { PickRequest } from '../pool.ts';
import { type Ahead, NOBODY_AHEAD } from './rate-limits.ts';

/** What a line must know of those whom it waits for. */
export interface LineView {
  /** Whether the target would serve the request now. */
  canServe(request: PickRequest, target: Target): boolean;
  /** Until it would; undefined: until another attempt ends, or never. */
  waitMs(request: PickRequest, target: Target, ahead: Ahead): number | undefined;
  /** Whether others have room as well when the target has. */
  isShared(target: Target): boolean;
}

/** Requests that wait for room, first come, first served. */
export interface WaitingLine {
  readonly size: number;
  /** Others wait for the same targets already. */
  holdsBack(request: PickRequest): boolean;
  /** Waits until `serve` is called, in which the request may be picked for. Returns how to leave before. */
  join(request: PickRequest, serve: () => void): () => void;
  /** What those who wait for the same targets will take before a newcomer. */
  ahead(request: PickRequest): Ahead;
  /** An attempt with the target has ended. */
  freed(target: Target): void;
  /** Whatever was known of the targets may have changed. */
  changed(): void;
}

/** Runs something later; returns how not to. */
export type Later = (run: () => void, ms: number) => () => void;

interface Waiter {
  readonly request: PickRequest;
  readonly number: number;
  serve(): void;
}

/** Those who wait for the same targets. */
interface Line {
  readonly targets: readonly Target[];
  readonly byCredential: ReadonlyMap<string, readonly Target[]>;
  readonly waiters: Waiter[];
}

/** Of waits whose end nobody knows, such as that of another request's try. */
const SHORTEST_MS = 20;
/** One look may take so long: clocks are set, configurations changed. */
const LONGEST_MS = 5000;

/** Nobody waits. */
export function createWaitingLine(view: LineView, later: Later = sleep): WaitingLine {
  return new FairLine(view, later);
}

class FairLine implements WaitingLine {
  readonly #view: LineView;
  readonly #later: Later;
  readonly #lines = new Map<readonly Target[], Line>();
  readonly #freedIds = new Set<string>();
  #number = 0;
  #size = 0;
  /** Everybody may have room; otherwise only those of `#freedIds`. */
  #isAnyone = false;
  #isScheduled = false;
  /** The one whose turn it is. */
  #serving: Waiter | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(view: LineView, later: Later) {
    this.#view = view;
    this.#later = later;
  }

  get size(): number {
    return this.#size;
  }

  holdsBack({ targets, tried }: PickRequest): boolean {
    return this.#size > 0 && this.#serving === undefined && tried.size === 0 && this.#lines.has(targets);
  }

  join(request: PickRequest, serve: () => void): () => void {
    const line = this.#lineOf(request.targets);
    const isAgain = this.#serving !== undefined;
    const waiter = { request, serve, number: this.#serving?.number ?? this.#number++ };
    if (isAgain) line.waiters.unshift(waiter);
    else line.waiters.push(waiter);
    this.#size++;
    if (!isAgain) this.#wakeAll();
    return () => this.#leave(line, waiter);
  }

  ahead({ targets }: PickRequest): Ahead {
    const waiters = this.#lines.get(targets)?.waiters ?? [];
    const tokens = waiters.reduce((sum, { request }) => sum + (request.cost?.tokens() ?? 0), 0);
    return waiters.length === 0 ? NOBODY_AHEAD : { requests: waiters.length, tokens };
  }

  freed(target: Target): void {
    if (this.#size === 0) return;
    if (this.#view.isShared(target)) this.#isAnyone = true;
    else this.#freedIds.add(target.credential.id);
    this.#wakeSoon();
  }

  changed(): void {
    if (this.#size > 0) this.#wakeAll();
  }

  #lineOf(targets: readonly Target[]): Line {
    const known = this.#lines.get(targets);
    if (known !== undefined) return known;
    const line = { targets, byCredential: Map.groupBy(targets, ({ credential }) => credential.id), waiters: [] };
    this.#lines.set(targets, line);
    return line;
  }

  #leave({ targets, waiters }: Line, waiter: Waiter): void {
    const index = waiters.indexOf(waiter);
    if (index < 0) return;
    waiters.splice(index, 1);
    this.#size--;
    if (waiters.length === 0) this.#lines.delete(targets);
    if (this.#size === 0) this.#rest();
    // Whoever is first now may need less.
    else if (index === 0 && this.#serving === undefined) this.#wakeAll();
  }

  #rest(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#freedIds.clear();
  }

  #wakeAll(): void {
    this.#isAnyone = true;
    this.#wakeSoon();
  }

  /** After the caller is done: what else it reports of an attempt's end counts as well. */
  #wakeSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#wake());
  }

  #wake(): void {
    this.#isScheduled = false;
    const ids = this.#isAnyone ? undefined : new Set(this.#freedIds);
    this.#isAnyone = false;
    this.#freedIds.clear();
    this.#serveAll(ids);
    if (this.#size > 0) this.#setTimer();
  }

  /** The one who came first among those who can be served, until there is none. `ids`: of those who may have room. */
  #serveAll(ids: ReadonlySet<string> | undefined): void {
    const passed = new Set<readonly Target[]>();
    for (;;) {
      const line = this.#firstOf(passed);
      const waiter = line?.waiters[0];
      if (line === undefined || waiter === undefined) return;
      if (!this.#isServable(line, waiter, ids)) {
        passed.add(line.targets);
        continue;
      }
      this.#serve(line, waiter);
      // Nobody was found for it after all: it stands in front again, and everybody waits a little.
      if (this.#lines.get(line.targets)?.waiters[0]?.number === waiter.number) passed.add(line.targets);
    }
  }

  #serve(line: Line, waiter: Waiter): void {
    this.#serving = waiter;
    try {
      this.#leave(line, waiter);
      waiter.serve();
    } finally {
      this.#serving = undefined;
    }
  }

  #firstOf(passed: ReadonlySet<readonly Target[]>): Line | undefined {
    let first: Line | undefined;
    for (const line of this.#lines.values()) {
      if (passed.has(line.targets)) continue;
      if (first === undefined || numberOf(line) < numberOf(first)) first = line;
    }
    return first;
  }

  #isServable(line: Line, { request }: Waiter, ids: ReadonlySet<string> | undefined): boolean {
    const canServe = (target: Target): boolean => this.#view.canServe(request, target);
    if (ids === undefined) return line.targets.some(canServe);
    for (const id of ids) if (line.byCredential.get(id)?.some(canServe) === true) return true;
    return false;
  }

  #setTimer(): void {
    this.#stopTimer?.();
    let soonestMs = LONGEST_MS;
    for (const { targets, waiters } of this.#lines.values()) {
      const request = waiters[0]?.request;
      if (request === undefined) continue;
      for (const target of targets) {
        const ms = this.#view.waitMs(request, target, NOBODY_AHEAD);
        if (ms !== undefined) soonestMs = Math.min(soonestMs, ms === 0 ? SHORTEST_MS : ms);
      }
    }
    this.#stopTimer = this.#later(() => this.#wakeAll(), soonestMs);
  }
}

function numberOf({ waiters }: Line): number {
  return waiters[0]?.number ?? Number.POSITIVE_INFINITY;
}

function sleep(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
