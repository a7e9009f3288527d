import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { requireWritable } from './writable-file.ts';

const root = mkdtempSync(join(tmpdir(), 'llmproxy-writable-'));
afterAll(() => rmSync(root, { recursive: true }));

it('a file that can be written: none is left where none was, one that was stays as it is', () => {
  const file = join(root, 'new/state.db');
  requireWritable(file);
  expect([existsSync(join(root, 'new')), existsSync(file)]).toEqual([true, false]);
  writeFileSync(file, 'kept');
  requireWritable(file);
  expect(readFileSync(file, 'utf8')).toBe('kept');
});

it('a folder, and a path below a file', () => {
  mkdirSync(join(root, 'folder'));
  expect(() => requireWritable(join(root, 'folder'))).toThrow('it is no regular file');
  writeFileSync(join(root, 'plain'), '');
  expect(() => requireWritable(join(root, 'plain/state.db'))).toThrow('ENOTDIR');
});

it.runIf(process.platform === 'linux')('/proc', () => {
  expect(() => requireWritable('/proc/state.db')).toThrow(/ENOENT|EACCES/);
  expect(() => requireWritable('/proc/llmproxy/state.db')).toThrow(/ENOENT|EACCES/);
});
