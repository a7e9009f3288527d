/** What an access provider sees of a request. */
export interface AccessRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** First value of a query parameter, decoded. */
  query(name: string): string | undefined;
}

/** Who asks, as one provider recognised them. */
export interface Authenticated {
  readonly ok: true;
  /** Stable id of the caller, never the secret itself; undefined when nobody has to identify. */
  readonly principal: string | undefined;
  /** Where the credential was found: `authorization`, `x-api-key`, `query-key`, ... */
  readonly source: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * `not_handled`: ask the next provider. `internal`: the check itself failed. `foreign_origin`: a web page asks that
 * has no business here. After the last two nobody else is asked.
 */
export type AccessFailureCode = 'not_handled' | 'no_credentials' | 'invalid_credential' | 'foreign_origin' | 'internal';

/** Why a provider does not vouch for a request. */
export interface AccessFailure {
  readonly ok: false;
  readonly code: AccessFailureCode;
}

/** What a provider says of a request. */
export type AccessOutcome = Authenticated | AccessFailure;

/** Decides whether a request may come in. Answers at once where it can: a promise costs every request. */
export interface AccessProvider {
  readonly name: string;
  authenticate(request: AccessRequest): AccessOutcome | Promise<AccessOutcome>;
}
