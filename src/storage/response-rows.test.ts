import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryResponseRows } from './memory/response-rows.ts';
import type { ResponseRow, ResponseRows, RowLimits } from './ports.ts';
import { SqliteResponseRows } from './sqlite/response-rows.ts';

let folder: string;
let nowMs: number;
let rows: ResponseRows;
const clock = { now: () => nowMs };
const file = (): string => join(folder, 'sub', 'state.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-rows-'));
  nowMs = 1_000_000;
});
afterEach(async () => {
  await rows.close();
  rmSync(folder, { recursive: true, force: true });
});

function row(id: string, owner = 'a', bytes = 10): ResponseRow {
  const [input, response] = [new Uint8Array(bytes / 2).fill(1), new Uint8Array(bytes / 2).fill(2)];
  return { id, owner, previousId: undefined, credentialId: undefined, model: 'm', createdAtMs: 5, input, response };
}

const drivers: readonly (readonly [string, (limits: RowLimits) => ResponseRows])[] = [
  ['memory', (limits) => new MemoryResponseRows(limits, clock)],
  ['sqlite', (limits) => new SqliteResponseRows(file(), limits, clock)],
];

describe.each(drivers)('%s', (_, open) => {
  const limits = { ttlMs: 1000, maxRows: 3, maxBytes: 100 };

  test('a row comes back whole, to its owner only', async () => {
    rows = open(limits);
    const whole = { ...row('r1'), previousId: 'r0', credentialId: 'c' };
    await rows.put(whole);
    const found = await rows.get('r1', 'a');
    expect({ ...found, input: [...(found?.input ?? [])], response: [...(found?.response ?? [])] }).toEqual({
      ...whole,
      input: [1, 1, 1, 1, 1],
      response: [2, 2, 2, 2, 2],
    });
    expect(await rows.get('r1', 'b')).toBeUndefined();
    expect(await rows.exists('r1')).toBe(true);
    expect(await rows.exists('r2')).toBe(false);
  });

  test('the same id of two owners is two rows; the same of one replaces it', async () => {
    rows = open(limits);
    await rows.put(row('r1', 'a'));
    await rows.put(row('r1', 'b'));
    await rows.put({ ...row('r1', 'a'), model: 'other' });
    expect((await rows.get('r1', 'a'))?.model).toBe('other');
    expect(await rows.delete('r1', 'a')).toBe(true);
    expect(await rows.delete('r1', 'a')).toBe(false);
    expect(await rows.get('r1', 'b')).toBeDefined();
  });

  test('a row that is not used for its time to live is gone; each use gives it more', async () => {
    rows = open(limits);
    await rows.put(row('r1'));
    await rows.put(row('r2'));
    nowMs += 999;
    expect(await rows.get('r1', 'a')).toBeDefined();
    nowMs += 1;
    expect(await rows.get('r2', 'a')).toBeUndefined();
    expect(await rows.exists('r2')).toBe(false);
    expect(await rows.delete('r2', 'a')).toBe(false);
    expect(await rows.exists('r1')).toBe(true);
    nowMs += 999;
    expect(await rows.get('r1', 'a')).toBeUndefined();
  });

  test('beyond the most rows the longest unused goes', async () => {
    rows = open(limits);
    for (const id of ['r1', 'r2', 'r3']) {
      await rows.put(row(id));
      nowMs++;
    }
    await rows.get('r1', 'a');
    nowMs++;
    await rows.put(row('r4'));
    expect(await rows.exists('r2')).toBe(false);
    for (const id of ['r1', 'r3', 'r4']) expect(await rows.exists(id)).toBe(true);
  });

  test('beyond the most bytes the longest unused go', async () => {
    rows = open(limits);
    await rows.put(row('r1', 'a', 60));
    nowMs++;
    await rows.put(row('r2', 'a', 40));
    expect(await rows.exists('r1')).toBe(true);
    nowMs++;
    await rows.put(row('r3', 'a', 2));
    expect(await rows.exists('r1')).toBe(false);
    expect(await rows.exists('r2')).toBe(true);
  });
});

test('sqlite keeps rows over a restart, drops expired ones, and refuses a layout that it does not know', () => {
  const limits = { ttlMs: 1000, maxRows: 3, maxBytes: 100 };
  rows = new SqliteResponseRows(file(), limits, clock);
  rows.put(row('r1'));
  nowMs += 500;
  rows.put(row('r2'));
  rows.close();
  nowMs += 500;
  rows = new SqliteResponseRows(file(), limits, clock);
  expect(rows.exists('r1')).toBe(false);
  expect(rows.exists('r2')).toBe(true);
  const database = new DatabaseSync(file());
  database.exec('INSERT INTO migrations VALUES (99, 0)');
  database.close();
  expect(() => new SqliteResponseRows(file(), limits, clock)).toThrow('layout 99');
});

test.runIf(process.platform === 'linux')('a file under /proc is refused at once', () => {
  rows = new MemoryResponseRows({ ttlMs: 1000, maxRows: 3, maxBytes: 100 }, clock);
  const open = (): unknown =>
    new SqliteResponseRows('/proc/llmproxy/state.db', { ttlMs: 1, maxRows: 1, maxBytes: 1 }, clock);
  expect(open).toThrow(/ENOENT|EACCES/);
});
