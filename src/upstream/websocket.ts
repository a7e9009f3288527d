import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { openSocket } from './tunnel.ts';

/** How a WebSocket is opened. */
export interface WebSocketTarget {
  /** `https:` or `http:` URL; the scheme becomes `wss:` or `ws:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: direct. */
  readonly proxyUrl: string | undefined;
  readonly connectTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
}

/** An upstream that answered the handshake with something else. */
export interface Refused {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What a handshake came to. */
export type Handshake =
  | { readonly socket: WebSocket; readonly headers: IncomingMessage['headers'] }
  | { readonly refused: Refused };

const MAX_REFUSAL_BYTES = 1024 * 1024;

/** Opens a WebSocket. Rejects when the upstream cannot be reached; a refusal is an answer. */
export async function openWebSocket(target: WebSocketTarget): Promise<Handshake> {
  const [{ WebSocket }, connection] = await Promise.all([
    import('ws'),
    openSocket(target.url, target.proxyUrl, target.connectTimeoutMs),
  ]);
  const address = new URL(target.url);
  address.protocol = target.url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address, {
    headers: { ...target.headers },
    handshakeTimeout: target.handshakeTimeoutMs,
    perMessageDeflate: true,
    maxPayload: 0,
    createConnection: () => connection,
  });
  return new Promise((resolve, reject) => {
    let headers: IncomingMessage['headers'] = {};
    socket.once('upgrade', (response) => {
      headers = response.headers;
    });
    socket.once('open', () => {
      socket.off('error', reject);
      resolve({ socket, headers });
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      readRefusal(response).then((refused) => {
        resolve({ refused });
        connection.destroy();
      }, reject);
    });
  });
}

async function readRefusal(response: IncomingMessage): Promise<Refused> {
  const { statusCode: status = 502, headers } = response;
  // No refusal at all, but maybe a page or a stream without an end.
  if (status < 300) return { status, headers, body: Buffer.alloc(0) };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_REFUSAL_BYTES) break;
  }
  return { status, headers, body: Buffer.concat(chunks) };
}
