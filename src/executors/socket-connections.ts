import type { WebSocket } from 'ws';
import type { CallSession, SocketCall, UpstreamCall } from './executor.ts';

/** An upstream WebSocket of one client session; it carries one request at a time. */
export interface KeptConnection {
  /** Same key: same credential, same URL, same secret. */
  readonly key: string;
  readonly socket: WebSocket;
  busy: boolean;
  /** The response that the upstream still has in mind. */
  lastResponseId: string | undefined;
  idleTimer: ReturnType<typeof setTimeout> | undefined;
}

interface Kept {
  readonly connections: Set<KeptConnection>;
  /** Keys of upstreams that take no WebSockets after all. */
  readonly httpOnly: Set<string>;
}

const IDLE_MS = 300_000;

/** The upstream connections of all client sessions. */
export class SocketConnections {
  readonly #sessions = new WeakMap<CallSession, Kept>();

  /** A free connection for a call, if there is one; the one that knows the call's previous response first. */
  take(call: UpstreamCall, { session, increment, credentialId }: SocketCall): KeptConnection | undefined {
    const key = keyOf(call, credentialId);
    const free = [...this.#of(session).connections].filter((each) => !each.busy && each.key === key && isOpen(each));
    const known = increment?.previousResponseId;
    const found = free.find((each) => known !== undefined && each.lastResponseId === known) ?? free[0];
    if (found === undefined) return undefined;
    found.busy = true;
    clearTimeout(found.idleTimer);
    return found;
  }

  /** Keeps a new connection, in use. */
  add(call: UpstreamCall, { session, credentialId }: SocketCall, socket: WebSocket): KeptConnection {
    const key = keyOf(call, credentialId);
    const connection: KeptConnection = { key, socket, busy: true, lastResponseId: undefined, idleTimer: undefined };
    const { connections } = this.#of(session);
    connections.add(connection);
    socket.once('close', () => {
      clearTimeout(connection.idleTimer);
      connections.delete(connection);
    });
    // Whoever uses the connection hears of its end; nobody else has to.
    socket.on('error', () => {});
    return connection;
  }

  /** The call is over; the connection waits for the next one. */
  free(connection: KeptConnection, responseId: string | undefined): void {
    connection.busy = false;
    connection.lastResponseId = responseId;
    connection.idleTimer = setTimeout(() => connection.socket.close(1000), IDLE_MS);
    connection.idleTimer.unref();
  }

  isHttpOnly(call: UpstreamCall, { session, credentialId }: SocketCall): boolean {
    return this.#of(session).httpOnly.has(keyOf(call, credentialId));
  }

  setHttpOnly(call: UpstreamCall, { session, credentialId }: SocketCall): void {
    this.#of(session).httpOnly.add(keyOf(call, credentialId));
  }

  #of(session: CallSession): Kept {
    let kept = this.#sessions.get(session);
    if (kept === undefined) {
      const connections = new Set<KeptConnection>();
      kept = { connections, httpOnly: new Set() };
      this.#sessions.set(session, kept);
      // Under other network settings the session may have connections already.
      const { release } = session;
      session.release = () => {
        release?.();
        for (const { socket } of connections) socket.terminate();
      };
    }
    return kept;
  }
}

function keyOf({ origin, path, headers }: UpstreamCall, credentialId: string): string {
  return [credentialId, origin, path, headers['authorization'] ?? ''].join('\n');
}

function isOpen({ socket }: KeptConnection): boolean {
  return socket.readyState === socket.OPEN;
}
