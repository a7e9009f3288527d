import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contentHash } from './load.ts';
import { type FileWatch, type FileWatchOptions, watchFile } from './watch.ts';

const folders: string[] = [];
const watches: FileWatch[] = [];

afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Watched {
  readonly file: string;
  readonly watch: FileWatch;
  readonly changed: ReturnType<typeof vi.fn>;
}

/** Events alone, unless the polling is what a test is about. */
async function start(text: string, options: Partial<FileWatchOptions> = {}): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-watch-'));
  folders.push(folder);
  const file = join(folder, 'config.yaml');
  writeFileSync(file, text);
  const changed = vi.fn();
  const warn = vi.fn();
  const revision = contentHash(text);
  const watch = watchFile({ file, revision, changed, warn, debounceMs: 50, pollMs: 60_000, ...options });
  watches.push(watch);
  await sleep(250);
  return { file, watch, changed };
}

const quiet = (): Promise<void> => sleep(400);

describe('watchFile', () => {
  it('hears of a change once', async () => {
    const { file, changed } = await start('port: 1\n');
    expect(changed).not.toHaveBeenCalled();
    for (let step = 0; step < 5; step++) {
      writeFileSync(file, `port: 2\n# ${step}\n`);
      await sleep(10);
    }
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    await quiet();
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('hears of another file in its place, twice', async () => {
    const { file, changed } = await start('port: 1\n');
    for (const port of [2, 3]) {
      writeFileSync(`${file}.new`, `port: ${port}\n`);
      renameSync(`${file}.new`, file);
      await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(port - 1), { timeout: 3000 });
    }
  });

  it('hears of a file that was away for a while', async () => {
    const { file, changed } = await start('port: 1\n');
    rmSync(file);
    await quiet();
    expect(changed).not.toHaveBeenCalled();
    writeFileSync(file, 'port: 2\n');
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 3000 });
  });

  it('takes no notice of the same content, nor of other files', async () => {
    const { file, changed } = await start('port: 1\n');
    writeFileSync(file, 'port: 1\n');
    utimesSync(file, 1, 1);
    writeFileSync(join(file, '..', 'other.yaml'), 'port: 2\n');
    mkdirSync(join(file, '..', 'folder'));
    await quiet();
    expect(changed).not.toHaveBeenCalled();
  });

  it('waits while the file is empty', async () => {
    const { file, changed } = await start('port: 1\n');
    writeFileSync(file, '');
    await quiet();
    expect(changed).not.toHaveBeenCalled();
    writeFileSync(file, 'port: 2\n');
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 3000 });
  });

  it('takes no notice of what this process wrote', async () => {
    const { file, watch, changed } = await start('port: 1\n');
    watch.expect(contentHash('port: 2\n'));
    writeFileSync(file, 'port: 2\n');
    await quiet();
    expect(changed).not.toHaveBeenCalled();
    writeFileSync(file, 'port: 1\n');
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 3000 });
  });

  it('sees a change that happened before it began', async () => {
    const { changed } = await start('port: 1\n', { revision: contentHash('port: 0\n') });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 3000 });
  });

  it('finds a change that no event tells of by looking', async () => {
    // The events of a link's folder say nothing of the file that it leads to, as in a Kubernetes volume.
    const { file, changed } = await start('port: 1\n', { pollMs: 100 });
    const target = mkdtempSync(join(tmpdir(), 'llmproxy-watch-target-'));
    folders.push(target);
    for (const version of ['1', '2']) {
      mkdirSync(join(target, version));
      writeFileSync(join(target, version, 'config.yaml'), `port: 1${version}\n`);
    }
    symlinkSync('1', join(target, 'data'));
    rmSync(file);
    symlinkSync(join(target, 'data', 'config.yaml'), file);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 3000 });
    symlinkSync('2', join(target, 'next'));
    renameSync(join(target, 'next'), join(target, 'data'));
    expect(readFileSync(file, 'utf8')).toBe('port: 12\n');
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2), { timeout: 3000 });
  });

  it('says nothing any more once closed', async () => {
    const { file, watch, changed } = await start('port: 1\n');
    writeFileSync(file, 'port: 2\n');
    await watch.close();
    await quiet();
    expect(changed).not.toHaveBeenCalled();
  });
});
