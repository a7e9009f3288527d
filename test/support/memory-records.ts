/** Records of accounts in memory, with faults that a test may turn on. */
import { createHash } from 'node:crypto';
import { ProxyError } from '../../src/errors.ts';
import type { CredentialRecord, CredentialRecords } from '../../src/storage/ports.ts';

/** Behaves as a directory does; several users of one see each other's writes. */
export class MemoryRecords implements CredentialRecords {
  readonly #records = new Map<string, CredentialRecord>();
  /** Whether a write fails, as on a full disk. */
  isFull = false;
  writes = 0;

  list(): { records: CredentialRecord[]; problems: [] } {
    return { records: [...this.#records.values()], problems: [] };
  }

  read(id: string): Promise<CredentialRecord | undefined> {
    return Promise.resolve(this.#records.get(id));
  }

  write(
    id: string,
    fields: CredentialRecord['fields'],
    expected?: string | null,
  ): Promise<CredentialRecord | undefined> {
    if (this.isFull) return Promise.reject(new ProxyError('storage_failed', 'no space left on device'));
    const before = this.#records.get(id);
    if (expected !== undefined && expected !== (before?.revision ?? null)) return Promise.resolve(undefined);
    return Promise.resolve(this.set(id, fields));
  }

  /** As an editor or another program does. */
  set(id: string, fields: CredentialRecord['fields']): CredentialRecord {
    this.writes++;
    const revision = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
    const record = { id, fields: structuredClone(fields), revision, modifiedAtMs: 0 };
    this.#records.set(id, record);
    return record;
  }

  get(id: string): CredentialRecord['fields'] {
    return this.#records.get(id)?.fields ?? {};
  }

  delete(id: string): boolean {
    return this.#records.delete(id);
  }

  close(): void {}
}
