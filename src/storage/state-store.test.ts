import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryStateStore } from './memory/state-store.ts';
import type { StateKind, StateLimits, StateRow, StateStore } from './ports.ts';
import { SqliteStateRows } from './sqlite/state-rows.ts';
import { WorkerStateStore } from './sqlite/state-store.ts';

let folder: string;
let nowMs: number;
let warnings: string[];
let stores: StateStore[];
const clock = { now: () => nowMs };
const warn = (message: string): void => void warnings.push(message);
const file = (): string => join(folder, 'sub', 'state.sqlite');
const many: StateLimits = { maxRows: 1000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-state-'));
  nowMs = Date.now();
  warnings = [];
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function kept<T extends StateStore>(store: T): T {
  stores.push(store);
  return store;
}

function row(key: string, inMs = 60_000, kind: StateKind = 'cooldown', value = '{"a":1}'): StateRow {
  return { kind, key, value, expiresAtMs: nowMs + inMs };
}

async function keys(store: StateStore, kind: StateKind = 'cooldown'): Promise<string[]> {
  return (await store.load(kind)).map(({ key }) => key).sort();
}

const sqlite = (limits: StateLimits): SqliteStateRows => kept(new SqliteStateRows(file(), limits, clock, warn));
const worker = (limits: StateLimits): WorkerStateStore => kept(new WorkerStateStore({ file: file(), limits }, warn));

interface Driver {
  readonly name: string;
  open(limits: StateLimits): StateStore;
  /** Why it cannot be asked about another time than the machine's. */
  readonly noClock?: string;
  /** Why nothing of it is left after the process. */
  readonly noFile?: string;
}

const drivers: readonly Driver[] = [
  { name: 'memory', open: (limits) => kept(new MemoryStateStore(limits, clock)), noFile: 'it has no file' },
  { name: 'sqlite', open: sqlite },
  { name: 'sqlite in a worker', open: worker, noClock: 'the thread has the clock of the machine' },
];

describe.each(drivers)('$name', ({ open, noClock, noFile }) => {
  test('rows come back whole, each kind for itself', async () => {
    const store = open(many);
    await store.put([row('a'), row('a', 60_000, 'session', '"b\\u0000ü"')]);
    expect(await store.load('cooldown')).toEqual([row('a')]);
    expect(await store.load('session')).toEqual([row('a', 60_000, 'session', '"b\\u0000ü"')]);
    expect(await store.load('counter')).toEqual([]);
  });

  test('a row is replaced as a whole, and deleted by its name', async () => {
    const store = open(many);
    await store.put([row('a'), row('b')]);
    await store.put([row('a', 120_000, 'cooldown', 'null')]);
    await store.delete([
      { kind: 'cooldown', key: 'b' },
      { kind: 'session', key: 'a' },
      { kind: 'cooldown', key: 'never was' },
    ]);
    expect(await store.load('cooldown')).toEqual([row('a', 120_000, 'cooldown', 'null')]);
  });

  test('beyond the bound of a kind those that expire first go', async () => {
    const store = open({ maxRows: 3 });
    await store.put([row('a', 4000), row('b', 2000), row('c', 3000), row('b', 1000, 'session')]);
    await store.put([row('d', 5000), row('e', 1000)]);
    expect(await keys(store)).toEqual(['a', 'c', 'd']);
    expect(await keys(store, 'session')).toEqual(['b']);
  });

  test.skipIf(noClock !== undefined)(`expired rows are gone${noClock ? `: ${noClock}` : ''}`, async () => {
    const store = open(many);
    await store.put([row('a', 1000), row('b', 2000)]);
    nowMs += 1000;
    expect(await keys(store)).toEqual(['b']);
    nowMs -= 1000;
    expect(await keys(store), 'only a write sweeps').toEqual(['a', 'b']);
    nowMs += 1500;
    await store.put([row('c')]);
    nowMs -= 1500;
    expect(await keys(store)).toEqual(['b', 'c']);
  });

  test.skipIf(noFile !== undefined)(`rows outlive the process${noFile ? `: ${noFile}` : ''}`, async () => {
    const first = open(many);
    await first.put([row('a')]);
    await first.close();
    const second = open(many);
    expect(await second.load('cooldown')).toEqual([row('a')]);
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test.skipIf(noFile !== undefined)(`two at a time see each other's rows${noFile ? `: ${noFile}` : ''}`, async () => {
    const [one, two] = [open(many), open(many)];
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await one.put([row(`one-${index}`)]);
        await two.put([row(`two-${index}`)]);
      }),
    );
    expect(await keys(one)).toHaveLength(40);
    expect(await keys(two)).toEqual(await keys(one));
  });
});

describe('a file that is no sound database', () => {
  const aside = (): string[] => readdirSync(join(folder, 'sub')).filter((name) => name.includes('.corrupt-'));

  test('is set aside, and said so; a new one takes its place', () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(file(), 'this is no database, and long enough to be seen as none'.repeat(40));
    const store = sqlite(many);
    expect(store.load('cooldown')).toEqual([]);
    store.put([row('a')]);
    expect(store.load('cooldown')).toEqual([row('a')]);
    expect(aside()).toEqual([`state.sqlite.corrupt-${nowMs}`]);
    expect(readFileSync(join(folder, 'sub', aside()[0] ?? ''), 'utf8')).toContain('this is no database');
    expect(warnings).toEqual([expect.stringMatching(/state\.sqlite is damaged \(.*not a database\).*starts anew$/)]);
  });

  test('also when it breaks while it is in use, for both who use it', () => {
    const [one, two] = [sqlite(many), sqlite(many)];
    one.put(Array.from({ length: 500 }, (_, index) => row(`row ${index}`, 60_000, 'cooldown', '"x"'.repeat(50))));
    two.put([row('more')]);
    one.close();
    two.close();
    const bytes = readFileSync(file());
    writeFileSync(file(), bytes.fill(0xff, 4096));
    two.put([row('a')]);
    one.put([row('b')]);
    expect(one.load('cooldown').map(({ key }) => key)).toEqual(['a', 'b']);
    expect(aside()).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  test('a file that was deleted under a running process is made anew', () => {
    const store = sqlite(many);
    store.put([row('a')]);
    rmSync(join(folder, 'sub'), { recursive: true });
    store.put([row('b')]);
    expect(store.load('cooldown')).toEqual([row('b')]);
    expect(statSync(file()).isFile()).toBe(true);
  });
});

test('a layout of a newer program is left alone', async () => {
  const first = sqlite(many);
  first.put([row('a')]);
  first.close();
  const database = new DatabaseSync(file());
  database.exec('INSERT INTO migrations VALUES (99, 0)');
  database.close();
  const store = worker(many);
  await expect(store.load('cooldown')).rejects.toMatchObject({
    code: 'storage_failed',
    message: `${file()}: a newer llmproxy has written it: the database has layout 99, this program knows 1`,
  });
  await expect(store.put([row('b')])).rejects.toMatchObject({ code: 'storage_failed' });
});

test('a thread that nobody needs ends, writes to its end, and comes back', async () => {
  const store = kept(new WorkerStateStore({ file: file(), limits: many }, warn, 50));
  await store.put([row('a')]);
  expect(readdirSync(join(folder, 'sub'))).toContain('state.sqlite-wal');
  await vi.waitFor(() => expect(readdirSync(join(folder, 'sub'))).toEqual(['state.sqlite']), 5000);
  await store.put([row('b')]);
  expect(await keys(store)).toEqual(['a', 'b']);
  await store.close();
  expect(warnings).toEqual([]);
});

test('a place that cannot be written fails, and works as soon as it can', () => {
  writeFileSync(join(folder, 'sub'), 'a file where the folder should be');
  const store = sqlite(many);
  expect(() => store.put([row('a')])).toThrow();
  rmSync(join(folder, 'sub'));
  store.put([row('b')]);
  expect(store.load('cooldown')).toEqual([row('b')]);
});
