import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ProxyError } from '../../errors.ts';

const { createServer } = process.getBuiltinModule('node:http');

/** Where a provider sends browsers, and where they are to go from there. */
export interface ForwardedCallback {
  readonly port: number;
  readonly path: string;
  /** The page of ours, without query. */
  readonly target: string;
}

/** Listeners on the ports to which providers send browsers back. */
export interface Forwarders {
  /** Listens until everybody who asked for this port has released it. Throws ProxyError `invalid_request`. */
  hold(callback: ForwardedCallback, holder: string): Promise<void>;
  release(holder: string): void;
  close(): void;
}

interface Forwarder {
  readonly callback: ForwardedCallback;
  readonly holders: Set<string>;
  readonly listening: Promise<readonly Server[]>;
}

/** `hosts`: the addresses to listen at. No port is open yet. */
export function createForwarders(hosts: () => readonly string[]): Forwarders {
  const open = new Map<number, Forwarder>();

  function drop(port: number, { listening }: Forwarder): void {
    open.delete(port);
    void listening.then(
      (servers) => {
        for (const server of servers) closeServer(server);
      },
      () => undefined,
    );
  }

  return {
    async hold(callback, holder) {
      const { port } = callback;
      const known = open.get(port) ?? { callback, holders: new Set(), listening: listen(callback, hosts()) };
      if (known.callback.path !== callback.path || known.callback.target !== callback.target) {
        throw new ProxyError('invalid_request', `the callback port ${port} is in use by a login to another provider`);
      }
      known.holders.add(holder);
      open.set(port, known);
      try {
        await known.listening;
      } catch (cause) {
        if (open.get(port) === known) open.delete(port);
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ProxyError(
          'invalid_request',
          `the callback port ${port} cannot be opened (${why}): end what uses it, or paste the address that the browser is sent to`,
          { cause },
        );
      }
    },
    release(holder) {
      for (const [port, forwarder] of open) {
        forwarder.holders.delete(holder);
        if (forwarder.holders.size === 0) drop(port, forwarder);
      }
    },
    close() {
      for (const [port, forwarder] of open) drop(port, forwarder);
    },
  };
}

/** All addresses that the machine has; the first must work. */
async function listen(callback: ForwardedCallback, hosts: readonly string[]): Promise<readonly Server[]> {
  const servers: Server[] = [];
  for (const host of hosts) {
    try {
      servers.push(await listenAt(callback, host));
    } catch (error) {
      if (servers.length === 0) throw error;
    }
  }
  return servers;
}

function listenAt(callback: ForwardedCallback, host: string): Promise<Server> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) =>
    forward(callback, request, response),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: callback.port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', reject);
      server.unref();
      resolve(server);
    });
  });
}

const FORWARDED = ['code', 'state', 'error', 'error_description'];

/** Leads to our own page and nowhere else, with no more than an answer to a login has. */
function forward({ path, target }: ForwardedCallback, request: IncomingMessage, response: ServerResponse): void {
  const [asked, search = ''] = (request.url ?? '').split('?', 2);
  request.resume();
  response.setHeader('connection', 'close');
  if (asked !== path || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    return;
  }
  const given = new URLSearchParams(search);
  const query = new URLSearchParams();
  for (const name of FORWARDED) {
    const value = given.get(name);
    if (value !== null) query.set(name, value);
  }
  response.writeHead(302, { location: `${target}?${query}`, 'cache-control': 'no-store' }).end();
}

/** The last browser may still be reading its answer. */
function closeServer(server: Server): void {
  server.close();
  server.closeIdleConnections();
}
