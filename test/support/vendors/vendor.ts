/** What every simulated vendor is made of: an identity server and upstream under the vendor's own host names. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request as a vendor sees it. */
export interface VendorRequest {
  readonly method: string;
  /** Without port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  form(): URLSearchParams;
  /** {} when the body is none. */
  json(): Record<string, unknown>;
}

/** Hosts of one vendor. */
export interface Vendor {
  /** Exact names; a leading `*.` stands for one label. */
  readonly hosts: readonly string[];
  handle(request: VendorRequest, reply: ServerResponse): void | Promise<void>;
  /** Takes a WebSocket; absent: answered with 404. */
  upgrade?(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/** A vendor at which one can log in and that serves models: one for each provider with accounts. */
export interface AccountVendor extends Vendor {
  /** Id of the manifest. */
  readonly provider: string;
  /** One that it serves, as clients may ask for it. */
  readonly model: string;
  /** What its users have to configure, as environment variables: an OAuth client of their own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the person says beforehand with a method of login; absent: nothing. */
  options?(method: string): Readonly<Record<string, string>>;
  /** Plays the person in the browser: resolves with the address that the browser is sent back to, code and state in it. */
  approve?(url: string, who?: string): Promise<string>;
  /** Plays the person who types the code. */
  approveDevice?(userCode: string, who?: string): void;
  denyDevice?(userCode: string): void;
  /** What is asked for where the login is a secret or a file. */
  secret?(who?: string): string;
  /** Every access token given so far is refused with the vendor's own 401 from now on. */
  expireTokens(): void;
  /** Requests of this account get the vendor's own error for a spent allowance; undefined: of all. */
  exhaust(who?: string): void;
  /** As before `exhaust`. */
  restore(): void;
  /** What requests did wrong, one line each: a wrong verifier, a missing header, a spent refresh token. Must stay empty. */
  readonly complaints: readonly string[];
  /** How often it renewed a token, and answered a generating request. */
  readonly counts: { readonly refreshes: number; readonly answers: number };
}

/** Answers with JSON. */
export function sendJson(
  reply: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  reply.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  reply.end(text);
}
