import type { ClientCodec } from '../dialects/codec.ts';
import type { CallSession } from '../executors/executor.ts';
import type { ScannedObject } from '../json-splice.ts';
import type { ExchangeState } from './exchange-state.ts';

/** What the client wants done. */
export type Operation = 'generate' | 'count-tokens' | 'compact';

/** Header values as node:http gives them: lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Where the answer goes. Both doors (node:http listener, `proxy.fetch`) implement it. */
export interface Reply {
  /** True once `head` was called. */
  readonly headSent: boolean;
  /** True once the client is gone. */
  readonly closed: boolean;
  head(status: number, headers: Record<string, string>): void;
  /** Returns false when the client is slower than the upstream: wait for `onDrain`. */
  write(chunk: Buffer | string): boolean;
  end(chunk?: Buffer | string): void;
  /** As `write`, for what is no part of the answer. Absent: the client waits without, and nothing is to be sent early. */
  readonly keepAlive?: ((text: string) => void) | undefined;
  /** Cuts the connection: the only honest way to end a broken stream that has no error form. */
  destroy(): void;
  /** At most one listener each, set by the pipeline. */
  onDrain(listener: () => void): void;
  onClose(listener: () => void): void;
}

/** What outlives one request on a client's WebSocket. */
export interface SocketSession extends CallSession {
  /** The credential that answered last: the next request goes to it first, because its upstream knows the context. */
  credentialId: string | undefined;
}

/** A request as it came over a WebSocket: only what is new since a response. */
export interface SocketIncrement {
  readonly previousResponseId: string;
  readonly body: Buffer;
}

/** What a request on a WebSocket brings beyond its whole body. */
export interface SocketTurn {
  readonly session: SocketSession;
  /** Nothing is to be generated: the client only makes ready for its next request. */
  readonly warmUp: boolean;
  readonly increment: SocketIncrement | undefined;
}

/** One authenticated client request on its way through the pipeline. */
export interface Exchange {
  readonly requestId: string;
  readonly operation: Operation;
  /** The client's dialect. */
  readonly codec: ClientCodec;
  readonly headers: RequestHeaders;
  /** Decompressed. */
  readonly body: Buffer;
  /** Model and streaming as the URL states them (Gemini); otherwise they are in the body. */
  readonly urlModel: string | undefined;
  readonly urlStream: boolean | undefined;
  readonly framing: 'sse' | 'json-array';
  /** Who asks: id of the client key (never the key). */
  readonly principal: string | undefined;
  readonly reply: Reply;
  /** Only of requests that come over a WebSocket. */
  readonly turn?: SocketTurn;
  /** The top level of `body`, when somebody has read it already. */
  readonly scanned?: ScannedObject;
  /** Only of requests that use stored conversations. */
  readonly state?: ExchangeState;
}
