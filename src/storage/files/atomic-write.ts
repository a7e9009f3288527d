import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { systemCode } from './storage-error.ts';

/** A pid says who wrote a file only together with the machine, or container, that gave it. */
const HOST: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
const TEMP_NAME = /^\.llmproxy-([0-9a-f]{6})-(\d+)-[0-9a-f]{8}\.tmp$/;

/** Younger files of a dead process are left: in a container with the host's name other processes have the same pids. */
const DEAD_AFTER_MS = 60_000;
/** Nobody takes so long between the first byte of a small file and its rename, on whatever machine. */
const FOREIGN_AFTER_MS = 3_600_000;

/** A file that is written, synced to the disk, and not yet in its place. */
export interface PreparedFile {
  /** Puts it in its place, over what is there, in one step. */
  commit(): Promise<void>;
  /** Removes it if it was not put in its place. */
  discard(): Promise<void>;
}

/** Writes the bytes to a file beside the target, readable by its owner only, and waits until they are on the disk. */
export async function prepareFile(target: string, bytes: Uint8Array): Promise<PreparedFile> {
  const directory = dirname(target);
  await makeDirectory(directory);
  const path = join(directory, `.llmproxy-${HOST}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  let isCommitted = false;
  const discard = async (): Promise<void> => {
    if (!isCommitted) await rm(path, { force: true });
  };
  try {
    await writeSynced(path, bytes);
  } catch (error) {
    await discard().catch(() => undefined);
    throw error;
  }
  return {
    async commit() {
      await rename(path, target);
      isCommitted = true;
    },
    discard,
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await stat(directory);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolder(directory);
    await syncDirectory(dirname(directory));
  }
}

/** Waits until renames and deletions in a directory are on the disk, where the system can do that. */
export async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows and some network file systems have no such thing; a disk that fails is another matter.
    if (['EIO', 'ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '')) throw error;
  }
}

/** Whether a file of this name and age was left by a process that died while it wrote. */
export function isStaleTemp(name: string, ageMs: number): boolean {
  const [, host, pid] = TEMP_NAME.exec(name) ?? [];
  if (host === undefined) return false;
  return host === HOST ? ageMs >= DEAD_AFTER_MS && !isAlive(Number(pid)) : ageMs >= FOREIGN_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is one, of somebody else.
    return systemCode(error) !== 'ESRCH';
  }
}
