import { renameSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { StateKind, StateLimits, StateName, StateRow, StateStore } from '../ports.ts';
import { openDatabase } from './open-database.ts';

/** Applied in order, each once; what was released is never changed. */
const migrations: readonly string[] = [
  `CREATE TABLE state (
     kind TEXT NOT NULL,
     key TEXT NOT NULL,
     value TEXT NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     PRIMARY KEY (kind, key)
   ) WITHOUT ROWID;
   CREATE INDEX state_by_expiry ON state (kind, expires_at_ms);`,
];

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const CORRUPT: ReadonlySet<number> = new Set([11, 26]);

interface Opened {
  readonly database: DatabaseSync;
  readonly statements: ReturnType<typeof prepare>;
  readonly inode: number | undefined;
}

/**
 * State in a SQLite file, which is opened when it is needed and again after every failure: a disk that is full or gone
 * may come back. Every call blocks its thread: use it in a worker. Calls throw what SQLite says.
 */
export class SqliteStateRows implements StateStore {
  readonly #file: string;
  readonly #limits: StateLimits;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #opened: Opened | undefined;

  /** `warn` hears of a damaged file, which is set aside. */
  constructor(file: string, limits: StateLimits, clock: Clock, warn: (message: string) => void) {
    this.#file = file;
    this.#limits = limits;
    this.#clock = clock;
    this.#warn = warn;
  }

  load(kind: StateKind): readonly StateRow[] {
    return this.#use(({ statements }) =>
      statements.load.all(kind, this.#clock.now()).map((found) => ({
        kind,
        key: textOf(found['key']),
        value: textOf(found['value']),
        expiresAtMs: Number(found['expires_at_ms']),
      })),
    );
  }

  put(rows: readonly StateRow[]): void {
    this.#change(({ put, expire, trim }) => {
      for (const { kind, key, value, expiresAtMs } of rows) put.run(kind, key, value, Math.round(expiresAtMs));
      for (const kind of new Set(rows.map((row) => row.kind))) {
        expire.run(kind, this.#clock.now());
        trim.run(kind, kind, this.#limits.maxRows);
      }
    });
  }

  delete(names: readonly StateName[]): void {
    this.#change((statements) => {
      for (const { kind, key } of names) statements.delete.run(kind, key);
    });
  }

  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.database.close();
  }

  #change(run: (statements: Opened['statements']) => void): void {
    this.#use(({ database, statements }) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        run(statements);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #use<T>(run: (opened: Opened) => T): T {
    try {
      return run(this.#open());
    } catch (error) {
      this.#drop();
      if (!isCorrupt(error)) throw error;
    }
    // Another process may have set the file aside already: then this opens its new one.
    return run(this.#openOrReplace());
  }

  #open(): Opened {
    // Whoever writes into a file that was deleted or set aside writes for nobody.
    if (this.#opened !== undefined && this.#opened.inode !== inodeOf(this.#file)) this.#drop();
    if (this.#opened !== undefined) return this.#opened;
    const database = openDatabase(this.#file, migrations);
    this.#opened = { database, statements: prepare(database), inode: inodeOf(this.#file) };
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw new CorruptError(textOf(found));
    return this.#opened;
  }

  #openOrReplace(): Opened {
    const inode = inodeOf(this.#file);
    try {
      return this.#open();
    } catch (error) {
      this.#drop();
      if (!isCorrupt(error) || inodeOf(this.#file) !== inode) throw error;
      this.#setAside(error);
      return this.#open();
    }
  }

  /** Never deleted: somebody may want to look. */
  #setAside(why: unknown): void {
    const aside = `${this.#file}.corrupt-${this.#clock.now()}`;
    for (const suffix of ['-wal', '-shm', ''])
      if (inodeOf(this.#file + suffix) !== undefined) renameSync(this.#file + suffix, aside + suffix);
    const reason = why instanceof Error ? why.message : String(why);
    this.#warn(`${this.#file} is damaged (${reason}): it is now ${aside}, and state starts anew`);
  }

  #drop(): void {
    try {
      this.close();
    } catch {
      // The failure that led here is told; that of closing says nothing more.
    }
  }
}

/** A file that opens, but is not sound. */
class CorruptError extends Error {}

function isCorrupt(error: unknown): boolean {
  if (error instanceof CorruptError) return true;
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    CORRUPT.has(error.errcode & 0xff)
  );
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

function prepare(database: DatabaseSync): Record<'load' | 'put' | 'delete' | 'expire' | 'trim', StatementSync> {
  return {
    load: database.prepare('SELECT key, value, expires_at_ms FROM state WHERE kind = ? AND expires_at_ms > ?'),
    put: database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)'),
    delete: database.prepare('DELETE FROM state WHERE kind = ? AND key = ?'),
    expire: database.prepare('DELETE FROM state WHERE kind = ? AND expires_at_ms <= ?'),
    trim: database.prepare(
      `DELETE FROM state WHERE kind = ? AND key IN (
         SELECT key FROM state WHERE kind = ? ORDER BY expires_at_ms DESC LIMIT -1 OFFSET ?)`,
    ),
  };
}

function textOf(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
