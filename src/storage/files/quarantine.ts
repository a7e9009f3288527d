import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { RecordProblem } from '../ports.ts';
import { syncDirectory } from './atomic-write.ts';
import type { DirectoryLock } from './directory-lock.ts';
import { systemCode, systemReason } from './storage-error.ts';
import type { StoredFile } from './stored-file.ts';

/** A damaged file that is younger may still be being written by another program. */
const SETTLE_MS = 5000;

/** What setting aside needs. */
export interface QuarantineOptions {
  readonly clock: Clock;
  readonly lock: DirectoryLock;
  readonly warn: (message: string) => void;
  /** The file as it is now. */
  reread(path: string, id: string): Promise<StoredFile>;
}

/** Moves damaged files out of the way; never deletes one. */
export interface Quarantine {
  /**
   * What to tell of a damaged file, after it was moved if it is old enough. Undefined: in the meantime somebody
   * repaired it, and it comes with the next listing.
   */
  handle(id: string, path: string, stored: StoredFile & { kind: 'damaged' }): Promise<RecordProblem | undefined>;
  /** Moves the file; the caller holds the lock. Resolves with its new path. */
  moveAside(path: string, reason: string): Promise<string>;
}

/** The quarantine of one directory. */
export function createQuarantine({ clock, lock, warn, reread }: QuarantineOptions): Quarantine {
  async function moveAside(path: string, reason: string): Promise<string> {
    const aside = await freeName(path, clock.now());
    await rename(path, aside);
    await syncDirectory(dirname(path));
    warn(`the account file ${path} is damaged (${reason}); it is set aside as ${aside}`);
    return aside;
  }

  return {
    moveAside,
    async handle(id, path, { reason, revision, modifiedAtMs }) {
      const says = `cannot read ${id}: ${reason}`;
      // Of a file from the future nothing is known, except that the clock was wrong at one of the two times.
      if (Math.abs(clock.now() - modifiedAtMs) < SETTLE_MS) {
        return { id, message: `${says}; perhaps it is still being written` };
      }
      try {
        return await lock.run(async () => {
          const now = await reread(path, id);
          if (now.kind !== 'damaged' || now.revision !== revision) return undefined;
          const aside = await moveAside(path, reason);
          return { id, message: `${says}; it is set aside as ${aside}`, isAside: true };
        });
      } catch (error) {
        return { id, message: `${says}, and it cannot be set aside: ${systemReason(error)}` };
      }
    },
  };
}

/** A free name beside the file: `<name>.corrupt-20260102T030405Z`. */
async function freeName(path: string, nowMs: number): Promise<string> {
  const time = new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  const first = `${path}.corrupt-${time}`;
  for (let count = 2, name = first; ; name = `${first}-${count++}`) if (!(await exists(name))) return name;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
