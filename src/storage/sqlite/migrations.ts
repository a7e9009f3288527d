import type { DatabaseSync } from 'node:sqlite';

/** Applied in order, each once; what was released is never changed. */
const migrations: readonly string[] = [
  `CREATE TABLE responses (
     id TEXT NOT NULL,
     owner TEXT NOT NULL,
     previous_id TEXT,
     credential_id TEXT,
     model TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     used_at_ms INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     input BLOB NOT NULL,
     response BLOB NOT NULL,
     PRIMARY KEY (id, owner)
   );
   CREATE INDEX responses_by_use ON responses (used_at_ms, bytes);`,
];

/** Brings a database to the newest layout. Throws when a newer program has written it. */
export function migrate(database: DatabaseSync): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL)');
  const done = Number(
    database.prepare('SELECT coalesce(max(version), 0) AS version FROM migrations').get()?.['version'],
  );
  if (done > migrations.length)
    throw new Error(`the database has layout ${done}, this program knows ${migrations.length}`);
  for (const [index, sql] of migrations.entries()) {
    if (index < done) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(sql);
      database.prepare('INSERT INTO migrations VALUES (?, ?)').run(index + 1, Date.now());
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
