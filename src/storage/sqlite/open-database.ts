import { chmodSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../../make-folder.ts';
import { migrate } from './migrations.ts';

/** Opens or creates a database that only its owner can read, in its newest layout. Throws when it cannot. */
export function openDatabase(file: string, migrations: readonly string[]): DatabaseSync {
  makeFolder(dirname(file));
  // Created here, so that it is never readable by others; SQLite gives its side files the same mode.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  try {
    // The wait is for other processes on the same file.
    database.exec(
      'PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;',
    );
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
