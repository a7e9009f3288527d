import { type AccountReading, accountCredential, readingWarnings } from '../credentials/account-record.ts';
import type { Credential } from '../credentials/credential.ts';
import { secretsOf } from '../credentials/secrets.ts';
import type { Redactor } from '../observability/redact.ts';
import type { Steps } from '../pipeline/steps.ts';
import type { Manifest } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { CredentialRecord, CredentialRecords, RecordProblem } from '../storage/ports.ts';
import type { AccountQuestions } from './account-questions.ts';
import type { Roster } from './roster.ts';
import { inSlices } from './slices.ts';
import type { TokenRenewal } from './token-renewal.ts';
import { createUpdateQueue, type UpdateQueue } from './update-queue.ts';

/** The logged-in accounts of a store, and the rosters that follow them. */
export interface Accounts {
  /** Puts every account into a roster, in parts, and keeps it up to date until {@link leave}. */
  join(roster: Roster): Steps<void>;
  leave(roster: Roster): void;
  /** Reads the whole store and applies what differs. Throws ProxyError `storage_failed`. */
  sync(): Promise<void>;
  /** Reads single records again, by id. */
  reread(ids: readonly string[]): Promise<void>;
  /** Takes a record that this process has just written; undefined: it deleted it. Applied in a later turn. */
  changed(id: string, record: CredentialRecord | undefined): void;
  /** The provider said which models an account can use. */
  relisted(recordId: string): void;
  /** See `PipelineOptions.renew`. */
  renew(target: Target): Promise<Target | undefined>;
  /** What every record is, in no order. */
  readings(): readonly AccountReading[];
  /** Records that cannot be read. */
  readonly problems: readonly RecordProblem[];
  close(): void;
}

/** What accounts are wired to. */
export interface AccountsOptions {
  readonly records: CredentialRecords;
  /** Who may serve accounts. */
  readonly manifests: readonly Manifest[];
  readonly redactor: Redactor;
  /** Keeps the tokens fresh. `put` takes what the store has and returns what is to be used. */
  readonly tokens: Pick<TokenRenewal, 'put' | 'remove' | 'renew'>;
  /** Asks providers what accounts can use. */
  readonly questions?: Pick<AccountQuestions, 'put' | 'remove' | 'modelsOf'>;
  /** A credential has another secret than before. */
  renewed(credentialId: string): void;
  warn(message: string): void;
}

interface Known {
  readonly revision: string;
  readonly reading: AccountReading;
  /** Of this record and the one before, which requests under way may still use. */
  readonly secrets: readonly (readonly string[])[];
}

/** More single records than this are read together with all others. */
const MOST_SINGLE = 64;

/** Knows no account before the first {@link Accounts.sync}. */
export function createAccounts(options: AccountsOptions): Accounts {
  return new AccountBook(options);
}

class AccountBook implements Accounts {
  readonly #options: AccountsOptions;
  readonly #known = new Map<string, Known>();
  readonly #rosters = new Set<Roster>();
  readonly #queue: UpdateQueue<CredentialRecord>;
  /** Changed since the listing under way began: newer than what it says. */
  readonly #newer = new Set<string>();
  #syncing: Promise<void> | undefined;
  #isOutdated = false;
  problems: readonly RecordProblem[] = [];

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#queue = createUpdateQueue<CredentialRecord>({
      apply: (id, record) => {
        this.#newer.add(id);
        this.#apply(id, record);
      },
      overflowed: () => void this.sync().catch((error: unknown) => options.warn(describe(error))),
    });
  }

  *join(roster: Roster): Steps<void> {
    this.#rosters.add(roster);
    for (const id of [...this.#known.keys()]) {
      for (const credential of this.#listed(id, this.#known.get(id)?.reading)) roster.put(credential);
      yield;
    }
  }

  leave(roster: Roster): void {
    this.#rosters.delete(roster);
  }

  readings(): readonly AccountReading[] {
    return [...this.#known.values()].map(({ reading }) => reading);
  }

  relisted(id: string): void {
    const credentials = this.#listed(id, this.#known.get(id)?.reading);
    for (const roster of this.#rosters) for (const credential of credentials) roster.put(credential);
  }

  renew(target: Target): Promise<Target | undefined> {
    return this.#options.tokens.renew(target);
  }

  changed(id: string, record: CredentialRecord | undefined): void {
    this.#queue.push(id, record);
  }

  /** One at a time; a call while one is under way has it begin anew. */
  sync(): Promise<void> {
    if (this.#syncing !== undefined) this.#isOutdated = true;
    this.#syncing ??= this.#readAll().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async reread(ids: readonly string[]): Promise<void> {
    // A problem may be none any more, which the listing knows.
    const hadProblem = ids.some((id) => this.problems.some((problem) => problem.id === id));
    if (hadProblem || ids.length > MOST_SINGLE) return this.sync();
    try {
      for (const id of ids) this.#queue.push(id, await this.#options.records.read(id));
    } catch {
      // The listing knows what to do with a record that cannot be read.
      await this.sync();
    }
  }

  close(): void {
    this.#queue.close();
  }

  async #readAll(): Promise<void> {
    do {
      this.#isOutdated = false;
      this.#newer.clear();
      const listing = await this.#options.records.list();
      this.problems = listing.problems;
      await inSlices(this.#applyAll(listing.records));
    } while (this.#isOutdated);
  }

  /** With the models that the provider named for them. */
  #listed(id: string, reading: AccountReading | undefined): readonly Credential[] {
    const credentials = credentialsOf(reading);
    const catalogue = this.#options.questions?.modelsOf(id);
    return catalogue === undefined ? credentials : credentials.map((credential) => ({ ...credential, catalogue }));
  }

  *#applyAll(listed: readonly CredentialRecord[]): Steps<void> {
    const changes = new Map<string, CredentialRecord | undefined>(listed.map((record) => [record.id, record]));
    // One that is there but cannot be read stays in use as it was.
    const unreadable = new Set(this.problems.flatMap(({ id, isAside }) => (isAside ? [] : id)));
    for (const id of this.#known.keys()) if (!changes.has(id) && !unreadable.has(id)) changes.set(id, undefined);
    for (const [id, record] of changes) {
      if (!this.#newer.has(id)) this.#apply(id, record);
      yield;
    }
  }

  #apply(id: string, read: CredentialRecord | undefined): void {
    const old = this.#known.get(id);
    if (old?.revision === read?.revision) return;
    const { tokens, questions } = this.#options;
    if (read === undefined) {
      tokens.remove(id);
      questions?.remove(id);
    }
    const record = read === undefined ? undefined : tokens.put(read);
    const reading = record === undefined ? undefined : accountCredential(record, this.#options.manifests);
    if (record !== undefined && reading !== undefined) questions?.put(record, reading);
    const before = credentialsOf(old?.reading);
    const after = this.#listed(id, reading);
    const secrets = record === undefined ? [] : [...after.flatMap(secretsOf), ...secretsIn(record)];
    this.#options.redactor.register(...secrets);
    for (const outdated of old?.secrets.slice(1) ?? []) this.#options.redactor.forget(...outdated);
    if (record === undefined || reading === undefined) this.#known.delete(id);
    else {
      const kept = [secrets, ...(old?.secrets.slice(0, 1) ?? [])];
      this.#known.set(id, { revision: record.revision, reading, secrets: kept });
    }
    const told = new Set(old === undefined ? [] : readingWarnings(old.reading));
    for (const line of reading === undefined ? [] : readingWarnings(reading)) {
      if (!told.has(line)) this.#options.warn(line);
    }
    for (const roster of this.#rosters) replace(roster, before, after);
    const secretOf = new Map(before.map(({ id, secret }) => [id, secret]));
    for (const { id, secret } of after) {
      if (secretOf.has(id) && secretOf.get(id) !== secret) this.#options.renewed(id);
    }
  }
}

function credentialsOf(reading: AccountReading | undefined): readonly Credential[] {
  return reading?.state === 'ready' ? reading.credentials : [];
}

function replace(roster: Roster, before: readonly Credential[], after: readonly Credential[]): void {
  for (const { id } of before) if (!after.some((one) => one.id === id)) roster.remove(id);
  for (const credential of after) roster.put(credential);
}

const SECRET_FIELD = /token|secret|key|passw/i;
const MIN_LENGTH = 8;

/** Tokens that only the renewal needs are no less secret. */
function secretsIn({ fields }: CredentialRecord): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === 'string' && value.length >= MIN_LENGTH && SECRET_FIELD.test(name) ? [value] : [],
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
