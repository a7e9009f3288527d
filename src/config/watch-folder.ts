import type { FSWatcher } from 'chokidar';

/** What a watch of a folder goes by. */
export interface FolderWatchOptions {
  /** Need not exist yet. */
  readonly folder: string;
  /** This file alone; absent: everything below the folder. */
  readonly only?: string;
  /** Something happened to a file; comes once or more for each change. */
  touched(path: string): void;
  /** The system does not tell of changes here. */
  failed(message: string): void;
}

/** A watch under way. */
export interface FolderWatch {
  close(): Promise<void>;
}

/** Deeper folders hold no accounts. */
const MAX_DEPTH = 4;

/** Watches a folder as long as it is not closed; keeps no process alive. */
export function watchFolder({ folder, only, touched, failed }: FolderWatchOptions): FolderWatch {
  let isClosed = false;
  let isFailed = false;
  const fail = (error: unknown): void => {
    if (isFailed || isClosed) return;
    isFailed = true;
    failed(error instanceof Error ? error.message : String(error));
  };
  const opening = open().catch(fail);

  async function open(): Promise<FSWatcher | undefined> {
    // Loaded here: whoever watches nothing needs no memory for it.
    const { watch } = await import('chokidar');
    if (isClosed) return undefined;
    const watcher = watch(folder, {
      persistent: false,
      ignoreInitial: true,
      ignorePermissionErrors: true,
      depth: only === undefined ? MAX_DEPTH : 0,
      ...(only !== undefined && { ignored: (path: string) => path !== folder && path !== only }),
    });
    watcher.on('all', (_event, path) => touched(path));
    watcher.on('error', fail);
    return watcher;
  }

  return {
    async close() {
      isClosed = true;
      await (await opening)?.close();
    },
  };
}
