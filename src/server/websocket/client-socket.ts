import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { SessionSocket } from './session.ts';

/** A client that lets more than this lie is waited for. */
const HIGH_BYTES = 1024 * 1024;
const LOW_BYTES = 256 * 1024;

/** Keeps proxies between from taking a quiet connection for a dead one; two unanswered pings mean it is dead. */
const PING_MS = 30_000;

/** How long the client gets to answer a close before the connection is cut. */
const CLOSE_MS = 2_000;

/** A client's WebSocket: frames out with back-pressure, pings, and an end within bounded time. */
export class ClientSocket implements SessionSocket {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #pings: ReturnType<typeof setInterval>;
  #unanswered = 0;
  #drained: (() => void)[] = [];

  /** `connection`: what the frames of the socket go through. */
  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket;
    this.#connection = connection;
    this.#pings = setInterval(() => this.#ping(), PING_MS);
    this.#pings.unref();
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    socket.once('close', () => clearInterval(this.#pings));
  }

  get closed(): boolean {
    return this.#socket.readyState !== this.#socket.OPEN;
  }

  send(frame: string): boolean {
    if (this.closed) return true;
    this.#socket.send(frame, () => this.#sent());
    return this.#socket.bufferedAmount < HIGH_BYTES;
  }

  together(work: () => void): void {
    // A system call for every frame would take longer than all the rest.
    this.#connection.cork();
    try {
      work();
    } finally {
      this.#connection.uncork();
    }
  }

  onceDrained(listener: () => void): void {
    this.#drained.push(listener);
  }

  close(code: number, reason: string): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_MS).unref();
  }

  #sent(): void {
    if (this.#drained.length === 0 || this.#socket.bufferedAmount > LOW_BYTES) return;
    const listeners = this.#drained;
    this.#drained = [];
    for (const listener of listeners) listener();
  }

  #ping(): void {
    if (this.#unanswered >= 2) {
      this.#socket.terminate();
      return;
    }
    this.#unanswered++;
    if (!this.closed) this.#socket.ping();
  }
}
