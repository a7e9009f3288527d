import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProxyError } from '../errors.ts';
import type { Reply } from '../pipeline/exchange.ts';
import { type BodyReceiver, type BodySource, bodyTooLarge, declaredLength, emptyBody } from './body.ts';
import { completeHeaders } from './reply-headers.ts';

/** Shared by all replies of a listener: once set, connections end after their answer. */
export interface DrainState {
  draining: boolean;
}

/** An answer given before the body arrived keeps the connection only if no more than this is left to throw away. */
const MAX_DISCARD_BYTES = 1024 * 1024;

/** How long a client that is still sending gets to read its early answer before the connection closes. */
const LINGER_MS = 2_000;

/** The reply half of door 1: a thin layer over node's response. */
export class NodeReply implements Reply {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #requestId: string;
  readonly #state: DrainState;
  #drain: (() => void) | undefined;
  #ended = false;
  #linger = false;

  constructor(request: IncomingMessage, response: ServerResponse, requestId: string, state: DrainState) {
    this.#request = request;
    this.#response = response;
    this.#requestId = requestId;
    this.#state = state;
  }

  get peer(): string | undefined {
    // Of a connection that is gone already there is no address, and that must not look like this process.
    return this.#request.socket.remoteAddress ?? 'unknown';
  }

  get headSent(): boolean {
    return this.#response.headersSent;
  }

  get closed(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished;
  }

  head(status: number, headers: Record<string, string>): void {
    const list = completeHeaders(headers, this.#requestId, this.#request.headers.origin !== undefined);
    this.#linger = !this.#request.complete && !isSmall(this.#request);
    if (this.#linger || this.#state.draining) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, list);
  }

  write(chunk: Buffer | string): boolean {
    // True also when the client is gone: nobody must wait for a drain that cannot come.
    if (this.#ended || this.#response.destroyed) return true;
    return this.#response.write(chunk);
  }

  keepAlive(text: string): void {
    this.write(text);
  }

  end(chunk?: Buffer | string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#linger) linger(this.#request, this.#response, chunk);
    else this.#response.end(chunk);
  }

  destroy(): void {
    this.#ended = true;
    this.#response.destroy();
  }

  onDrain(listener: () => void): void {
    if (this.#drain === undefined) this.#response.on('drain', () => this.#drain?.());
    this.#drain = listener;
  }

  onClose(listener: () => void): void {
    if (this.closed) {
      queueMicrotask(listener);
      return;
    }
    this.#response.once('close', () => {
      if (this.closed) listener();
    });
  }
}

function isSmall(request: IncomingMessage): boolean {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  return encoding === undefined && (declaredLength(length) ?? 0) <= MAX_DISCARD_BYTES;
}

/**
 * Writes the whole answer at once but holds the connection open a little, throwing away what still comes in: closing
 * with unread bytes makes the kernel send a reset, and the client would lose the answer.
 */
function linger(request: IncomingMessage, response: ServerResponse, chunk: Buffer | string | undefined): void {
  if (chunk !== undefined) response.write(chunk);
  else response.flushHeaders();
  const close = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(close, LINGER_MS);
  request.once('end', close);
  request.once('close', close);
  request.resume();
}

/** The body half of door 1. */
export class NodeBody implements BodySource {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  read(limitBytes: number, receive: BodyReceiver): void {
    const request = this.#request;
    if ((declaredLength(request.headers['content-length']) ?? 0) > limitBytes) {
      receive(bodyTooLarge(limitBytes), emptyBody);
      return;
    }
    const reader = new BodyReader(limitBytes, receive);
    request.on('data', (chunk: Buffer) => reader.data(chunk));
    request.on('end', () => reader.end());
    request.on('error', (cause) => reader.fail(new ProxyError('client_closed', 'the client left', { cause })));
  }
}

/** Collects chunks up to a limit; most bodies are one chunk and are never copied. */
class BodyReader {
  readonly #limitBytes: number;
  readonly #receive: BodyReceiver;
  #chunks: Buffer[] = [];
  #size = 0;
  #done = false;

  constructor(limitBytes: number, receive: BodyReceiver) {
    this.#limitBytes = limitBytes;
    this.#receive = receive;
  }

  data(chunk: Buffer): void {
    if (this.#done) return;
    this.#size += chunk.length;
    if (this.#size > this.#limitBytes) this.fail(bodyTooLarge(this.#limitBytes));
    else this.#chunks.push(chunk);
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    const [first = emptyBody] = this.#chunks;
    this.#receive(undefined, this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#size) : first);
  }

  fail(error: ProxyError): void {
    if (this.#done) return;
    this.#done = true;
    this.#chunks = [];
    this.#receive(error, emptyBody);
  }
}
