/** What storage drivers implement. A driver may answer at once or with a promise, so that remote ones fit as well. */

/** A value now or later. */
export type Awaitable<T> = T | Promise<T>;

/** One stored turn of a Responses conversation. */
export interface ResponseRow {
  readonly id: string;
  /** Id of the client key it belongs to; '' where nobody has to identify. */
  readonly owner: string;
  /** The turn before it, whose transcript goes in front. */
  readonly previousId: string | undefined;
  /** Set when the provider keeps the turn itself: the credential that can reach it. Both bodies are empty then. */
  readonly credentialId: string | undefined;
  /** As the client named it. */
  readonly model: string;
  readonly createdAtMs: number;
  /** JSON list: the input items of this turn only. */
  readonly input: Uint8Array;
  /** JSON object: the answer. */
  readonly response: Uint8Array;
}

/** How much is kept, and for how long after its last use. */
export interface RowLimits {
  readonly ttlMs: number;
  readonly maxRows: number;
  /** Of both bodies of all rows together. */
  readonly maxBytes: number;
}

/** Stored turns. Rows that are not used for the time to live are gone; beyond the limits the longest unused go first. */
export interface ResponseRows {
  /** Replaces a row of the same id and owner. */
  put(row: ResponseRow): Awaitable<void>;
  /** Counts as a use. */
  get(id: string, owner: string): Awaitable<ResponseRow | undefined>;
  /** Whether any owner has a row of this id. */
  exists(id: string): Awaitable<boolean>;
  /** False when there was none. */
  delete(id: string, owner: string): Awaitable<boolean>;
  close(): Awaitable<void>;
}

/** A credential as it lies in a store: the JSON of its file, with everything that users and newer programs put there. */
export interface CredentialRecord {
  /** Path below the store's root, with forward slashes: `claude-a@b.example.json`. */
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Changes with the content, whoever wrote it: a hash of the stored bytes. */
  readonly revision: string;
  readonly modifiedAtMs: number;
}

/** A record that could not be read, for the operator; no secrets. */
export interface RecordProblem {
  readonly id: string;
  readonly message: string;
  /** It does not lie in the store any more, but somewhere beside it. */
  readonly isAside?: true;
}

/** What a store holds. */
export interface RecordListing {
  readonly records: readonly CredentialRecord[];
  readonly problems: readonly RecordProblem[];
}

/**
 * Where logged-in accounts lie. A write is all or nothing, also when the process or the machine dies; several processes
 * may use one store.
 */
export interface CredentialRecords {
  list(): Awaitable<RecordListing>;
  /** Undefined when there is none. Throws ProxyError `storage_failed` for one that is there but cannot be read. */
  read(id: string): Awaitable<CredentialRecord | undefined>;
  /**
   * Creates or replaces a record. `expected`: the revision it must still have (null: it must not exist yet); undefined:
   * whatever is there. Resolves with undefined when somebody else was faster. Throws ProxyError `storage_failed`.
   */
  write(
    id: string,
    fields: Readonly<Record<string, unknown>>,
    expected?: string | null,
  ): Awaitable<CredentialRecord | undefined>;
  /** False when there was none. */
  delete(id: string): Awaitable<boolean>;
  close(): Awaitable<void>;
}

/** Kinds of state that outlives the process. */
export type StateKind = 'cooldown' | 'quota' | 'session' | 'counter' | 'models';

/** One piece of state: small, replaced as a whole. */
export interface StateRow {
  readonly kind: StateKind;
  /** Unique within its kind. */
  readonly key: string;
  /** JSON. */
  readonly value: string;
  /** From then on it is as if it were not there. */
  readonly expiresAtMs: number;
}

/** How much state is kept. */
export interface StateLimits {
  /** Of each kind. */
  readonly maxRows: number;
}

/** Names a piece of state. */
export type StateName = Pick<StateRow, 'kind' | 'key'>;

/**
 * What a pool of accounts remembers: cooldowns, quota windows, bindings of conversations, counters, models. Bounded:
 * beyond so many rows of a kind those that expire first go. Writes come in batches and may be lost with the machine's power, never
 * with the process.
 */
export interface StateStore {
  /** All rows of a kind that have not expired. */
  load(kind: StateKind): Awaitable<readonly StateRow[]>;
  /** All of them or none. */
  put(rows: readonly StateRow[]): Awaitable<void>;
  delete(names: readonly StateName[]): Awaitable<void>;
  /** Gives up what it holds once everything is written; a later call opens it again. */
  close(): Awaitable<void>;
}
