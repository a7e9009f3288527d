import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProxyError } from '../errors.ts';
import { MemoryStateStore } from '../storage/memory/state-store.ts';
import type { StateRow, StateStore } from '../storage/ports.ts';
import {
  createStateKeeper,
  type SavedState,
  type StateChange,
  type StateKeeper,
  type StateSource,
} from './state-keeper.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let nowMs: number;
let store: MemoryStateStore;
let warnings: string[];
const clock = { now: () => nowMs };
const warn = (message: string): void => void warnings.push(message);

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 1_800_000_000_000;
  store = new MemoryStateStore({ maxRows: 1000 }, clock);
  warnings = [];
});
afterEach(() => vi.useRealTimers());

interface TestSource extends StateSource {
  change(key: string, value: unknown, inMs?: number): void;
  calls: number;
  restored: readonly SavedState[];
}

function source(kind: StateSource['kind'] = 'cooldown', everyMs?: number): TestSource {
  let changes: StateChange[] = [];
  return {
    kind,
    ...(everyMs === undefined ? {} : { everyMs }),
    calls: 0,
    restored: [],
    change: (key, value, inMs = HOUR) => void changes.push({ key, value, expiresAtMs: nowMs + inMs }),
    changed() {
      this.calls++;
      const taken = changes;
      changes = [];
      return taken;
    },
    restore(saved) {
      this.restored = saved;
    },
  };
}

function keep(sources: readonly StateSource[], into: StateStore = store): StateKeeper {
  return createStateKeeper({ store: into, sources, clock, warn });
}

async function restoredBy(next: TestSource): Promise<readonly SavedState[]> {
  const keeper = keep([next]);
  await keeper.start();
  return next.restored;
}

describe('writing behind', () => {
  test('changes go out together, each key once, in its last state', async () => {
    const [cooldowns, sessions] = [source(), source('session')];
    const put = vi.spyOn(store, 'put');
    await keep([cooldowns, sessions]).start();
    cooldowns.change('a', 1);
    cooldowns.change('a', 2);
    sessions.change('a', 'bound');
    await vi.advanceTimersByTimeAsync(249);
    expect(put).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(put).toHaveBeenCalledTimes(1);
    expect(store.load('cooldown')).toEqual([
      { kind: 'cooldown', key: 'a', value: `{"at":${nowMs},"value":2}`, expiresAtMs: nowMs + HOUR },
    ]);
    expect(store.load('session')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(put, 'nothing changed since').toHaveBeenCalledTimes(1);
  });

  test('what is over is deleted, also before it was ever written', async () => {
    const cooldowns = source();
    const keeper = keep([cooldowns]);
    await keeper.start();
    cooldowns.change('a', 1);
    await keeper.flush();
    cooldowns.change('a', undefined);
    cooldowns.change('b', 1);
    cooldowns.change('b', undefined);
    await keeper.flush();
    expect(store.load('cooldown')).toEqual([]);
  });

  test('who is slow to change is asked less often, and at the end', async () => {
    const counts = source('counter', 5000);
    const put = vi.spyOn(store, 'put');
    const keeper = keep([counts]);
    await keeper.start();
    counts.change('a', 1);
    await vi.advanceTimersByTimeAsync(4750);
    expect(counts.calls).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(put).toHaveBeenCalledTimes(1);
    counts.change('b', 1);
    const close = vi.spyOn(store, 'close').mockImplementation(() => undefined);
    await keeper.close();
    expect(store.load('counter').map(({ key }) => key)).toEqual(['a', 'b']);
    expect(close).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(counts.calls, 'nobody asks any more').toBe(2);
  });

  test('a row that would never expire does', async () => {
    const cooldowns = source();
    const keeper = keep([cooldowns]);
    await keeper.start();
    cooldowns.change('a', 1, 365 * DAY);
    await keeper.flush();
    expect(store.load('cooldown')[0]?.expiresAtMs).toBe(nowMs + 31 * DAY);
  });
});

test('a store that fails is told of once; nothing is lost, and newer states win', async () => {
  const cooldowns = source();
  const put = vi.spyOn(store, 'put').mockImplementation(() => {
    throw new ProxyError('storage_failed', 'the disk is full');
  });
  await keep([cooldowns]).start();
  cooldowns.change('a', 1);
  cooldowns.change('b', 1);
  await vi.advanceTimersByTimeAsync(250);
  cooldowns.change('a', 2);
  await vi.advanceTimersByTimeAsync(4800);
  expect(put, 'a pause before the next try').toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(put).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(put.mock.calls.length).toBeLessThan(15);
  expect(warnings).toEqual(['cooldowns and other state are in memory only for now: the disk is full']);
  put.mockRestore();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.load('cooldown').map(({ key, value }) => [key, JSON.parse(value).value])).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
  expect(warnings.slice(1)).toEqual(['cooldowns and other state are stored again']);
});

describe('after a restart', () => {
  async function save(value: unknown, inMs: number): Promise<void> {
    const cooldowns = source();
    const keeper = keep([cooldowns]);
    cooldowns.change('a', value, inMs);
    await keeper.flush();
  }

  test('state comes back', async () => {
    await save({ untilMs: nowMs + HOUR }, HOUR);
    const untilMs = nowMs + HOUR;
    nowMs += HOUR / 2;
    expect(await restoredBy(source())).toEqual([{ key: 'a', value: { untilMs }, expiresAtMs: untilMs, shiftMs: 0 }]);
    expect(await restoredBy(source('session'))).toEqual([]);
  });

  test('not what has expired', async () => {
    await save(1, HOUR);
    nowMs += HOUR;
    expect(await restoredBy(source())).toEqual([]);
  });

  test('with a clock a day back nothing lasts longer than it did', async () => {
    await save(1, HOUR);
    nowMs -= DAY;
    expect(await restoredBy(source())).toEqual([{ key: 'a', value: 1, expiresAtMs: nowMs + HOUR, shiftMs: -DAY }]);
  });

  test('with a clock a day on it is over', async () => {
    await save(1, HOUR);
    nowMs += DAY;
    expect(await restoredBy(source())).toEqual([]);
  });

  test('rows of another make are left out', async () => {
    const row = (key: string, value: string): StateRow => ({ kind: 'cooldown', key, value, expiresAtMs: nowMs + HOUR });
    await store.put([row('a', '{'), row('b', 'null'), row('c', '{"at":"x","value":1}'), row('d', '{"at":1}')]);
    expect(await restoredBy(source())).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('a store that cannot be read is told of; the pool starts without', async () => {
    vi.spyOn(store, 'load').mockRejectedValue(new ProxyError('storage_failed', 'layout 99'));
    expect(await restoredBy(source())).toEqual([]);
    expect(warnings).toEqual(['cooldowns and other state of the last run are not known: layout 99']);
  });
});
