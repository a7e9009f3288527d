/** A request for the management API. */
export interface ManagementRequest {
  readonly method: string;
  /** Below `/v0/management`: `/status`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of whoever asks; undefined: somebody in this process. */
  readonly peer: string | undefined;
  /** First value of a query parameter; absent: there is no query. */
  query?(name: string): string | undefined;
  /** Reads the body; absent: there is none. Rejects with ProxyError `body_too_large`. Call at most once. */
  body?(limitBytes: number): Promise<Buffer>;
}

/** What is answered: JSON, or the text itself with its `content-type`. */
export interface ManagementAnswer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says why there is no other. */
export function refuse(status: number, error: string): ManagementAnswer {
  return { status, body: { error } };
}
