import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'llmproxy-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

it('makes every folder that is missing, for the owner only', () => {
  makeFolder(join(root, 'a/b'));
  makeFolder(join(root, 'a/b'));
  expect([join(root, 'a'), join(root, 'a/b')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
});

it('leaves those that are there as they are', () => {
  mkdirSync(join(root, 'open'), { mode: 0o755 });
  makeFolder(join(root, 'open'));
  expect(statSync(join(root, 'open')).mode & 0o777).toBe(0o755);
});

it('throws under a file', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file/below'))).toThrow('ENOTDIR');
});

it.runIf(process.platform === 'linux')('throws under /proc instead of trying for ever', () => {
  expect(() => makeFolder('/proc/llmproxy-test/below')).toThrow('ENOENT');
});
