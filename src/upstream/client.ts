import type { Dispatcher } from 'undici';
import { connectThrough, type ProxiedSettings } from './proxied.ts';
import { type Environment, proxyFromEnvironment } from './proxy-environment.ts';
import { createConnector } from './reused-connection.ts';
import { Pool } from './undici.ts';

/** How connections to upstreams are made and kept. */
export interface DispatcherOptions {
  /** The proxy for calls that name none; `direct` for none at all. Absent: the environment decides. */
  readonly proxyUrl?: string;
  /** Where HTTP(S)_PROXY and NO_PROXY are read from. */
  readonly environment?: Environment;
  readonly connections?: number;
  readonly keepAliveTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/** undici dispatchers, one per (origin, proxy). */
export interface Dispatchers {
  /** A promise only for the first call through a SOCKS proxy. Throws TypeError for a proxy URL nobody understands. */
  get(origin: string, proxyUrl: string | undefined): Dispatcher | Promise<Dispatcher>;
  /**
   * A dispatcher without any connection yet, for one call; whoever takes it closes it. Undefined through a proxy, whose
   * connections are not ours to judge.
   */
  fresh(origin: string, proxyUrl: string | undefined): Dispatcher | undefined;
  /** The proxy that calls to an origin take: the named one, the configured one, or the environment's. */
  proxyFor(origin: string, proxyUrl: string | undefined): string | undefined;
  /** Waits for calls under way, then closes all connections. */
  close(): Promise<void>;
  /** Cuts all connections. */
  destroy(): Promise<void>;
}

const DIRECT = 'direct';

/** Creates an empty set of dispatchers. */
export function createDispatchers(options: DispatcherOptions = {}): Dispatchers {
  /** Outer key: the proxy the caller names; a chain of two lookups is cheaper than building one key. */
  const byProxy = new Map<string | undefined, Map<string, Dispatcher | Promise<Dispatcher>>>();

  function proxyFor(origin: string, named: string | undefined): string | undefined {
    const proxyUrl = named ?? options.proxyUrl ?? proxyFromEnvironment(origin, options.environment ?? {});
    return proxyUrl === DIRECT ? undefined : proxyUrl;
  }

  async function every(action: (dispatcher: Dispatcher) => Promise<void>): Promise<void> {
    const all = [...byProxy.values()].flatMap((origins) => [...origins.values()]);
    byProxy.clear();
    await Promise.all(all.map(async (dispatcher) => action(await dispatcher)));
  }

  return {
    get(origin, proxyUrl) {
      let origins = byProxy.get(proxyUrl);
      if (origins === undefined) {
        origins = new Map();
        byProxy.set(proxyUrl, origins);
      }
      let dispatcher = origins.get(origin);
      if (dispatcher === undefined) {
        dispatcher = connect(origin, proxyFor(origin, proxyUrl), options);
        origins.set(origin, dispatcher);
        if (dispatcher instanceof Promise) settle(origins, origin, dispatcher);
      }
      return dispatcher;
    },
    fresh: (origin, proxyUrl) =>
      proxyFor(origin, proxyUrl) === undefined ? directPool(origin, settingsOf(options)) : undefined,
    proxyFor,
    close: () => every((dispatcher) => dispatcher.close()),
    destroy: () => every((dispatcher) => dispatcher.destroy()),
  };
}

/** Puts the dispatcher itself in place of its promise, or forgets a failed one so that the next call tries again. */
function settle(
  origins: Map<string, Dispatcher | Promise<Dispatcher>>,
  origin: string,
  promise: Promise<Dispatcher>,
): void {
  promise.then(
    (dispatcher) => origins.set(origin, dispatcher),
    () => origins.delete(origin),
  );
}

function connect(
  origin: string,
  proxyUrl: string | undefined,
  options: DispatcherOptions,
): Dispatcher | Promise<Dispatcher> {
  const settings = settingsOf(options);
  return proxyUrl === undefined ? directPool(origin, settings) : connectThrough(proxyUrl, origin, settings);
}

function directPool(origin: string, settings: ProxiedSettings): Dispatcher {
  const connect = createConnector({ allowH2: false, timeout: settings.connectTimeout });
  return new Pool(origin, { ...settings, connect });
}

function settingsOf(options: DispatcherOptions): ProxiedSettings {
  return {
    connections: options.connections ?? 4096,
    pipelining: 1,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 90_000,
    keepAliveMaxTimeout: options.keepAliveTimeoutMs ?? 90_000,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    // One connection per stream: an abort or a slow client then never holds up another stream.
    allowH2: false,
  };
}
