import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { contentHash } from './load.ts';
import { type FolderWatch, watchFolder } from './watch-folder.ts';

/** What a watch of the configuration file goes by. */
export interface FileWatchOptions {
  readonly file: string;
  /** {@link contentHash} of what is in use. */
  readonly revision: string | undefined;
  /** The content is another one and has been the same for a moment. */
  changed(): void;
  warn(message: string): void;
  /** Time without a change before the file counts as written. */
  readonly debounceMs?: number;
  /** How often the file is looked at without being told of a change. */
  readonly pollMs?: number;
}

/** A watch under way. */
export interface FileWatch {
  /** Content with this hash was written by this process: it is no change. */
  expect(revision: string): void;
  close(): void;
}

/** Editors and programs write a file in several steps. */
const DEBOUNCE_MS = 500;
/** Not every file system tells of changes: network folders, and a file that is mounted alone into a container. */
const POLL_MS = 3_000;

/**
 * Watches a file by its folder, as most editors put another file in its place, and by a look at the file itself every
 * few seconds. An empty or missing file is one that is being written.
 */
export function watchFile(options: FileWatchOptions): FileWatch {
  const { debounceMs = DEBOUNCE_MS, pollMs = POLL_MS } = options;
  const file = resolve(options.file);
  let known = options.revision;
  let lastLook = '';
  let debounce: NodeJS.Timeout | undefined;
  let isClosed = false;

  function touched(): void {
    if (isClosed) return;
    clearTimeout(debounce);
    debounce = setTimeout(() => void compare(), debounceMs).unref();
  }

  async function compare(): Promise<void> {
    const bytes = await readFile(file).catch(() => undefined);
    if (isClosed || bytes === undefined || bytes.length === 0) return;
    const revision = contentHash(bytes);
    if (revision === known) return;
    known = revision;
    options.changed();
  }

  async function look(): Promise<void> {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found === undefined) return;
    const seen = `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    if (seen !== lastLook) touched();
    lastLook = seen;
  }

  const poll = setInterval(() => void look(), pollMs).unref();
  // The first look compares: the file may have changed since it was loaded.
  void look();
  const folder: FolderWatch = watchFolder({
    folder: dirname(file),
    only: file,
    touched,
    failed: (message) => options.warn(`changes of ${file} are seen later: ${message}`),
  });
  return {
    expect(revision) {
      known = revision;
    },
    close() {
      isClosed = true;
      clearInterval(poll);
      clearTimeout(debounce);
      folder.close();
    },
  };
}
