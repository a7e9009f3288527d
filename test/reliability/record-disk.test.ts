import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDirectory, startChild } from './record-faults.ts';

let directory: ReturnType<typeof freshDirectory>;
beforeEach(() => {
  directory = freshDirectory();
});
afterEach(() => directory.remove());

/** A namespace of our own, where a small file system may be mounted; many systems allow it without root. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /tmp']).status === 0;
const isRoot = process.getuid?.() === 0;

/** What the child printed: the error it met, and what it reads afterwards. */
function report(output: string): [unknown, unknown] {
  const [error = '', after = ''] = output.split('\n');
  return [JSON.parse(error), JSON.parse(after)];
}

describe('a full disk', () => {
  // Skipped where the kernel forbids mounts: the limit of the file size below is tested everywhere.
  it.runIf(canMount)('of 256 KB: an error that names file and reason, and the old file as it was', async () => {
    const mount = `mount -t tmpfs -o size=256k none ${directory.path} && exec "$@"`;
    const running = startChild(['fill', directory.path], ['unshare', '-rm', 'sh', '-c', mount]);
    const [error, after] = report(await running.ended);
    expect(error).toEqual({
      code: 'storage_failed',
      message: `cannot write ${directory.path}/growing.json: the disk is full`,
    });
    // The size of the last one that fitted beside the one before.
    expect(after).toMatchObject({ round: expect.any(Number) });
    expect((after as { round: number }).round).toBeGreaterThan(10);
  });

  it('for this process (ulimit -f): the same, and nothing is left of the attempt', async () => {
    // Blocks of 512 bytes in sh.
    const running = startChild(['fill', directory.path], ['sh', '-c', 'ulimit -f 64; exec "$@"']);
    const [error, after] = report(await running.ended);
    expect(error).toEqual({
      code: 'storage_failed',
      message: `cannot write ${directory.path}/growing.json: it would be larger than this process may write`,
    });
    expect(after).toEqual({ round: 14 });
    expect(readdirSync(directory.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.parse(readFileSync(join(directory.path, 'growing.json'), 'utf8')).round).toBe(14);
  });
});

describe('a directory that cannot be written', () => {
  beforeEach(() => writeFileSync(join(directory.path, 'a.json'), '{"n":1}', { mode: 0o600 }));

  it.runIf(canMount)(
    'because its file system is read-only: an error, and the accounts are read as before',
    async () => {
      const mount = `mount --bind ${directory.path} ${directory.path} && mount -o remount,bind,ro ${directory.path}`;
      const running = startChild(['refused', directory.path], ['unshare', '-rm', 'sh', '-c', `${mount} && exec "$@"`]);
      const [error, after] = report(await running.ended);
      expect(error).toEqual({
        code: 'storage_failed',
        message: `cannot write ${directory.path}/a.json: the file system is read-only`,
      });
      expect(after).toEqual([{ n: 1 }]);
    },
  );

  // The child gives root up, so that permissions bind it; without root there is nobody else to be.
  it.runIf(isRoot)('because it belongs to somebody else: an error, and the accounts are read as before', async () => {
    chmodSync(join(directory.path, '..'), 0o755);
    chmodSync(directory.path, 0o555);
    chmodSync(join(directory.path, 'a.json'), 0o444);
    const [error, after] = report(
      await startChild(['refused', directory.path], undefined, { TEST_UID: '65534' }).ended,
    );
    expect(error).toEqual({
      code: 'storage_failed',
      message: `cannot write ${directory.path}/a.json: no permission`,
    });
    expect(after).toEqual([{ n: 1 }]);
  });

  it.runIf(isRoot)('and one whose files may not be read: each is reported, the others serve', async () => {
    chmodSync(join(directory.path, '..'), 0o755);
    mkdirSync(join(directory.path, 'closed'), { mode: 0o700 });
    chmodSync(directory.path, 0o755);
    writeFileSync(join(directory.path, 'b.json'), '{"n":2}', { mode: 0o600 });
    chownSync(join(directory.path, 'b.json'), 65_534, 65_534);
    const [, after] = report(await startChild(['refused', directory.path], undefined, { TEST_UID: '65534' }).ended);
    expect(after).toEqual([{ n: 2 }]);
  });
});
