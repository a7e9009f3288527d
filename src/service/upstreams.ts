import type { Config } from '../config/schema.ts';
import type { Executor } from '../executors/executor.ts';
import { HttpExecutor } from '../executors/http-executor.ts';
import { WebSocketExecutor } from '../executors/websocket-executor.ts';
import { createDispatchers, type Dispatchers } from '../upstream/client.ts';
import type { Environment } from '../upstream/proxy-environment.ts';

/** The way to upstreams under one set of network settings. */
export interface Upstream {
  readonly dispatchers: Dispatchers;
  readonly executor: Executor;
}

/** Connections to upstreams; they outlive a configuration that leaves the network settings as they are. */
export interface Upstreams {
  /** For a configuration: the one in use, unless a network setting differs. */
  of(config: Config): Upstream;
  /** From now on this one is in use; another one before it is closed when its calls have ended. */
  use(upstream: Upstream): void;
  /** Cuts everything. */
  destroy(): Promise<void>;
}

/** Requests of an old configuration may still begin calls for so long; what they opened is closed after it. */
const LINGER_MS = 600_000;

/** No connection yet. */
export function createUpstreams(env: Environment): Upstreams {
  const settingsOf = new WeakMap<Upstream, string>();
  const retired = new Set<Upstream>();
  let inUse: Upstream | undefined;

  function retire(upstream: Upstream): void {
    retired.add(upstream);
    const close = (): void => void upstream.dispatchers.close().catch(() => undefined);
    close();
    setTimeout(() => {
      retired.delete(upstream);
      close();
    }, LINGER_MS).unref();
  }

  return {
    of(config) {
      const settings = JSON.stringify([config['proxy-url'], config['upstream-timeouts']]);
      if (inUse !== undefined && settingsOf.get(inUse) === settings) return inUse;
      const upstream = openUpstream(config, env);
      settingsOf.set(upstream, settings);
      return upstream;
    },
    use(upstream) {
      if (inUse !== undefined && inUse !== upstream) retire(inUse);
      inUse = upstream;
    },
    async destroy() {
      await Promise.all([inUse, ...retired].map((upstream) => upstream?.dispatchers.destroy()));
    },
  };
}

function openUpstream(config: Config, env: Environment): Upstream {
  const timeouts = config['upstream-timeouts'];
  const dispatchers = createDispatchers({
    environment: env,
    connectTimeoutMs: timeouts.connect * 1000,
    ...(config['proxy-url'] === '' ? {} : { proxyUrl: config['proxy-url'] }),
  });
  const executor = new WebSocketExecutor({
    http: new HttpExecutor({
      dispatchers,
      firstByteTimeoutMs: timeouts['first-byte'] * 1000,
      idleTimeoutMs: timeouts.idle * 1000,
    }),
    dispatchers,
    connectTimeoutMs: timeouts.connect * 1000,
    idleTimeoutMs: timeouts.idle * 1000,
  });
  return { dispatchers, executor };
}
