import { type FSWatcher, type Stats, watch } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a watch of a folder goes by. */
export interface FolderWatchOptions {
  /** Need not exist yet. */
  readonly folder: string;
  /** This file alone; absent: everything below the folder. */
  readonly only?: string;
  /** Something happened to a file; comes once or more for each change. */
  touched(path: string): void;
  /** A folder is gone or another one, or a link leads elsewhere: everything below the folder may be different. */
  lost?(): void;
  /** The system does not tell of changes here. */
  failed(message: string): void;
}

/** A watch under way. */
export interface FolderWatch {
  close(): void;
}

/** Deeper folders hold no accounts. */
const MAX_DEPTH = 4;
/** How often is looked whether the folder is there, and still the same one. */
const POLL_MS = 3000;

interface Watched {
  readonly watcher: FSWatcher;
  readonly identity: string;
  readonly depth: number;
}

/**
 * Watches a folder as long as it is not closed; keeps no process alive. One watch for each folder, none for each file:
 * a thousand changed files are a thousand short events. (chokidar reads the whole folder again for each of them.)
 */
export function watchFolder({ folder, only, touched, failed, lost = () => {} }: FolderWatchOptions): FolderWatch {
  const watched = new Map<string, Watched>();
  let isFailed = false;
  let isClosed = false;

  function drop(path: string): void {
    watched.get(path)?.watcher.close();
    watched.delete(path);
  }

  function fail(error: unknown): void {
    if (isFailed || isClosed) return;
    isFailed = true;
    failed(error instanceof Error ? error.message : String(error));
  }

  function told(path: string, depth: number, name: string | null): void {
    const changed = name === null ? path : join(path, name);
    if (only !== undefined) {
      if (name === null || changed === only) touched(only);
      return;
    }
    touched(changed);
    // An account's own name says that it is no folder.
    if (!changed.endsWith('.json')) void enter(changed, depth + 1);
  }

  /** Begins to watch a folder that is new, or another one than before under its name. */
  async function enter(path: string, depth: number): Promise<void> {
    // A link below the folder may lead anywhere, also in a circle.
    const found = await (depth === 0 ? stat(path) : lstat(path)).catch(() => undefined);
    if (isClosed) return;
    const before = watched.get(path);
    if (found === undefined || !found.isDirectory()) {
      if (before !== undefined || found?.isSymbolicLink()) lost();
      return drop(path);
    }
    if (depth > MAX_DEPTH || before?.identity === identityOf(found)) return;
    if (before !== undefined) lost();
    drop(path);
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => told(path, depth, name));
      // Its folder is gone, or was unmounted.
      watcher.on('error', () => {
        drop(path);
        lost();
      });
      watched.set(path, { watcher, identity: identityOf(found), depth });
    } catch (error) {
      // One folder of others' accounts that cannot be read is not a reason to miss the rest.
      if (path === folder) fail(error);
      return;
    }
    await tellAll(path, depth);
  }

  /** What was there before the watch was. */
  async function tellAll(path: string, depth: number): Promise<void> {
    if (only !== undefined) return touched(only);
    for (const name of await readdir(path).catch(() => [])) told(path, depth, name);
  }

  const poll = setInterval(() => void enter(folder, 0), POLL_MS).unref();
  void enter(folder, 0);
  return {
    close() {
      isClosed = true;
      clearInterval(poll);
      for (const path of [...watched.keys()]) drop(path);
    },
  };
}

function identityOf({ dev, ino, birthtimeMs }: Stats): string {
  return `${dev} ${ino} ${birthtimeMs}`;
}
