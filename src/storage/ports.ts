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
