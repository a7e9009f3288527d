import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProxyError } from '../../errors.ts';

/** Name of the file whose lock is held; empty, and hidden so that no listing shows it. */
export const LOCK_FILE = '.llmproxy.lock';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const BUSY: ReadonlySet<unknown> = new Set([5, 6]);

/** How long others may hold a lock, and how often to look. */
const PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 20;

/**
 * A lock on a directory that one process at a time can hold, through SQLite's lock on an empty database: the kernel holds
 * it, and gives it up with the process. A file with the owner's pid would outlive the owner, and pids of another container
 * mean nothing here. Nothing is ever written to the file.
 */
export class DirectoryLock {
  readonly #directory: string;
  readonly #file: string;
  readonly #warn: (message: string) => void;
  #database: DatabaseSync | undefined;
  /** Of the file that the database has open. */
  #inode: number | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #hasWarned = false;

  constructor(directory: string, warn: (message: string) => void) {
    this.#directory = directory;
    this.#file = join(directory, LOCK_FILE);
    this.#warn = warn;
  }

  /** Runs the task while no other process, and no other task of this lock, holds it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#locked(task));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** After the tasks under way. */
  async close(): Promise<void> {
    await this.#last;
    this.#forget();
  }

  async #locked<T>(task: () => Promise<T>): Promise<T> {
    await this.#acquire();
    try {
      return await task();
    } finally {
      if (this.#database?.isTransaction) this.#database.exec('ROLLBACK');
    }
  }

  async #acquire(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += pauseMs) {
      try {
        if (await this.#tryOnce()) return;
      } catch (error) {
        this.#cannotLock(error);
        return;
      }
      await sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
    const waited = `waited ${PATIENCE_MS / 1000} s for another program that holds ${this.#file}`;
    throw new ProxyError('storage_failed', `cannot change ${this.#directory}: ${waited}`);
  }

  /** Whether the lock is ours now; throws what SQLite says when it is not a matter of waiting. */
  async #tryOnce(): Promise<boolean> {
    const sqlite = await import('node:sqlite');
    try {
      if (this.#database === undefined) {
        this.#database = new sqlite.DatabaseSync(this.#file, { timeout: 0 });
        // No file beside it, which a full disk would refuse.
        this.#database.exec('PRAGMA journal_mode = MEMORY');
      }
      this.#database.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error)) return false;
      this.#forget();
      throw error;
    }
    const found = await inodeOf(this.#file);
    if (this.#inode === undefined) {
      this.#inode = found;
      // By its path: to open and close the file would drop the locks of this process.
      if (process.platform !== 'win32') await chmod(this.#file, 0o600).catch(() => undefined);
    }
    if (found !== undefined && found === this.#inode) return true;
    // Somebody deleted the file: the lock on the deleted one keeps nobody out.
    this.#forget();
    return false;
  }

  #forget(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#inode = undefined;
  }

  #cannotLock(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const trouble = 'two programs that change one account at once may lose a change';
    const reason = error instanceof Error ? error.message : 'unknown reason';
    this.#warn(`${this.#directory} cannot be locked (${reason}): ${trouble}`);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && BUSY.has(error.errcode);
}

async function inodeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).ino;
  } catch {
    return undefined;
  }
}
