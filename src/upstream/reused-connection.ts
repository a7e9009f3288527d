import type { buildConnector as BuildConnector } from 'undici';
import { buildConnector } from './undici.ts';

type ConnectorOptions = NonNullable<Parameters<typeof BuildConnector>[0]>;

const LOST: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Errors of sockets that had brought an answer before; undici passes the system's errors on without their socket. */
const afterAnswers = new WeakSet<Error>();

/** undici's own connector; makes {@link brokeWhileReused} work for errors that come from the system. */
export function createConnector(options: ConnectorOptions): ReturnType<typeof BuildConnector> {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...result) => {
      const [, socket] = result;
      // Ahead of undici's own listeners, which end the call with this error.
      socket?.prependListener('error', (error) => {
        if (socket.bytesRead > 0) afterAnswers.add(error);
      });
      callback(...result);
    });
}

/**
 * Whether a call that got no answer failed because its connection, kept from an earlier call, was just being closed:
 * the server's idle time was over. Says nothing about the server's health, and the server did not read the call.
 */
export function brokeWhileReused(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && LOST.has(error.code))) return false;
  return afterAnswers.has(error) || ('socket' in error && hasRead(error.socket));
}

function hasRead(socket: unknown): boolean {
  return typeof socket === 'object' && socket !== null && 'bytesRead' in socket && Number(socket.bytesRead) > 0;
}
