import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cooldownTable } from './cooldowns-page.ts';

test('docs/guide/cooldowns.md says what the code does', () => {
  const file = join(import.meta.dirname, '../../docs/guide/cooldowns.md');
  const page = readFileSync(file, 'utf8');
  const updated = page.replace(/\| failure \|[\s\S]*?\n\n/, () => `${cooldownTable()}\n\n`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, updated);
  expect(page, 'run UPDATE_DOCS=1 npx vitest run test/docs/cooldowns-page.test.ts').toContain(cooldownTable());
});
