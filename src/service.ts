/** The composition root: wires the long-lived parts, the snapshot of the configuration and the doors together. */
import { synthesize } from './config/credentials.ts';
import type { LoadOptions } from './config/load.ts';
import type { LoadedConfig } from './config/parse.ts';
import { type FileWatch, watchFile } from './config/watch.ts';
import { finishSteps } from './pipeline/steps.ts';
import { providers } from './providers/index.ts';
import { openConversations, openServer } from './service/data-plane.ts';
import { explainModel } from './service/explain.ts';
import type { ExplainQuestion, Explanation } from './service/explanation.ts';
import { headProbe, watchHealth } from './service/health-watch.ts';
import { openAccounts } from './service/open-accounts.ts';
import { openManagement } from './service/open-management.ts';
import { createReloader } from './service/reload.ts';
import { openRuntime, type Runtime } from './service/runtime.ts';
import { type Current, snapshotSteps } from './service/snapshot.ts';
import { openState } from './service/state.ts';
import { type ProxyStatus, proxyStatus } from './service/status.ts';
import { version } from './version.ts';

/** What a gateway is made of. */
export interface ProxyOptions {
  readonly config: LoadedConfig;
  /** Provider keys and proxy settings are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the configuration was loaded, so that it can be loaded again; absent: it never changes. */
  readonly source?: Omit<LoadOptions, 'env'>;
}

/** A gateway, not yet listening. */
export interface LlmProxy {
  /**
   * Starts the listener and follows changes of the configuration file and of accounts. Rejects with the system's error
   * (`EADDRINUSE`, ...) when it cannot.
   */
  listen(): Promise<{ readonly url: string }>;
  /** Answers a web request without a socket; same routes, same pipeline. */
  fetch(request: Request): Promise<Response>;
  /**
   * Reads the configuration and all accounts anew. Rejects with ProxyError `invalid_config` for a file that is not
   * valid; the configuration in use stays.
   */
  reload(): Promise<void>;
  /** What is in use, and why the last change is not; no secrets. */
  status(): ProxyStatus;
  /**
   * Who would serve the next request for a model, and why nobody else; no secrets, and nobody's turn is taken. Throws
   * ProxyError `model_not_found`, which names similar models.
   */
  explain(question: ExplainQuestion): Explanation;
  /** Lets running streams finish (bounded by `shutdown-timeout-seconds`), then stops. */
  close(): Promise<void>;
  /** Things to tell the user at start, one line each; no secrets. */
  readonly warnings: readonly string[];
  /** There is no credential: only the built-in echo model answers. */
  readonly echoOnly: boolean;
  /** Ids of the models that clients can ask for. */
  readonly models: readonly string[];
}

/** Builds a gateway without starting it: it reads the accounts, and opens neither a socket nor a timer. */
export async function createProxy({ config: loaded, env, source }: ProxyOptions): Promise<LlmProxy> {
  const { config } = loaded;
  const runtime = openRuntime(config, env);
  const store = await openAccounts(config, runtime);
  const accounts = store?.accounts;
  const found = synthesize(config, providers, env);
  const first = finishSteps(snapshotSteps({ loaded, found, accounts }, runtime));
  runtime.adopt(first);
  const current = { snapshot: first };
  const state = openState(config, runtime, store?.questions.stateSources ?? []);
  const conversations = openConversations(current, runtime);
  const answers = { status: () => status(), explain: (question: ExplainQuestion) => explain(question) };
  const management = openManagement(current, runtime, { ...answers, store });
  const server = openServer(current, conversations, runtime, management);
  const health = openHealthWatch(current, runtime);
  let watch: FileWatch | undefined;
  const reloader = createReloader({
    source: source === undefined ? undefined : { ...source, env },
    runtime,
    accounts,
    current,
    read: (revision) => revision !== undefined && watch?.expect(revision),
  });
  const status = (): ProxyStatus =>
    proxyStatus({ loaded, current, reloader, accounts, tokens: store?.tokens, questions: store?.questions, runtime });
  const explain = (question: ExplainQuestion): Explanation =>
    explainModel(question, { snapshot: current.snapshot, accounts, runtime, from: 'server' });
  return {
    async listen() {
      await state?.start();
      const address = await server.listen(config.host, config.port);
      management.listensAt(address.url);
      store?.watch(current);
      if (source !== undefined && loaded.file !== undefined) {
        watch = watchFile({
          file: loaded.file,
          revision: loaded.revision,
          // What is wrong with it stands in the log and in the status.
          changed: () => void reloader.reload().catch(() => undefined),
          warn: (message) => runtime.logger.warn({}, message),
        });
      }
      return address;
    },
    fetch: (request) => server.fetch(request),
    async reload() {
      await Promise.all([reloader.reload(), accounts?.sync()]);
    },
    status,
    explain,
    async close() {
      await watch?.close();
      reloader.close();
      health.close();
      management.close();
      await server.close(current.snapshot.config['shutdown-timeout-seconds'] * 1000);
      await conversations.close();
      await store?.close();
      await state?.close();
      await runtime.close();
    },
    warnings: first.warnings,
    get echoOnly() {
      return current.snapshot.roster.echoOnly;
    },
    get models() {
      return current.snapshot.roster.registry.list().map((model) => model.clientName);
    },
  };
}

function openHealthWatch(current: Current, runtime: Runtime): ReturnType<typeof watchHealth> {
  return watchHealth({
    health: runtime.manager.health,
    probe: headProbe({
      executor: () => current.snapshot.upstream.executor,
      userAgent: `llmproxy/${version}`,
      isInside: (provider) => runtime.inProcess.has(provider),
    }),
    isOn: () => current.snapshot.config['health-checks'],
  });
}
