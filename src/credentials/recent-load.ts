import type { Clock } from '../clock.ts';

/** How much every credential did lately: each request counts one, and less the longer ago it was. */
export interface RecentLoad {
  add(credentialId: string): void;
  of(credentialId: string): number;
  /** One that begins with the same; what is added to it stays there. */
  fork(): RecentLoad;
}

interface Entry {
  value: number;
  atMs: number;
}

const MAX_ENTRIES = 20_000;
/** As good as nothing. */
const LITTLE = 0.01;

/** Nothing was done yet. `halfLifeMs`: after it, a request counts half. */
export function createRecentLoad(clock: Clock, halfLifeMs: number): RecentLoad {
  const entries = new Map<string, Entry>();
  // A clock that was put back makes nothing younger than it is.
  const valueAt = ({ value, atMs }: Entry, nowMs: number): number =>
    nowMs <= atMs ? value : value * 2 ** ((atMs - nowMs) / halfLifeMs);

  const load: RecentLoad = {
    add(credentialId) {
      const nowMs = clock.now();
      const entry = entries.get(credentialId);
      if (entry !== undefined) {
        entry.value = valueAt(entry, nowMs) + 1;
        entry.atMs = nowMs;
        return;
      }
      if (entries.size >= MAX_ENTRIES)
        for (const [id, old] of entries) if (valueAt(old, nowMs) < LITTLE) entries.delete(id);
      entries.set(credentialId, { value: 1, atMs: nowMs });
    },
    of(credentialId) {
      const entry = entries.get(credentialId);
      return entry === undefined ? 0 : valueAt(entry, clock.now());
    },
    fork: () => forkOf(load),
  };
  return load;
}

/** For so short a time that nothing gets old. */
function forkOf(load: RecentLoad): RecentLoad {
  const added = new Map<string, number>();
  const fork: RecentLoad = {
    add: (id) => void added.set(id, (added.get(id) ?? 0) + 1),
    of: (id) => load.of(id) + (added.get(id) ?? 0),
    fork: () => forkOf(fork),
  };
  return fork;
}
