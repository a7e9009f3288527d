import { createRequire } from 'node:module';
import type {
  buildConnector as BuildConnector,
  Dispatcher as DispatcherClass,
  Pool as PoolClass,
  ProxyAgent as ProxyAgentClass,
} from 'undici';

// The package's main entry also loads its fetch, web sockets, caches and mocks: memory and time of every start for
// what nothing here uses. The version is pinned, and a test compares these classes with those of the main entry.
const load = createRequire(import.meta.url);

/** undici's pool of connections to one origin. */
export const Pool: typeof PoolClass = load('undici/lib/dispatcher/pool.js');

/** undici's dispatcher through an HTTP proxy. */
export const ProxyAgent: typeof ProxyAgentClass = load('undici/lib/dispatcher/proxy-agent.js');

/** How undici opens a socket, with or without TLS. */
export const buildConnector: typeof BuildConnector = load('undici/lib/core/connect.js');

// The main entry gives every dispatcher the methods of its folder `api`; the tunnel of ProxyAgent needs this one.
const Dispatcher: typeof DispatcherClass = load('undici/lib/dispatcher/dispatcher.js');
Dispatcher.prototype.connect ??= load('undici/lib/api/api-connect.js');
