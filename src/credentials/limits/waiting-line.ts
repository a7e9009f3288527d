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
  const lines = new Map<readonly Target[], Line>();
  const freedIds = new Set<string>();
  let number = 0;
  let size = 0;
  /** Everybody may have room; otherwise only those of `freedIds`. */
  let isAnyone = false;
  let isScheduled = false;
  /** The one whose turn it is. */
  let serving: Waiter | undefined;
  let stopTimer: (() => void) | undefined;

  function lineOf(targets: readonly Target[]): Line {
    const known = lines.get(targets);
    if (known !== undefined) return known;
    const line = { targets, byCredential: Map.groupBy(targets, ({ credential }) => credential.id), waiters: [] };
    lines.set(targets, line);
    return line;
  }

  function leave({ targets, waiters }: Line, waiter: Waiter): void {
    const index = waiters.indexOf(waiter);
    if (index < 0) return;
    waiters.splice(index, 1);
    size--;
    if (waiters.length === 0) lines.delete(targets);
    if (size === 0) rest();
    // Whoever is first now may need less.
    else if (index === 0) schedule();
  }

  function rest(): void {
    stopTimer?.();
    stopTimer = undefined;
    freedIds.clear();
  }

  /** After the caller is done: what it reports of an attempt's end counts as well. */
  function schedule(): void {
    isAnyone = true;
    wakeSoon();
  }

  function wakeSoon(): void {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(wake);
  }

  function wake(): void {
    isScheduled = false;
    const ids = isAnyone ? undefined : new Set(freedIds);
    isAnyone = false;
    freedIds.clear();
    serveAll(ids);
    if (size > 0) setTimer();
  }

  /** The one who came first among those who can be served, until there is none. */
  function serveAll(ids: ReadonlySet<string> | undefined): void {
    const passed = new Set<readonly Target[]>();
    for (;;) {
      const line = firstOf(passed);
      const waiter = line?.waiters[0];
      if (line === undefined || waiter === undefined) return;
      if (!isServable(line, waiter, ids)) {
        passed.add(line.targets);
        continue;
      }
      leave(line, waiter);
      serving = waiter;
      try {
        waiter.serve();
      } finally {
        serving = undefined;
      }
      // Nobody was found for it after all: it stands in front again, and everybody waits a little.
      if (lines.get(line.targets)?.waiters[0]?.number === waiter.number) passed.add(line.targets);
    }
  }

  function firstOf(passed: ReadonlySet<readonly Target[]>): Line | undefined {
    let first: Line | undefined;
    for (const line of lines.values()) {
      if (passed.has(line.targets)) continue;
      if (first === undefined || numberOf(line) < numberOf(first)) first = line;
    }
    return first;
  }

  function isServable(line: Line, { request }: Waiter, ids: ReadonlySet<string> | undefined): boolean {
    if (ids === undefined) return line.targets.some((target) => view.canServe(request, target));
    for (const id of ids) {
      if (line.byCredential.get(id)?.some((target) => view.canServe(request, target)) === true) return true;
    }
    return false;
  }

  function setTimer(): void {
    stopTimer?.();
    let soonestMs = LONGEST_MS;
    for (const { targets, waiters } of lines.values()) {
      const request = waiters[0]?.request;
      if (request === undefined) continue;
      for (const target of targets) {
        const ms = view.waitMs(request, target, NOBODY_AHEAD);
        if (ms !== undefined) soonestMs = Math.min(soonestMs, Math.max(ms, ms === 0 ? SHORTEST_MS : 1));
      }
    }
    stopTimer = later(schedule, soonestMs);
  }

  return {
    get size() {
      return size;
    },
    holdsBack: ({ targets, tried }) => size > 0 && serving === undefined && tried.size === 0 && lines.has(targets),
    join(request, serve) {
      const line = lineOf(request.targets);
      const waiter = { request, serve, number: serving?.number ?? number++ };
      if (serving === undefined) line.waiters.push(waiter);
      else line.waiters.unshift(waiter);
      size++;
      if (serving === undefined) schedule();
      return () => leave(line, waiter);
    },
    ahead({ targets }) {
      const waiters = lines.get(targets)?.waiters ?? [];
      const tokens = waiters.reduce((sum, { request }) => sum + (request.cost?.tokens() ?? 0), 0);
      return waiters.length === 0 ? NOBODY_AHEAD : { requests: waiters.length, tokens };
    },
    freed(target) {
      if (size === 0) return;
      if (view.isShared(target)) isAnyone = true;
      else freedIds.add(target.credential.id);
      wakeSoon();
    },
    changed() {
      if (size > 0) schedule();
    },
  };
}

function numberOf({ waiters }: Line): number {
  return waiters[0]?.number ?? Number.POSITIVE_INFINITY;
}

function sleep(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
