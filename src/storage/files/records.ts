import { rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../../clock.ts';
import { ProxyError } from '../../errors.ts';
import type { CredentialRecord, CredentialRecords, RecordListing, RecordProblem } from '../ports.ts';
import { isStaleTemp, prepareFile, syncDirectory } from './atomic-write.ts';
import { createRecordCipher, type RecordCipher } from './cipher.ts';
import { DirectoryLock } from './directory-lock.ts';
import { inParallel } from './in-parallel.ts';
import { createPermissionKeeper } from './permissions.ts';
import { createQuarantine } from './quarantine.ts';
import { recordPath } from './record-path.ts';
import { storageFailed, systemCode, systemReason } from './storage-error.ts';
import { MAX_RECORD_BYTES, readStoredFile, revisionOf, type StoredFile } from './stored-file.ts';
import { type Tree, walkRecords } from './walk.ts';

/** What a directory of records is opened with. */
export interface FileRecordsOptions {
  /** Need not exist: the first write makes it, for its owner only. */
  readonly directory: string;
  readonly clock?: Clock;
  /** Absent: files are plain, and encrypted ones cannot be read. */
  readonly encryption?: RecordCipher;
  /** For the operator's log, one line; no secrets. */
  readonly warn: (message: string) => void;
}

/** What became of {@link FileRecords.reseal}. */
export interface Resealed {
  readonly changed: number;
  /** Files that were left as they are because they cannot be read. */
  readonly problems: readonly RecordProblem[];
}

/** A directory of JSON files, one per account, that several processes may share. */
export interface FileRecords extends CredentialRecords {
  /**
   * Brings every readable file to the key that encrypts now, or to plain text if there is none. Stopped in the middle it
   * leaves both kinds, each readable with its key; doing it again goes on.
   */
  reseal(): Promise<Resealed>;
}

/** Opens a directory of account files; nothing is read or made before the first call. */
export function createFileRecords(options: FileRecordsOptions): FileRecords {
  return new FileRecordStore(options);
}

class FileRecordStore implements FileRecords {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #cipher: RecordCipher;
  readonly #warn: (message: string) => void;
  readonly #lock: DirectoryLock;
  readonly #permissions: ReturnType<typeof createPermissionKeeper>;
  readonly #quarantine: ReturnType<typeof createQuarantine>;
  #told: ReadonlyMap<string, string> = new Map();
  /** Of files that this process has set aside, until there are others in their places. */
  readonly #aside = new Map<string, RecordProblem>();
  #migration: Promise<void> | undefined;
  /** Plain files that are being encrypted one by one. */
  readonly #plain = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor({
    directory,
    clock = systemClock,
    encryption = createRecordCipher(undefined),
    warn,
  }: FileRecordsOptions) {
    this.#directory = resolve(directory);
    this.#clock = clock;
    this.#cipher = encryption;
    this.#warn = warn;
    this.#lock = new DirectoryLock(this.#directory, warn);
    this.#permissions = createPermissionKeeper(this.#directory, warn);
    this.#quarantine = createQuarantine({
      clock,
      lock: this.#lock,
      warn,
      reread: (path, id) => readStoredFile(path, id, this.#cipher),
    });
  }

  async list(): Promise<RecordListing> {
    const tree = await this.#walk();
    const records: CredentialRecord[] = [];
    const problems: RecordProblem[] = [...tree.problems];
    let plain = 0;
    await inParallel(tree.ids, async (id) => {
      const path = join(this.#directory, ...id.split('/'));
      const stored = await readStoredFile(path, id, this.#cipher);
      if ('mode' in stored) await this.#permissions.repair(path, stored.mode);
      if (stored.kind === 'record') {
        if (stored.keyId === undefined) plain++;
        records.push(recordOf(id, stored));
      } else {
        const problem = await this.#problemOf(id, path, stored);
        if (problem !== undefined) problems.push(problem);
      }
      if (stored.kind !== 'missing') this.#aside.delete(id);
    });
    problems.push(...this.#aside.values());
    for (const problem of problems) if (problem.isAside) this.#aside.set(problem.id, problem);
    this.#permissions.report();
    this.#tell(problems);
    if (plain > 0 && this.#cipher.keyId !== undefined) this.#migrate();
    return { records: records.sort(byId), problems: problems.sort(byId) };
  }

  async read(id: string): Promise<CredentialRecord | undefined> {
    const path = await recordPath(this.#directory, id);
    const stored = await readStoredFile(path, id, this.#cipher);
    if ('mode' in stored) {
      await this.#permissions.repair(path, stored.mode);
      this.#permissions.report();
    }
    switch (stored.kind) {
      case 'missing':
        return undefined;
      case 'record':
        if (stored.keyId === undefined) this.#encryptLater(id);
        return recordOf(id, stored);
      case 'damaged':
      case 'sealed':
      case 'unreadable':
        throw new ProxyError('storage_failed', `cannot read ${path}: ${stored.reason}`);
    }
  }

  async write(
    id: string,
    fields: Readonly<Record<string, unknown>>,
    expected?: string | null,
  ): Promise<CredentialRecord | undefined> {
    const path = await recordPath(this.#directory, id);
    try {
      return await this.#write(id, path, fields, expected);
    } catch (error) {
      throw storageFailed('write', path, error);
    }
  }

  async #write(
    id: string,
    path: string,
    fields: Readonly<Record<string, unknown>>,
    expected: string | null | undefined,
  ): Promise<CredentialRecord | undefined> {
    const text = JSON.stringify(fields, undefined, 2);
    const clean: unknown = JSON.parse(text);
    const isUnchanged = (stored: StoredFile): stored is StoredFile & { kind: 'record' } =>
      stored.kind === 'record' && stored.keyId === this.#cipher.keyId && isDeepStrictEqual(stored.fields, clean);
    const before = await readStoredFile(path, id, this.#cipher);
    if (!isExpected(before, expected)) return undefined;
    if (isUnchanged(before)) return recordOf(id, before);
    const bytes = this.#cipher.seal(id, text);
    if (bytes.length > MAX_RECORD_BYTES) {
      throw new ProxyError('storage_failed', `cannot write ${path}: it is too large for an account`);
    }
    // The slow part, the wait for the disk, is done before anybody is kept out.
    const prepared = await prepareFile(path, bytes);
    try {
      const isWritten = await this.#lock.run(async () => {
        const stored = await readStoredFile(path, id, this.#cipher);
        if (!isExpected(stored, expected)) return false;
        await this.#makeRoom(path, stored);
        await prepared.commit();
        return true;
      });
      if (!isWritten) return undefined;
    } finally {
      await prepared.discard();
    }
    await syncDirectory(dirname(path));
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: this.#clock.now() }));
    return { id, fields, revision: revisionOf(bytes), modifiedAtMs: Math.round(mtimeMs) };
  }

  /** What cannot be replaced without loss: damaged files are set aside, encrypted ones of an unknown key stay. */
  async #makeRoom(path: string, stored: StoredFile): Promise<void> {
    if (stored.kind === 'damaged') await this.#quarantine.moveAside(path, stored.reason);
    if (stored.kind === 'sealed' || stored.kind === 'unreadable') {
      throw new ProxyError('storage_failed', `cannot write ${path}: what is there cannot be read: ${stored.reason}`);
    }
  }

  async delete(id: string): Promise<boolean> {
    const path = await recordPath(this.#directory, id);
    try {
      await stat(path);
      await this.#lock.run(() => unlink(path));
      await syncDirectory(dirname(path));
      return true;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw storageFailed('delete', path, error);
    }
  }

  async reseal(): Promise<Resealed> {
    const { records, problems } = await this.#readAll();
    let changed = 0;
    for (const { id, keyId } of records) {
      if (this.#isClosed) break;
      if (keyId !== this.#cipher.keyId && (await this.#resealOne(id))) changed++;
    }
    return { changed, problems };
  }

  /** Somebody else may change the file at the same time; their change counts. */
  async #resealOne(id: string): Promise<boolean> {
    for (;;) {
      const record = await this.read(id);
      if (record === undefined) return false;
      if ((await this.write(id, record.fields, record.revision)) !== undefined) return true;
    }
  }

  async #readAll(): Promise<{ records: { id: string; keyId: string | undefined }[]; problems: RecordProblem[] }> {
    const tree = await this.#walk();
    const records: { id: string; keyId: string | undefined }[] = [];
    const problems: RecordProblem[] = [...tree.problems];
    await inParallel(tree.ids, async (id) => {
      const stored = await readStoredFile(join(this.#directory, ...id.split('/')), id, this.#cipher);
      if (stored.kind === 'record') records.push({ id, keyId: stored.keyId });
      else if (stored.kind !== 'missing') problems.push({ id, message: `cannot read ${id}: ${stored.reason}` });
    });
    return { records: records.sort(byId), problems: problems.sort(byId) };
  }

  /** Each problem once, as long as it stays the same; the quarantine tells of what it moved. */
  #tell(problems: readonly RecordProblem[]): void {
    const known = this.#told;
    this.#told = new Map(problems.map(({ id, message }) => [id, message]));
    for (const { id, message, isAside } of problems) {
      if (known.get(id) !== message && isAside === undefined) this.#warn(message);
    }
  }

  #migrate(): void {
    if (this.#isClosed) return;
    this.#migration ??= this.reseal()
      .then(
        ({ changed }) => {
          if (changed > 0) this.#warn(`${changed} account files in ${this.#directory} are encrypted now`);
        },
        (error) => {
          this.#warn(`plain account files could not be encrypted: ${error instanceof Error ? error.message : ''}`);
        },
      )
      .finally(() => {
        this.#migration = undefined;
      });
  }

  /** A file that somebody has put there just now. */
  #encryptLater(id: string): void {
    if (this.#isClosed || this.#cipher.keyId === undefined || this.#plain.has(id)) return;
    const task = this.#resealOne(id).then(
      () => undefined,
      // The next listing tries again, and tells.
      () => undefined,
    );
    this.#plain.set(
      id,
      task.finally(() => this.#plain.delete(id)),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#migration;
    await Promise.all(this.#plain.values());
    await this.#lock.close();
  }

  async #walk(): Promise<Tree> {
    try {
      const tree = await walkRecords(this.#directory);
      for (const { path, mode } of tree.directories) await this.#permissions.repair(path, mode);
      for (const { directory, name } of tree.hidden) await this.#removeStale(join(directory, name), name);
      return tree;
    } catch (error) {
      throw storageFailed('read', this.#directory, error);
    }
  }

  async #removeStale(path: string, name: string): Promise<void> {
    try {
      const ageMs = this.#clock.now() - (await stat(path)).mtimeMs;
      if (isStaleTemp(name, ageMs)) await rm(path, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') this.#warn(`${path} cannot be removed: ${systemReason(error)}`);
    }
  }

  async #problemOf(
    id: string,
    path: string,
    stored: Exclude<StoredFile, { kind: 'record' }>,
  ): Promise<RecordProblem | undefined> {
    switch (stored.kind) {
      case 'missing':
        return undefined;
      case 'sealed':
      case 'unreadable':
        return { id, message: `cannot read ${id}: ${stored.reason}` };
      case 'damaged':
        return this.#quarantine.handle(id, path, stored);
    }
  }
}

function isExpected(stored: StoredFile, expected: string | null | undefined): boolean {
  if (expected === undefined) return true;
  if (expected === null) return stored.kind === 'missing';
  return 'revision' in stored && stored.revision === expected;
}

function recordOf(id: string, stored: StoredFile & { kind: 'record' }): CredentialRecord {
  const { fields, revision, modifiedAtMs } = stored;
  return { id, fields, revision, modifiedAtMs };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
