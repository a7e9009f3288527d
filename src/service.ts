/** The composition root: wires the long-lived parts, the snapshot of the configuration and the doors together. */
import { synthesize } from './config/credentials.ts';
import type { LoadedConfig } from './config/parse.ts';
import { finishSteps } from './pipeline/steps.ts';
import { providers } from './providers/index.ts';
import { openConversations, openServer } from './service/data-plane.ts';
import { openRuntime } from './service/runtime.ts';
import { type Snapshot, snapshotSteps } from './service/snapshot.ts';

/** What a gateway is made of. */
export interface ProxyOptions {
  readonly config: LoadedConfig;
  /** Provider keys and proxy settings are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A gateway, not yet listening. */
export interface LlmProxy {
  /** Starts the listener; rejects with the system's error (`EADDRINUSE`, ...) when it cannot. */
  listen(): Promise<{ readonly url: string }>;
  /** Answers a web request without a socket; same routes, same pipeline. */
  fetch(request: Request): Promise<Response>;
  /** Lets running streams finish (bounded by `shutdown-timeout-seconds`), then stops. */
  close(): Promise<void>;
  /** Things to tell the user at start, one line each; no secrets. */
  readonly warnings: readonly string[];
  /** There is no credential: only the built-in echo model answers. */
  readonly echoOnly: boolean;
  /** Ids of the models that clients can ask for. */
  readonly models: readonly string[];
}

/** Builds a gateway without starting it: no socket, no timer, no file is opened. */
export function createProxy({ config: loaded, env }: ProxyOptions): Promise<LlmProxy> {
  const { config } = loaded;
  const runtime = openRuntime(config, env);
  const found = synthesize(config, providers, env);
  const first: Snapshot = finishSteps(snapshotSteps({ loaded, found, accounts: [] }, runtime));
  runtime.adopt(first);
  const current = { snapshot: first };
  const conversations = openConversations(current, runtime);
  const server = openServer(current, conversations, runtime);
  return Promise.resolve({
    listen: () => server.listen(config.host, config.port),
    fetch: (request) => server.fetch(request),
    async close() {
      await server.close(current.snapshot.config['shutdown-timeout-seconds'] * 1000);
      await conversations.close();
      await runtime.close();
    },
    warnings: first.warnings,
    get echoOnly() {
      return current.snapshot.roster.echoOnly;
    },
    get models() {
      return current.snapshot.roster.registry.list().map((model) => model.clientName);
    },
  });
}
