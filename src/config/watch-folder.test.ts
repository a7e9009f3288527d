import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FolderWatch, watchFolder } from './watch-folder.ts';

let base: string;
let folder: string;
let watch: FolderWatch | undefined;
let touched: string[];
let lost: number;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'llmproxy-watch-'));
  folder = join(base, 'auths');
  touched = [];
  lost = 0;
});
afterEach(() => {
  watch?.close();
  rmSync(base, { recursive: true });
});

async function start(): Promise<void> {
  watch = watchFolder({
    folder,
    touched: (path) => touched.push(path),
    lost: () => lost++,
    failed: (message) => expect.fail(message),
  });
  await sleep(200);
}

const tells = (path: string): Promise<void> =>
  vi.waitFor(() => expect(touched).toContain(join(folder, path)), { timeout: 5000 });
const tellsOfLoss = (): Promise<void> => vi.waitFor(() => expect(lost).toBeGreaterThan(0), { timeout: 5000 });

test('a folder that comes later, and files in it', async () => {
  await start();
  mkdirSync(folder);
  await sleep(50);
  writeFileSync(join(folder, 'a.json'), '{}');
  await tells('a.json');
  expect(lost).toBe(0);
});

test('a folder below that is moved away or deleted', async () => {
  mkdirSync(join(folder, 'team'), { recursive: true });
  writeFileSync(join(folder, 'team', 'a.json'), '{}');
  await start();
  renameSync(join(folder, 'team'), join(base, 'team'));
  await tellsOfLoss();
  lost = 0;
  renameSync(join(base, 'team'), join(folder, 'team'));
  touched.length = 0;
  await tells('team/a.json');
  rmSync(join(folder, 'team'), { recursive: true });
  await tellsOfLoss();
});

test('the folder itself is moved away', async () => {
  mkdirSync(folder);
  await start();
  renameSync(folder, join(base, 'old'));
  await tellsOfLoss();
});

test('another folder in its place', async () => {
  mkdirSync(folder);
  mkdirSync(join(base, 'next'));
  writeFileSync(join(base, 'next', 'b.json'), '{}');
  await start();
  renameSync(folder, join(base, 'old'));
  renameSync(join(base, 'next'), folder);
  await tells('b.json');
  expect(lost).toBeGreaterThan(0);
});

test('a link that leads to another folder than before', async () => {
  for (const name of ['..one', '..two']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync('..one', join(folder, '..data'));
  await start();
  lost = 0;
  symlinkSync('..two', join(folder, '..next'));
  renameSync(join(folder, '..next'), join(folder, '..data'));
  await tellsOfLoss();
});
