import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { ResponseRow, ResponseRows, RowLimits } from '../ports.ts';
import { openDatabase } from './open-database.ts';

/** Expired rows are looked for once in so many writes. */
const SWEEP_EVERY = 64;

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

/** Stored turns in a SQLite file. Every call blocks its thread: use it in a worker. */
export class SqliteResponseRows implements ResponseRows {
  readonly #database: DatabaseSync;
  readonly #limits: RowLimits;
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepare>;
  #rows: number;
  #bytes: number;
  #writes = 0;

  /** Opens or creates the file, readable by its owner only. Throws when it cannot. */
  constructor(file: string, limits: RowLimits, clock: Clock) {
    this.#database = openDatabase(file, migrations);
    this.#limits = limits;
    this.#clock = clock;
    this.#statements = prepare(this.#database);
    this.#rows = 0;
    this.#bytes = 0;
    this.#sweep();
  }

  put(row: ResponseRow): void {
    this.delete(row.id, row.owner);
    const bytes = row.input.length + row.response.length;
    const nowMs = this.#clock.now();
    this.#statements.put.run(
      row.id,
      row.owner,
      row.previousId ?? null,
      row.credentialId ?? null,
      row.model,
      row.createdAtMs,
      nowMs,
      bytes,
      row.input,
      row.response,
    );
    this.#rows++;
    this.#bytes += bytes;
    this.#writes++;
    const { maxRows, maxBytes } = this.#limits;
    if (this.#writes % SWEEP_EVERY === 0 || this.#rows > maxRows || this.#bytes > maxBytes) this.#sweep();
  }

  get(id: string, owner: string): ResponseRow | undefined {
    const found = this.#statements.get.get(id, owner, this.#oldestMs());
    if (found === undefined) return undefined;
    this.#statements.use.run(this.#clock.now(), id, owner);
    return toRow(id, owner, found);
  }

  exists(id: string): boolean {
    return this.#statements.exists.get(id, this.#oldestMs()) !== undefined;
  }

  delete(id: string, owner: string): boolean {
    const gone = this.#statements.delete.get(id, owner);
    if (gone === undefined) return false;
    this.#rows--;
    this.#bytes -= Number(gone['bytes']);
    return Number(gone['used_at_ms']) > this.#oldestMs();
  }

  close(): void {
    this.#database.close();
  }

  #oldestMs(): number {
    return this.#clock.now() - this.#limits.ttlMs;
  }

  /** Also counts anew, since another process may write the same file. */
  #sweep(): void {
    const { expire, count, trim } = this.#statements;
    const { maxRows, maxBytes } = this.#limits;
    expire.run(this.#oldestMs());
    let left = count.get();
    if (Number(left?.['amount']) > maxRows || Number(left?.['bytes']) > maxBytes) {
      trim.run(maxRows, maxBytes);
      left = count.get();
    }
    this.#rows = Number(left?.['amount']);
    this.#bytes = Number(left?.['bytes']);
  }
}

function prepare(
  database: DatabaseSync,
): Record<'put' | 'get' | 'use' | 'exists' | 'delete' | 'expire' | 'count' | 'trim', StatementSync> {
  return {
    put: database.prepare('INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    get: database.prepare('SELECT * FROM responses WHERE id = ? AND owner = ? AND used_at_ms > ?'),
    use: database.prepare('UPDATE responses SET used_at_ms = ? WHERE id = ? AND owner = ?'),
    exists: database.prepare('SELECT 1 FROM responses WHERE id = ? AND used_at_ms > ? LIMIT 1'),
    delete: database.prepare('DELETE FROM responses WHERE id = ? AND owner = ? RETURNING bytes, used_at_ms'),
    expire: database.prepare('DELETE FROM responses WHERE used_at_ms <= ?'),
    count: database.prepare('SELECT count(*) AS amount, coalesce(sum(bytes), 0) AS bytes FROM responses'),
    // Everything older than the newest rows that fit into both limits.
    trim: database.prepare(
      `DELETE FROM responses WHERE rowid IN (
         SELECT rowid FROM (
           SELECT rowid, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM responses
           WINDOW newest AS (ORDER BY used_at_ms DESC, rowid DESC ROWS UNBOUNDED PRECEDING)
         ) WHERE place > ? OR total > ?)`,
    ),
  };
}

function toRow(id: string, owner: string, found: Record<string, SQLOutputValue>): ResponseRow {
  return {
    id,
    owner,
    previousId: optionalText(found['previous_id']),
    credentialId: optionalText(found['credential_id']),
    model: optionalText(found['model']) ?? '',
    createdAtMs: Number(found['created_at_ms']),
    input: bytesOf(found['input']),
    response: bytesOf(found['response']),
  };
}

function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
