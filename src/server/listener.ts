import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import type { Duplex } from 'node:stream';

// Not an `import`: that reads every export of node:http, and some of them (WebSocket, ...) load node's whole fetch when
// they are read. 16 MB and 90 ms of every start (measured on Node 26).
const { createServer } = process.getBuiltinModule('node:http');

/** Where a listener can be reached. */
export interface Address {
  readonly port: number;
  /** `http://host:port` */
  readonly url: string;
}

/** A set of listening sockets on one port that answers as one server. */
export interface Listener {
  /** Empty host: every interface. Rejects with the system's error (`EADDRINUSE`, `EACCES`, ...). */
  listen(host: string, port: number): Promise<Address>;
  /** Accepts nothing new, lets answers under way finish for up to `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Settings of a listener. */
export interface ListenerOptions {
  readonly onRequest: RequestListener;
  /** How many sockets share the port; the default suits the platform. */
  readonly sockets?: number;
  /** Called when closing begins, before any socket closes. */
  onDrain?(): void;
  /** Takes the connections of requests that it accepts out of HTTP; closing waits for them to end. */
  readonly upgrades?: UpgradeTaker;
}

/** Another protocol that starts with an HTTP request. */
export interface UpgradeTaker {
  /** Whether a request with an `Upgrade` header is one; all others are answered as plain requests. */
  accepts(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The time to end is over. */
  cut(): void;
}

/**
 * Node accepts one connection per listening socket and turn of its loop: a busy loop starves new clients. Sixteen
 * sockets on one port cut the wait of a cold burst to a fifth (design, "Cold bursts"). Only Linux spreads
 * connections over them.
 */
const DEFAULT_SOCKETS = process.platform === 'linux' ? 16 : 1;

const BACKLOG = 4096;

/** With port 0, how often another process may take the probed port before we give up. */
const EPHEMERAL_TRIES = 3;

/** How often closing looks for connections that became idle. */
const SWEEP_MS = 50;

const serverOptions: ServerOptions = {
  noDelay: true,
  // Longer than the 60 s that load balancers and clients keep a connection, so that they close first.
  keepAliveTimeout: 75_000,
  // Against clients that drip: 30 s for the head, ten minutes for a body of many megabytes over a slow line.
  headersTimeout: 30_000,
  requestTimeout: 600_000,
  maxHeaderSize: 64 * 1024,
};

/** Creates a listener; it opens nothing before `listen`. */
export function createListener(options: ListenerOptions): Listener {
  const count = options.sockets ?? DEFAULT_SOCKETS;
  const connections = new Set<Socket>();
  let servers: readonly Server[] = [];

  async function bind(host: string, port: number): Promise<number> {
    if (count === 1) {
      servers = [newServer(options, connections)];
      return open(servers[0], host, port, false);
    }
    // With reusePort a second llmproxy would silently share the port with the first. Binding without it fails as it
    // should; the moment between this and the real sockets is a risk that only port 0 could notice.
    const free = await probe(host, port);
    servers = Array.from({ length: count }, () => newServer(options, connections));
    for (const server of servers) await open(server, host, free, true);
    return free;
  }

  return {
    async listen(host, port) {
      for (let attempt = 1; ; attempt++) {
        try {
          const bound = await bind(host, port);
          return addressOf(host === '' ? everywhere(servers[0]) : host, bound);
        } catch (error) {
          for (const server of servers) server.close();
          servers = [];
          if (port !== 0 || attempt === EPHEMERAL_TRIES || !isInUse(error)) throw error;
        }
      }
    },
    async close(graceMs) {
      options.onDrain?.();
      const closed = Promise.all(servers.map(closeServer));
      // Opened ahead of need and never used: node counts them as busy.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
      const sweep = setInterval(() => each(servers, (server) => server.closeIdleConnections()), SWEEP_MS);
      const deadline = setTimeout(() => {
        each(servers, (server) => server.closeAllConnections());
        options.upgrades?.cut();
      }, graceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
    },
  };
}

function newServer({ onRequest, upgrades }: ListenerOptions, connections: Set<Socket>): Server {
  const server = createServer(
    // Some clients offer to upgrade every request to HTTP/2; those go on in HTTP/1.1.
    upgrades === undefined ? serverOptions : { ...serverOptions, shouldUpgradeCallback: upgrades.accepts },
    onRequest,
  );
  if (upgrades !== undefined) server.on('upgrade', upgrades.upgrade);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return server;
}

function open(server: NetServer | undefined, host: string, port: number, reusePort: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    if (server === undefined) throw new Error('no server to open');
    server.once('error', reject);
    // Without a host, node falls back to IPv4 where the machine has no IPv6.
    const where = host === '' ? { port } : { host, port };
    server.listen({ ...where, reusePort, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve(portOf(server.address(), port));
    });
  });
}

async function probe(host: string, port: number): Promise<number> {
  const server = createNetServer((socket) => socket.destroy());
  const free = await open(server, host, port, false);
  await closeServer(server);
  return free;
}

function closeServer(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function portOf(address: AddressInfo | string | null, asked: number): number {
  return address === null || typeof address === 'string' ? asked : address.port;
}

/** `::` or, without IPv6, `0.0.0.0`. */
function everywhere(server: Server | undefined): string {
  const address = server?.address() ?? null;
  return address === null || typeof address === 'string' ? '::' : address.address;
}

function addressOf(host: string, port: number): Address {
  return { port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function each<T>(list: readonly T[], run: (item: T) => void): void {
  for (const item of list) run(item);
}
