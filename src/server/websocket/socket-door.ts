import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { AccessManager } from '../../access/manager.ts';
import { ProxyError, toProxyError } from '../../errors.ts';
import { REQUEST_ID_HEADER } from '../../pipeline/reply-headers.ts';
import { completeHeaders } from '../reply-headers.ts';
import { RequestHead } from '../request-head.ts';
import { isResponsesSocket } from '../router.ts';
import { ClientSocket } from './client-socket.ts';
import { ResponsesSession, type SessionOptions } from './session.ts';

// Not an `import`: that would load all of node's fetch (see listener.ts).
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** What the door needs besides what its sessions need. */
export interface SocketDoorOptions extends SessionOptions {
  readonly access: Pick<AccessManager, 'authenticate'>;
}

/** Door 3: WebSockets of the Responses API. */
export interface SocketDoor {
  /** Whether a request that wants to upgrade is one for this door; all others are plain requests. */
  accepts(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes nobody new; open connections close when what they do has ended. */
  drain(): void;
  /** Closes what is still open. */
  cut(): void;
}

/** Close code "service restart" of the IANA registry: connect again. */
const SERVICE_RESTART = 1012;

/** The header that a server gives a client back: Codex sends it with each connection of one turn. */
const ECHOED_HEADER = 'x-codex-turn-state';

/** Browsers can put a key nowhere else than into a subprotocol; it must not be sent back. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

/** Creates the door; nothing of the `ws` package is loaded before the first client comes. */
export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
  const open = new Map<ClientSocket, ResponsesSession>();
  let server: Promise<WebSocketServer> | undefined;
  let draining = false;

  function start(socket: WebSocket, connection: Duplex, head: RequestHead, principal: string | undefined): void {
    const client = new ClientSocket(socket, connection);
    const session = new ResponsesSession(options, { headers: head.headers, principal }, client);
    open.set(client, session);
    socket.on('message', (data, isBinary) => session.receive(bytesOf(data), isBinary));
    // A frame over the limit, wrong UTF-8, ...: ws closes the connection itself, with the code that says so.
    socket.on('error', (error) => options.logger.debug({ error }, 'a WebSocket client broke the protocol'));
    socket.once('close', () => {
      open.delete(client);
      session.closed();
    });
    if (draining) session.drain();
  }

  async function accept(request: IncomingMessage, socket: Duplex, first: Buffer): Promise<void> {
    const head = new RequestHead(request.method ?? 'GET', request.url ?? '/', request.headers, options.newRequestId());
    const decision = await options.access.authenticate(head);
    const refusal = draining ? new ProxyError('shutting_down', 'llmproxy is shutting down') : decision;
    if (refusal instanceof ProxyError) {
      refuse(options, request, socket, head, refusal);
      return;
    }
    server ??= loadServer(options.bodyLimitBytes);
    (await server).handleUpgrade(request, socket, first, (client) => start(client, socket, head, refusal.principal));
  }

  return {
    accepts: (request) =>
      request.headers.upgrade?.toLowerCase() === 'websocket' &&
      request.method === 'GET' &&
      isResponsesSocket(request.url ?? '/'),
    upgrade(request, socket, first) {
      const ignore = (): void => {};
      socket.on('error', ignore);
      accept(request, socket, first).catch((thrown) => {
        const error = toProxyError(thrown);
        options.logger.error({ error: error.cause ?? error }, error.message);
        socket.destroy();
      });
    },
    drain() {
      draining = true;
      for (const session of open.values()) session.drain();
    },
    cut() {
      for (const client of open.keys()) client.close(SERVICE_RESTART, 'llmproxy is shutting down');
    },
  };
}

async function loadServer(maxPayload: number): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    noServer: true,
    maxPayload,
    // Without context takeover: a compressor per connection would cost 300 KB of memory each.
    perMessageDeflate: { threshold: 4096, serverNoContextTakeover: true, zlibDeflateOptions: { level: 1 } },
    handleProtocols: (offered) => [...offered].find((name) => !name.startsWith(KEY_PROTOCOL)) ?? false,
  });
  server.on('headers', (headers: string[], request: IncomingMessage) => {
    const value = request.headers[ECHOED_HEADER];
    if (typeof value === 'string') headers.push(`${ECHOED_HEADER}: ${value}`);
  });
  return server;
}

function refuse(
  options: SocketDoorOptions,
  request: IncomingMessage,
  socket: Duplex,
  head: RequestHead,
  error: ProxyError,
): void {
  options.logger.debug({ requestId: head.requestId, code: error.code, status: error.status }, error.message);
  const body = JSON.stringify(options.codec.encodeError(error));
  const headers = {
    [REQUEST_ID_HEADER]: head.requestId,
    connection: 'close',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
  const list = completeHeaders(headers, head.requestId, request.headers.origin !== undefined);
  const lines = list.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${list[index + 1] ?? ''}`] : []));
  socket.end([`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`, ...lines, '', body].join('\r\n'));
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
