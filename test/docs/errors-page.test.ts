import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorsPage } from './errors-page.ts';

test('docs/reference/errors.md says what the tables say', () => {
  const file = join(import.meta.dirname, '../../docs/reference/errors.md');
  const page = errorsPage();
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8'), 'run UPDATE_DOCS=1 npx vitest run test/docs/errors-page.test.ts').toBe(page);
});
