import type { DatabaseSync } from 'node:sqlite';

/**
 * Brings a database to the newest layout. Each database has its own list, applied in order, each entry once; what was
 * released is never changed. Throws when a newer program has written it.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL)');
  if (layoutOf(database) > migrations.length)
    throw new Error(
      `a newer llmproxy has written it: the database has layout ${layoutOf(database)}, this program knows ${migrations.length}`,
    );
  for (const [index, sql] of migrations.entries()) {
    database.exec('BEGIN IMMEDIATE');
    try {
      // Read again inside: another process may be doing the same.
      if (layoutOf(database) <= index) {
        database.exec(sql);
        database.prepare('INSERT INTO migrations VALUES (?, ?)').run(index + 1, Date.now());
      }
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}

function layoutOf(database: DatabaseSync): number {
  return Number(database.prepare('SELECT coalesce(max(version), 0) AS version FROM migrations').get()?.['version']);
}
