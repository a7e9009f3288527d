import type { Clock } from '../clock.ts';
import type { SavedState, StateChange, StateSource } from './state-keeper.ts';

/** How the attempts with one credential went. */
export interface CredentialCount {
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  /** The last 20 times ten minutes, the oldest first; the last one is under way. */
  readonly recent: readonly RecentCount[];
}

/** Ten minutes of it. */
export interface RecentCount {
  /** Milliseconds since the epoch at which they began. */
  readonly startMs: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Counts attempts per credential; survives a restart. */
export interface Counters extends StateSource {
  begun(credentialId: string): void;
  succeeded(credentialId: string): void;
  failed(credentialId: string): void;
  of(credentialId: string): CredentialCount;
}

const SLOTS = 20;
const SLOT_MS = 10 * 60_000;
const KEPT_MS = 30 * 24 * 60 * 60_000;
/** Losing the last seconds of a count with a killed process hurts nobody; writing it with every request would. */
const EVERY_MS = 5000;

interface Count {
  readonly id: string;
  attempts: number;
  succeeded: number;
  failed: number;
  /** Number of the ten minutes, since the epoch, that the last slot stands for. */
  slot: number;
  /** Pairs of succeeded and failed, by slot number modulo 20. */
  readonly ring: number[];
  isChanged: boolean;
}

/** All at zero. */
export function createCounters(clock: Clock): Counters {
  const counts = new Map<string, Count>();
  let changed: Count[] = [];

  function countOf(id: string): Count {
    let count = counts.get(id);
    if (count === undefined) {
      count = newCount(id, slotAt(clock.now()));
      counts.set(id, count);
    }
    return count;
  }

  function touched(id: string): Count {
    const count = countOf(id);
    if (!count.isChanged) {
      count.isChanged = true;
      changed.push(count);
    }
    return count;
  }

  function inSlot(count: Count, offset: 0 | 1): void {
    turn(count, slotAt(clock.now()));
    const place = (count.slot % SLOTS) * 2 + offset;
    count.ring[place] = (count.ring[place] ?? 0) + 1;
  }

  return {
    kind: 'counter',
    everyMs: EVERY_MS,
    begun(id) {
      touched(id).attempts++;
    },
    succeeded(id) {
      const count = touched(id);
      count.succeeded++;
      inSlot(count, 0);
    },
    failed(id) {
      const count = touched(id);
      count.failed++;
      inSlot(count, 1);
    },
    of(id) {
      const count = counts.get(id) ?? newCount(id, slotAt(clock.now()));
      turn(count, slotAt(clock.now()));
      return { attempts: count.attempts, succeeded: count.succeeded, failed: count.failed, recent: recentOf(count) };
    },
    changed() {
      const rows = changed.map((count): StateChange => {
        count.isChanged = false;
        const { id, attempts, succeeded, failed, slot, ring } = count;
        const value = { attempts, succeeded, failed, slot, ring: [...ring] };
        return { key: id, value, expiresAtMs: clock.now() + KEPT_MS };
      });
      changed = [];
      return rows;
    },
    restore(saved) {
      for (const one of saved) {
        const count = restored(one);
        if (count !== undefined && !counts.has(count.id)) counts.set(count.id, count);
      }
    },
  };
}

function newCount(id: string, slot: number): Count {
  const ring = new Array<number>(SLOTS * 2).fill(0);
  return { id, attempts: 0, succeeded: 0, failed: 0, slot, ring, isChanged: false };
}

function slotAt(nowMs: number): number {
  return Math.floor(nowMs / SLOT_MS);
}

/** Clears the slots that begin anew. A clock that went back goes on in the slot of before, unless it went far. */
function turn(count: Count, slot: number): void {
  if (slot === count.slot) return;
  const isFar = Math.abs(slot - count.slot) >= SLOTS;
  if (isFar) count.ring.fill(0);
  else if (slot < count.slot) return;
  for (let next = count.slot + 1; !isFar && next <= slot; next++)
    count.ring.fill(0, (next % SLOTS) * 2, (next % SLOTS) * 2 + 2);
  count.slot = slot;
}

function recentOf({ slot, ring }: Count): RecentCount[] {
  return Array.from({ length: SLOTS }, (_, index) => {
    const number = slot - SLOTS + 1 + index;
    const place = (number % SLOTS) * 2;
    return { startMs: number * SLOT_MS, succeeded: ring[place] ?? 0, failed: ring[place + 1] ?? 0 };
  });
}

function restored({ key, value, shiftMs }: SavedState): Count | undefined {
  if (typeof value !== 'object' || value === null || !('slot' in value) || !('ring' in value)) return undefined;
  const { slot, ring } = value;
  if (!isCount(slot) || !Array.isArray(ring) || ring.length !== SLOTS * 2 || !ring.every(isCount)) return undefined;
  // Of another time by this clock: the sums hold, the ten minutes mean nothing.
  const isShifted = shiftMs <= -SLOT_MS;
  const count = newCount(key, isShifted ? Math.max(0, slot + Math.ceil(shiftMs / SLOT_MS)) : slot);
  if ('attempts' in value && isCount(value.attempts)) count.attempts = value.attempts;
  if ('succeeded' in value && isCount(value.succeeded)) count.succeeded = value.succeeded;
  if ('failed' in value && isCount(value.failed)) count.failed = value.failed;
  if (!isShifted) for (const [place, amount] of ring.entries()) count.ring[place] = amount;
  return count;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
