import type { Clock } from '../clock.ts';
import type { StateKind, StateRow, StateStore } from '../storage/ports.ts';

/** A piece of state as its owner hands it over to be kept. */
export interface StateChange {
  /** Unique within the kind. */
  readonly key: string;
  /** Anything JSON can say; undefined: there is nothing to keep any more. */
  readonly value: unknown;
  /** Milliseconds since the epoch; it need not be restored from then on. */
  readonly expiresAtMs: number;
}

/** A piece of state as it comes back after a restart. */
export interface SavedState {
  readonly key: string;
  /** Parsed JSON; whoever reads it narrows it, as the file may be anybody's. */
  readonly value: unknown;
  /** Milliseconds since the epoch, by this process's clock. */
  readonly expiresAtMs: number;
  /**
   * To be added to every moment in `value`. 0, or negative when the clock has gone back since it was stored: a cooldown
   * of an hour must not become one of a day and an hour.
   */
  readonly shiftMs: number;
}

/** Whoever has state that outlives the process: cooldowns, quota windows, bindings of conversations, counters. */
export interface StateSource {
  readonly kind: StateKind;
  /** The least time between two calls of `changed`, in milliseconds; absent: as often as the keeper writes. */
  readonly everyMs?: number;
  /** What has changed since the last call, each key once, its last state. Free when nothing has. */
  changed(): readonly StateChange[];
  /** Called once, before the first request. */
  restore(saved: readonly SavedState[]): void;
}

/** What a keeper works with. */
export interface StateKeeperOptions {
  readonly store: StateStore;
  readonly sources: readonly StateSource[];
  readonly clock: Clock;
  /** Time between two writes, in milliseconds; 250 when absent. What is younger is lost when the process is killed. */
  readonly intervalMs?: number;
  /** Hears once when state can no longer be kept, and once when it can again. */
  warn(message: string): void;
}

/** Writes state behind the requests' backs and brings it back at the next start. */
export interface StateKeeper {
  /** Brings back what the store has, then begins to keep; never rejects: a pool without memory works as well. */
  start(): Promise<void>;
  /** Writes what has changed so far; resolves when it is stored, or could not be. */
  flush(): Promise<void>;
  /** Writes the last changes and closes the store. */
  close(): Promise<void>;
}

const INTERVAL_MS = 250;
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60_000;
/** Whatever its owner says: a clock that was wrong must not leave rows for ever. */
const LONGEST_KEPT_MS = 31 * 24 * 60 * 60_000;
/** While the store takes nothing; beyond it the changes that came first are forgotten. */
const MAX_WAITING = 100_000;

interface Waiting {
  readonly kind: StateKind;
  readonly change: StateChange;
  readonly savedAtMs: number;
}

/** A keeper that has not started. */
export function createStateKeeper(options: StateKeeperOptions): StateKeeper {
  const { store, sources, clock } = options;
  const nextCallMs = new Map(sources.map((source) => [source, performance.now() + (source.everyMs ?? 0)]));
  let waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  /** By the process's own time, which does not jump. */
  let retryAtMs = 0;
  let retryMs = 0;

  function remember(one: Waiting): void {
    const name = `${one.kind} ${one.change.key}`;
    waiting.delete(name);
    waiting.set(name, one);
    if (waiting.size <= MAX_WAITING) return;
    const [oldest] = waiting.keys();
    if (oldest !== undefined) waiting.delete(oldest);
  }

  async function write(): Promise<void> {
    const batch = waiting;
    waiting = new Map();
    try {
      await put(store, [...batch.values()], clock.now());
      if (retryMs > 0) options.warn('cooldowns and other state are stored again');
      retryMs = 0;
    } catch (error) {
      if (retryMs === 0) options.warn(`cooldowns and other state are in memory only for now: ${messageOf(error)}`);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs === 0 ? FIRST_RETRY_MS : retryMs * 2);
      retryAtMs = performance.now() + retryMs;
      const newer = waiting;
      waiting = batch;
      for (const one of newer.values()) remember(one);
    }
  }

  function collect(isLast: boolean): void {
    for (const source of isLast ? sources : dueSources(sources, nextCallMs))
      for (const change of source.changed()) remember({ kind: source.kind, change, savedAtMs: clock.now() });
  }

  async function flush(isLast: boolean): Promise<void> {
    while (writing !== undefined) await writing;
    collect(isLast);
    if (waiting.size === 0) return;
    writing = write().finally(() => {
      writing = undefined;
    });
    await writing;
  }

  function tick(): void {
    collect(false);
    if (waiting.size > 0 && writing === undefined && (retryMs === 0 || performance.now() >= retryAtMs))
      void flush(false);
  }

  return {
    async start() {
      await restoreState(options);
      timer ??= setInterval(tick, options.intervalMs ?? INTERVAL_MS);
      timer.unref();
    },
    flush: () => flush(true),
    async close() {
      // Who never began to serve has nothing to keep, and would write over what others know.
      if (timer === undefined) return;
      clearInterval(timer);
      await flush(true);
      await store.close();
    },
  };
}

/** Who may be asked now, which counts as asking. */
function dueSources(sources: readonly StateSource[], nextCallMs: Map<StateSource, number>): readonly StateSource[] {
  const nowMs = performance.now();
  return sources.filter((source) => {
    if ((nextCallMs.get(source) ?? 0) > nowMs) return false;
    if (source.everyMs !== undefined) nextCallMs.set(source, nowMs + source.everyMs);
    return true;
  });
}

async function put(store: StateStore, batch: readonly Waiting[], nowMs: number): Promise<void> {
  const rows = batch.flatMap(({ kind, change: { key, value, expiresAtMs }, savedAtMs }) =>
    value === undefined
      ? []
      : {
          kind,
          key,
          value: JSON.stringify({ at: savedAtMs, value }),
          expiresAtMs: Math.min(expiresAtMs, nowMs + LONGEST_KEPT_MS),
        },
  );
  const gone = batch.flatMap(({ kind, change: { key, value } }) => (value === undefined ? { kind, key } : []));
  if (rows.length > 0) await store.put(rows);
  if (gone.length > 0) await store.delete(gone);
}

/** Brings back what the store has, and lets go of the store; warns when it cannot. */
export async function restoreState({ store, sources, clock, warn }: StateKeeperOptions): Promise<void> {
  try {
    for (const source of sources) {
      const rows = await store.load(source.kind);
      const saved = rows.flatMap((row) => savedState(row, clock.now()) ?? []);
      if (saved.length > 0) source.restore(saved);
    }
    // Until there is something to write, which may be never.
    await store.close();
  } catch (error) {
    warn(`cooldowns and other state of the last run are not known: ${messageOf(error)}`);
  }
}

/** Undefined for what is no row of ours, or has expired by the clock as it is now. */
function savedState({ key, value, expiresAtMs }: StateRow, nowMs: number): SavedState | undefined {
  const parsed = parseJson(value);
  if (typeof parsed !== 'object' || parsed === null || !('at' in parsed) || !('value' in parsed)) return undefined;
  const { at } = parsed;
  if (typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  const shiftMs = Math.min(0, nowMs - at);
  const untilMs = expiresAtMs + shiftMs;
  return untilMs > nowMs ? { key, value: parsed.value, expiresAtMs: untilMs, shiftMs } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
