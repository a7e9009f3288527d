import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Fault, faults } from './faults.ts';
import { reliabilityPage } from './reliability-page.ts';

test.for(Object.entries<Fault>(faults))('%s has a test that counts', ([id, fault]) => {
  const file = join(import.meta.dirname, fault.test);
  expect(existsSync(file), fault.test).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(`'${id}'`);
});

test('docs/reliability.md says what the table says', () => {
  const file = join(import.meta.dirname, '../../docs/reliability.md');
  const page = reliabilityPage();
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  const hint = 'run UPDATE_DOCS=1 npx vitest run test/reliability/reliability-page.test.ts';
  expect(readFileSync(file, 'utf8'), hint).toBe(page);
});
