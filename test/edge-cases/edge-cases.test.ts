/** Every edge case of the reference has a case here, in another test, or a reason why it has none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edgeCasesPage } from './edge-cases-page.ts';
import { groups } from './groups/index.ts';
import names from './names.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const known: Readonly<Record<string, readonly string[]>> = names;

describe.each(groups)('$group', ({ group, entries }) => {
  for (const entry of entries) {
    if ('run' in entry) test(entry.names.join(', '), () => entry.run());
    else if ('test' in entry) test(`${entry.names.join(', ')}: ${entry.test}`, () => expectTest(entry.test));
  }

  test('has one entry for each name of the reference', () => {
    expect(entries.flatMap((entry) => entry.names).sort()).toEqual([...(known[group] ?? [])].sort());
  });
});

function expectTest(place: string): void {
  const [file = '', title = ''] = place.split(' > ');
  expect(title.length).toBeGreaterThan(5);
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
}

test('every group of the reference is here', () => {
  expect(groups.map(({ group }) => group).sort()).toEqual(Object.keys(known).sort());
});

test('the page of edge cases says what the tests have', () => {
  const file = join(root, 'docs/reference/edge-cases.md');
  const page = edgeCasesPage(groups);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8') === page, 'run UPDATE_DOCS=1 npm test -- --project unit test/edge-cases').toBe(
    true,
  );
});
