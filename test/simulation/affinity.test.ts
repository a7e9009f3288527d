import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { affinityTable, tableText } from './affinity-table.ts';

const page = join(import.meta.dirname, '../../docs/guide/routing.md');
const BLOCK = /(<!-- simulation -->\n)[\s\S]*?(<!-- \/simulation -->)/;

const table = affinityTable();
const staying = table.rows.filter((row) => row.affinity);

test.for(staying)('$strategy with $outages outages finds the cache and spreads the load', (row) => {
  expect(row.hitRate).toBeGreaterThanOrEqual(0.95);
  expect(row.hitRate).toBeLessThanOrEqual(1);
  expect(row.most).toBeLessThanOrEqual(1.2);
  expect(row.least).toBeGreaterThanOrEqual(0.8);
  expect(row.lost).toBe(0);
});

test('there are lines with and without outages, and round-robin alone misses most of the cache', () => {
  expect(staying.map(({ outages }) => outages > 0)).toEqual([false, false, false, true, true, true]);
  const alone = table.rows.filter((row) => !row.affinity);
  expect(alone).toHaveLength(2);
  for (const { hitRate } of alone) expect(hitRate).toBeLessThan(0.4);
});

test('docs/guide/routing.md shows the table', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(BLOCK);
  const current = text.replace(BLOCK, (_all, start: string, end: string) => `${start}\n${tableText(table)}\n\n${end}`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, current);
  expect(readFileSync(page, 'utf8'), 'run UPDATE_DOCS=1 npx vitest run test/simulation').toBe(current);
});
