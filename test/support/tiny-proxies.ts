/** The two kinds of forward proxy, as small as they can be. Both know `*.test` as this machine and record what passes. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  request as send,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { SelfSigned } from './self-signed.ts';

/** One connection that a proxy was asked for. */
export interface Tunnel {
  /** `host:port` as the client named it. */
  readonly target: string;
  /** `user:password` as presented. */
  readonly login: string | undefined;
  /** Bytes from client to upstream. */
  readonly sent: Buffer[];
}

/** A running forward proxy. */
export interface TinyProxy {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Connections that clients hold at this moment. */
  held(): number;
  /** Every connection asked for, refused ones too. */
  readonly tunnels: Tunnel[];
  close(): Promise<void>;
}

/** How a proxy behaves. */
export interface TinyProxyOptions {
  /** `user:password` that clients must present. */
  readonly login?: string;
  /** Never answers a request for a connection. */
  readonly stuck?: boolean;
  /** An HTTP proxy speaks TLS with its clients. */
  readonly identity?: SelfSigned;
  /** The address that its own connections come from: one of 127.0.0.0/8. */
  readonly from?: string;
}

/** An HTTP proxy: CONNECT and, for upstreams without TLS, forwarding. */
export async function startHttpProxy({
  login,
  stuck = false,
  identity,
  from,
}: TinyProxyOptions = {}): Promise<TinyProxy> {
  const tunnels: Tunnel[] = [];
  const presented = (header: string | undefined): string | undefined =>
    header === undefined ? undefined : Buffer.from(header.replace(/^Basic /, ''), 'base64').toString('utf8');
  const listener: RequestListener = (request, response) => {
    const given = presented(request.headers['proxy-authorization']);
    tunnels.push({ target: request.url ?? '', login: given, sent: [] });
    if (stuck) return;
    if (given === login) forward(request, response, from);
    else response.writeHead(407).end();
  };
  const server = identity === undefined ? createHttpServer(listener) : createTlsServer(identity, listener);
  server.on('connect', (request, socket: Socket) => {
    const given = presented(request.headers['proxy-authorization']);
    const tunnel = open(tunnels, request.url ?? '', given, socket);
    if (stuck) return;
    if (given !== login) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    join(tunnel, socket, 'HTTP/1.1 200 Connection established\r\n\r\n', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', from);
  });
  return listen(server, tunnels);
}

/** A SOCKS5 proxy (RFC 1928): no authentication or user and password (RFC 1929). */
export async function startSocksProxy({ login, stuck = false, from }: TinyProxyOptions = {}): Promise<TinyProxy> {
  const tunnels: Tunnel[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    void negotiate(socket).catch(() => socket.destroy());
  });

  async function negotiate(socket: Socket): Promise<void> {
    const greeting = await read(socket);
    const method = login === undefined ? 0 : 2;
    if (!greeting.subarray(2).includes(method)) return void socket.end(Buffer.of(5, 0xff));
    socket.write(Buffer.of(5, method));
    const given = method === 0 ? undefined : parseLogin(await read(socket));
    if (given !== login) {
      tunnels.push({ target: '', login: given, sent: [] });
      return void socket.end(Buffer.of(1, 1));
    }
    if (method === 2) socket.write(Buffer.of(1, 0));
    const tunnel = open(tunnels, parseTarget(await read(socket)), given, socket);
    if (stuck) return;
    const reply = (code: number): Buffer => Buffer.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0);
    join(tunnel, socket, reply(0), reply(5), from);
  }

  return listen(server, tunnels);
}

function forward(request: IncomingMessage, response: ServerResponse, from: string | undefined): void {
  const { 'proxy-authorization': _login, ...headers } = request.headers;
  const url = new URL(request.url ?? '');
  if (url.hostname.endsWith('.test')) url.hostname = '127.0.0.1';
  const local = from === undefined ? {} : { localAddress: from };
  const onward = send(url, { method: request.method ?? 'GET', headers, ...local }, (answer) =>
    answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
  );
  request.pipe(onward.on('error', () => response.destroy()));
  response.on('close', () => onward.destroy());
}

/** The next piece; the client sends each message of the handshake only after the answer to the last. */
function read(socket: Socket): Promise<Buffer> {
  return new Promise((done, reject) => {
    socket.once('data', done).once('close', () => reject(new Error('the client left')));
  });
}

function parseLogin(message: Buffer): string {
  const userEnd = 2 + (message[1] ?? 0);
  return `${message.subarray(2, userEnd)}:${message.subarray(userEnd + 1)}`;
}

function parseTarget(message: Buffer): string {
  const named = message[3] === 3;
  const host = named ? message.subarray(5, 5 + (message[4] ?? 0)).toString() : message.subarray(4, 8).join('.');
  return `${host}:${message.readUInt16BE(message.length - 2)}`;
}

function open(tunnels: Tunnel[], target: string, login: string | undefined, socket: Socket): Tunnel {
  const tunnel: Tunnel = { target, login, sent: [] };
  tunnels.push(tunnel);
  socket.on('error', () => {});
  return tunnel;
}

function join(
  tunnel: Tunnel,
  client: Socket,
  opened: Buffer | string,
  refused: Buffer | string,
  from: string | undefined,
): void {
  const url = new URL(`tcp://${tunnel.target}`);
  const host = url.hostname.endsWith('.test') ? '127.0.0.1' : url.hostname;
  const local = from === undefined ? {} : { localAddress: from };
  const upstream = connect({ port: Number(url.port), host, ...local });
  upstream.once('connect', () => {
    client.write(opened);
    client.on('data', (chunk: Buffer) => tunnel.sent.push(chunk));
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.end(refused)).once('close', () => client.destroySoon());
  client.once('close', () => upstream.destroy());
}

async function listen(server: Server, tunnels: Tunnel[]): Promise<TinyProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    held: () => sockets.size,
    tunnels,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
