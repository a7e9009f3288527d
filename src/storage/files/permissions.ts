import { chmod } from 'node:fs/promises';
import { basename } from 'node:path';
import { systemReason } from './storage-error.ts';

/** Bits that let others than the owner in. */
const OTHERS = 0o077;
const NAMED = 3;

/** Repairs permissions of files and directories that others could read, and tells so once for all of them. */
export interface PermissionKeeper {
  /** Takes the others' permissions away if they have any. */
  repair(path: string, mode: number): Promise<void>;
  /** One warning for everything repaired, and one for what could not be, since the last call. */
  report(): void;
}

/** A keeper for one directory; what it cannot repair is told only once in its life. */
export function createPermissionKeeper(directory: string, warn: (message: string) => void): PermissionKeeper {
  let repaired: string[] = [];
  let failed: string[] = [];
  let reason = '';
  const hopeless = new Set<string>();
  return {
    async repair(path, mode) {
      // Windows has access lists instead; its mode bits mean nothing.
      if (process.platform === 'win32' || (mode & OTHERS) === 0 || hopeless.has(path)) return;
      try {
        await chmod(path, mode & 0o700);
        repaired.push(path);
      } catch (error) {
        hopeless.add(path);
        failed.push(path);
        reason = systemReason(error);
      }
    },
    report() {
      if (repaired.length > 0) warn(`others could read ${counted(repaired)} in ${directory}: repaired`);
      if (failed.length > 0) {
        warn(`others can read ${counted(failed)} in ${directory}, and it cannot be repaired: ${reason}`);
      }
      repaired = [];
      failed = [];
    },
  };
}

function counted(paths: readonly string[]): string {
  const names = paths.slice(0, NAMED).map((path) => basename(path));
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return names.join(', ') + more;
}
