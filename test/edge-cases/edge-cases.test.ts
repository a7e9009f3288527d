/** The edge cases of the field, each under the name that the reference has for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groups } from './groups/index.ts';

const root = join(import.meta.dirname, '../..');

const tested = groups.filter(({ entries }) => entries.some((entry) => !('because' in entry)));

describe.each(tested)('$group', ({ entries }) => {
  for (const entry of entries) {
    if ('run' in entry) test(entry.names.join(', '), () => entry.run());
    else if ('test' in entry) test(`${entry.names.join(', ')}: ${entry.test}`, () => expectTest(entry.test));
  }
});

function expectTest(place: string): void {
  const [file = '', title = ''] = place.split(' > ');
  expect(title.length).toBeGreaterThan(5);
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
}
