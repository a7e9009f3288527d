import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { existingFiles, programFile, readImportFiles } from './import-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('finds files, by name and by pattern, and nothing that is no login', async () => {
  for (const name of ['b-1.json', 'a-1.json', 'a.1.txt', 'big.json']) writeFileSync(join(folder, name), '{}');
  writeFileSync(join(folder, 'big.json'), 'x'.repeat(1024 * 1024 + 1));
  mkdirSync(join(folder, 'dir.json'));
  const at = (name: string) => join(folder, name);
  expect(await existingFiles([at('a.1.txt'), at('none'), at('*.json'), at('none/*.json'), at('a.*')])).toEqual([
    at('a.1.txt'),
    at('a-1.json'),
    at('b-1.json'),
  ]);
});

test('finds the file of a program in which the words are, however large it is', async () => {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('a.js'), 'nothing');
  writeFileSync(at('b.js'), `${'x'.repeat(2 * 1024 * 1024)}SECRET = 1`);
  writeFileSync(at('c.js'), 'SECRET = 1');
  expect(await programFile([at('none.js'), at('*.js')], 'SECRET = ')).toBe(at('b.js'));
  expect(await programFile([at('*.js')], 'OTHER')).toBeUndefined();
});

test('reads them, and says which it cannot', async () => {
  const path = join(folder, 'a.json');
  writeFileSync(path, '{"a":1}');
  expect(await readImportFiles([path])).toEqual([{ path, text: '{"a":1}' }]);
  await expect(readImportFiles([join(folder, 'none')])).rejects.toMatchObject({
    code: 'invalid_request',
    message: /none cannot be read: ENOENT/,
  });
});
