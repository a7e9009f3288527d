/** An internet in which simulated vendors live under their own names, and nobody else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect as connectSocket, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type buildConnector, fetch as platformFetch } from 'undici';
import { makeSelfSigned } from '../self-signed.ts';
import type { Vendor, VendorRequest } from './vendor.ts';

/** What tests and processes see of it. */
export interface Internet {
  /** For code in this process: the vendors answer for their hosts, this machine for its own names. */
  readonly fetch: typeof fetch;
  /** `http://127.0.0.1:PORT`: takes CONNECT and ends TLS with a certificate of {@link caFile}. */
  readonly proxyUrl: string;
  /** PEM; what processes have to trust. */
  readonly caFile: string;
  /** For processes: the proxy, the certificate, and the way past the proxy to this machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Hosts asked for that nobody plays. */
  readonly strangers: readonly string[];
  /** What handlers of vendors threw: a fault of the test, not of the product. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Whether a host is one of a vendor's; a leading `*.` stands for one label. */
function plays(vendor: Vendor, host: string): boolean {
  return vendor.hosts.some(
    (known) => known === host || (known.startsWith('*.') && host.slice(host.indexOf('.') + 1) === known.slice(2)),
  );
}

/** Starts one with these vendors in it. */
export async function startInternet(...vendors: readonly Vendor[]): Promise<Internet> {
  const strangers: string[] = [];
  const faults: string[] = [];
  const find = (host: string): Vendor | undefined => vendors.find((vendor) => plays(vendor, host));

  const answer: RequestListener = (request, reply) => {
    void serve(request, reply).catch((error: unknown) => {
      faults.push(`${request.method} ${request.headers.host}${request.url}: ${String(error)}`);
      if (reply.headersSent) reply.destroy();
      else reply.writeHead(500).end();
    });
  };
  async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const seen = await read(request);
    const vendor = find(seen.host);
    if (vendor === undefined) {
      strangers.push(seen.host);
      return void reply.writeHead(502).end();
    }
    await vendor.handle(seen, reply);
  }
  const upgrade = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    const vendor = find(hostOf(request));
    socket.on('error', () => {});
    if (vendor?.upgrade === undefined) socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    else vendor.upgrade(request, socket, head);
  };

  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-internet-'));
  const identity = makeSelfSigned([...new Set(vendors.flatMap(({ hosts }) => hosts))]);
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, identity.cert);
  const secure = createTlsServer({ ...identity, ALPNProtocols: ['http/1.1'] }, answer).on('upgrade', upgrade);
  const plain = createServer(answer).on('upgrade', upgrade);
  const proxy = createServer((request, reply) => {
    strangers.push(`${request.url} without TLS`);
    reply.writeHead(502).end();
  });
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    socket.on('error', () => {});
    const [host = '', port] = (request.url ?? '').split(':');
    if (port !== '443' || find(host) === undefined) {
      strangers.push(port === '443' ? host : (request.url ?? ''));
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    secure.emit('connection', socket);
  });
  const closePlain = await listen(plain);
  const closeProxy = await listen(proxy);

  const connect: buildConnector.connector = (target, callback) => {
    const own = isLoopback(target.hostname);
    if (!own && find(target.hostname) === undefined) {
      strangers.push(target.hostname);
      return callback(new Error(`nobody plays ${target.hostname}`), null);
    }
    const port = own ? Number(target.port) : portOf(plain);
    const socket = connectSocket({ host: '127.0.0.1', port });
    socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
  };
  const agent = new Agent({ connect, allowH2: false });
  const proxyUrl = `http://127.0.0.1:${portOf(proxy)}`;
  return {
    fetch: async (input, init) => {
      const request = input instanceof Request ? new Request(input, init) : undefined;
      const words = request === undefined ? init : { ...plainInit(request), body: await bodyOf(request) };
      // cast: undici's own types and those of the platform describe the same fetch.
      const send = platformFetch as unknown as (url: string, init: unknown) => Promise<Response>;
      return send(request?.url ?? String(input), { ...words, dispatcher: agent });
    },
    proxyUrl,
    caFile,
    env: {
      HTTPS_PROXY: proxyUrl,
      https_proxy: proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: caFile,
    },
    strangers,
    faults,
    async close() {
      await agent.destroy();
      await Promise.all([closePlain(), closeProxy()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function read(request: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const host = hostOf(request);
  const url = new URL(request.url ?? '/', `https://${host}`);
  return {
    method: request.method ?? 'GET',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    form: () => new URLSearchParams(body.toString('utf8')),
    json: () => parseObject(body.toString('utf8')),
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1';
}

function plainInit({ method, headers, redirect, signal }: Request): RequestInit {
  return { method, headers: [...headers], redirect, signal };
}

async function bodyOf(request: Request): Promise<Uint8Array | null> {
  return request.body === null ? null : new Uint8Array(await request.arrayBuffer());
}

function portOf(server: NetServer): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Resolves with what ends the server and every connection of it. */
async function listen(server: Server): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  };
}
