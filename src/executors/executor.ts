import type { ProxyError } from '../errors.ts';

/** Keeps what an executor holds between the calls of one client connection. */
export interface CallSession {
  /** Set by the executor, called when the client's connection ends. */
  release: (() => void) | undefined;
}

/** How a call is sent over an upstream's WebSocket. */
export interface SocketCall {
  readonly session: CallSession;
  /** Whose secret it is: connections are not shared between credentials. */
  readonly credentialId: string;
  /** The whole request as one frame. */
  readonly frame: string;
  /** The same without what the upstream knows already; only for the connection that brought that response. */
  readonly increment: { readonly previousResponseId: string; readonly frame: string } | undefined;
  /** Means nothing over HTTP: without a WebSocket the answer is status 426. */
  readonly onlySocket: boolean;
}

/** One HTTP-shaped call to an upstream, ready to be sent. */
export interface UpstreamCall {
  readonly method: 'POST' | 'GET' | 'HEAD' | 'DELETE';
  /** Scheme, host and port: `https://api.openai.com`. */
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  /** Flat name/value list or record, lower-case names; holds the secret. */
  readonly headers: Record<string, string>;
  readonly body: Buffer | string | undefined;
  /** http(s)/socks URL, `direct`, or undefined for the default route. */
  readonly proxyUrl: string | undefined;
  /** Send it over a WebSocket if the upstream takes one. */
  readonly socket?: SocketCall;
}

/** Receives an upstream's answer piece by piece. No method may throw. */
export interface UpstreamSink {
  /** Once, before any data. Header names are lower case. */
  head(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  /** Returns false when the receiver is full: the executor pauses until `resume` of the handle is called. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** Instead of `end`: unreachable, timed out, reset, ... Never after `end` or after `abort`. */
  error(error: ProxyError): void;
}

/** A call under way. */
export interface UpstreamHandle {
  resume(): void;
  /** Ends the call at once; the sink hears nothing more. */
  abort(): void;
}

/** Sends calls to one kind of upstream. */
export interface Executor {
  send(call: UpstreamCall, sink: UpstreamSink): UpstreamHandle;
}
