/** Every edge case of the reference has a case, another test, or a reason why it has none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edgeCasesPage } from './edge-cases-page.ts';
import { groups } from './groups/index.ts';
import names from './names.json' with { type: 'json' };

const known: Readonly<Record<string, readonly string[]>> = names;

test.each(groups)('$group has one entry for each name of the reference', ({ group, entries }) => {
  expect(entries.flatMap((entry) => entry.names).sort()).toEqual([...(known[group] ?? [])].sort());
});

test('every group of the reference is here', () => {
  expect(groups.map(({ group }) => group).sort()).toEqual(Object.keys(known).sort());
});

test('the page of edge cases says what the tests have', () => {
  const file = join(import.meta.dirname, '../../docs/reference/edge-cases.md');
  const page = edgeCasesPage(groups);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8') === page, 'run UPDATE_DOCS=1 npm test -- --project unit test/edge-cases').toBe(
    true,
  );
});
