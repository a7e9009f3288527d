/** The composition root: the only file that wires the layers together. */
import { join, resolve } from 'node:path';
import { configApiKeyAccess } from './access/config-api-key.ts';
import { createAccessManager } from './access/manager.ts';
import { loopbackOriginAccess } from './access/web-origin.ts';
import { systemClock } from './clock.ts';
import { accountAliases, accountExclusions } from './config/account-models.ts';
import { synthesize } from './config/credentials.ts';
import type { LoadedConfig } from './config/parse.ts';
import type { Config } from './config/schema.ts';
import { type Conversations, createConversations } from './conversation/index.ts';
import { transientCooldownMs } from './credentials/cooldown.ts';
import type { Credential } from './credentials/credential.ts';
import { createCredentialManager } from './credentials/manager.ts';
import { proxyPassword, secretsOf } from './credentials/secrets.ts';
import { createStrategy } from './credentials/strategies/index.ts';
import { clientCodecs, codecs } from './dialects/index.ts';
import type { Executor } from './executors/executor.ts';
import { HttpExecutor } from './executors/http-executor.ts';
import { WebSocketExecutor } from './executors/websocket-executor.ts';
import { createId } from './ids.ts';
import { withAccountRules } from './models/account-models.ts';
import { clientModels } from './models/alias.ts';
import { createCatalog } from './models/catalog.ts';
import { createModelRegistry, type ModelRegistry } from './models/registry.ts';
import { createLogger, type RootLogger } from './observability/logger.ts';
import { createRedactor } from './observability/redact.ts';
import { logRequest, logsRequest } from './observability/request-record.ts';
import { compilePayloadRules, type PayloadChanges } from './payload/index.ts';
import { createForward } from './pipeline/forward.ts';
import { createPipeline } from './pipeline/generate.ts';
import type { PipelineOptions } from './pipeline/options.ts';
import { createSignatureKeeper, type SignatureKeeper } from './pipeline/signatures/keeper.ts';
import { builtInCredentials, providers } from './providers/index.ts';
import { protocolNames } from './providers/protocol-names.ts';
import type { Manifest } from './providers/provider.ts';
import { createRouter, type Router } from './routing/route.ts';
import type { ModelListing } from './server/routes/models.ts';
import { createServer, type Server } from './server/server.ts';
import { createDispatchers, type Dispatchers } from './upstream/client.ts';
import { proxiesOfEnvironment } from './upstream/proxy-environment.ts';
import { version } from './version.ts';

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
export function createProxy({ config: { config }, env }: ProxyOptions): Promise<LlmProxy> {
  const found = synthesize(config, providers, env);
  const manifests = [...found.manifests, ...providers];
  const echoOnly = found.credentials.length === 0;
  const accounts = { aliases: accountAliases(config), excluded: accountExclusions(config) };
  const credentials = echoOnly ? builtInCredentials : found.credentials.map((one) => withAccountRules(one, accounts));
  const logger = openLog(config, credentials, env);
  const registry = register(credentials, manifests, config);
  const router = createRouter({
    registry,
    manifests,
    credentialsById: new Map(credentials.map((credential) => [credential.id, credential])),
    catalog: createCatalog(manifests),
    forceModelPrefix: config['force-model-prefix'],
  });
  const dispatchers = openDispatchers(config, env);
  const signatures = keepSignatures(credentials, manifests);
  const pipeline = wirePipeline(config, { router, dispatchers, signatures, logger, env });
  const server = wireServer(config, { registry, router, manifests, pipeline, logger });
  return Promise.resolve({
    listen: () => server.listen(config.host, config.port),
    fetch: (request) => server.fetch(request),
    async close() {
      await server.close(config['shutdown-timeout-seconds'] * 1000);
      await pipeline.close();
      await dispatchers.destroy();
      logger.flush();
    },
    warnings: found.warnings.map((warning) => warning.message),
    echoOnly,
    models: registry.list().map((model) => model.clientName),
  });
}

function openLog(config: Config, credentials: readonly Credential[], env: ProxyOptions['env']): RootLogger {
  const redactor = createRedactor();
  const proxies = [config['proxy-url'], ...proxiesOfEnvironment(env ?? {})];
  redactor.register(...config['api-keys'], ...credentials.flatMap(secretsOf), ...proxies.map(proxyPassword));
  const level = config['log-level'];
  return createLogger({ level: level === 'fatal' ? 'error' : level, redactor });
}

function register(credentials: readonly Credential[], manifests: readonly Manifest[], config: Config): ModelRegistry {
  const registry = createModelRegistry();
  const options = { catalog: createCatalog(manifests), forceModelPrefix: config['force-model-prefix'] };
  const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  for (const credential of credentials) {
    const manifest = byId.get(credential.provider);
    if (manifest === undefined) continue;
    registry.registerClient(credential.id, manifest.id, clientModels(credential, manifest, options));
  }
  return registry;
}

function keepSignatures(credentials: readonly Credential[], manifests: readonly Manifest[]): SignatureKeeper {
  const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  const sources = credentials.flatMap((credential) => {
    const provider = byId.get(credential.provider);
    return provider === undefined ? [] : [{ credential, provider }];
  });
  return createSignatureKeeper(sources, systemClock);
}

function openDispatchers(config: Config, env: ProxyOptions['env']): Dispatchers {
  const timeouts = config['upstream-timeouts'];
  return createDispatchers({
    environment: env,
    connectTimeoutMs: timeouts.connect * 1000,
    ...(config['proxy-url'] === '' ? {} : { proxyUrl: config['proxy-url'] }),
  });
}

interface PipelineParts {
  readonly router: Router;
  readonly dispatchers: Dispatchers;
  readonly signatures: SignatureKeeper;
  readonly logger: RootLogger;
  readonly env: ProxyOptions['env'];
}

function wirePipeline(config: Config, parts: PipelineParts): Conversations {
  const { router, dispatchers, signatures, logger } = parts;
  const timeouts = config['upstream-timeouts'];
  const http = new WebSocketExecutor({
    http: new HttpExecutor({
      dispatchers,
      firstByteTimeoutMs: timeouts['first-byte'] * 1000,
      idleTimeoutMs: timeouts.idle * 1000,
    }),
    dispatchers,
    connectTimeoutMs: timeouts.connect * 1000,
    idleTimeoutMs: timeouts.idle * 1000,
  });
  const inProcess = new Map<string, Executor>();
  for (const { id, createExecutor } of providers) if (createExecutor !== undefined) inProcess.set(id, createExecutor());
  const options: PipelineOptions = {
    route: (model) => router.route(model),
    pool: createCredentialManager({
      clock: systemClock,
      strategy: createStrategy(config.routing.strategy),
      settings: {
        transientMs: transientCooldownMs(config['transient-error-cooldown-seconds']),
        disableCooling: config['disable-cooling'],
      },
    }),
    upstreamCodecs: codecs,
    executorFor: (provider) => inProcess.get(provider.id) ?? http,
    clock: systemClock,
    signatures,
    newId: createId,
    settings: {
      strict: config.strict,
      promptCaching: config['prompt-caching'],
      passthroughHeaders: config['passthrough-headers'],
      requestRetry: config['request-retry'],
      maxRetryCredentials: config['max-retry-credentials'],
      maxRetryIntervalS: config['max-retry-interval'],
      bootstrapRetries: config.streaming['bootstrap-retries'],
      streamKeepAliveMs: config.streaming['keepalive-seconds'] * 1000,
      wholeKeepAliveMs: config['nonstream-keepalive-interval'] * 1000,
      stallMs: timeouts.stall * 1000,
      payload: payloadChanges(config),
    },
    userAgent: `llmproxy/${version}`,
    recordsWanted: (errorCode) => logsRequest(logger, errorCode),
    onFinished: (record) => logRequest(logger, record),
  };
  return wireConversations(config, parts, options);
}

/** The pipeline with its memory; the file is opened when there is something to store. */
function wireConversations(
  config: Config,
  { router, logger, env }: PipelineParts,
  options: PipelineOptions,
): Conversations {
  const store = config['responses-store'];
  return createConversations({
    pipeline: createPipeline(options),
    forward: createForward(options),
    clock: systemClock,
    newId: createId,
    route: (model) => router.route(model),
    file: stateFile(store.file, env),
    compacts: config['responses-compact-enabled'],
    limits: {
      ttlMs: store['ttl-days'] * 86_400_000,
      maxRows: store['max-entries'],
      maxBytes: store['max-mb'] * 1024 * 1024,
    },
    warn: (message) => logger.warn({}, message),
  });
}

/** Undefined: in memory, as without a home directory there is no place of the user's own. */
function stateFile(file: string, env: ProxyOptions['env']): string | undefined {
  if (file === '') return undefined;
  if (!file.startsWith('~/')) return resolve(file);
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === undefined || home === '' ? undefined : join(home, file.slice(2));
}

/** Undefined when the configuration changes no body. */
function payloadChanges(config: Config): PayloadChanges | undefined {
  const rules = compilePayloadRules(config.payload, protocolNames);
  const imageGeneration = config['disable-image-generation'];
  // Of the image endpoints, which `chat` leaves alone, none reaches the pipeline.
  const stripsImageTools = imageGeneration === true || imageGeneration === 'chat';
  return rules === undefined && !stripsImageTools ? undefined : { rules, stripsImageTools };
}

interface ServerParts {
  readonly registry: ModelRegistry;
  readonly router: Router;
  readonly manifests: readonly Manifest[];
  readonly pipeline: Conversations;
  readonly logger: RootLogger;
}

function wireServer(config: Config, { registry, router, manifests, pipeline, logger }: ServerParts): Server {
  const labels = new Map(manifests.map((manifest) => [manifest.id, manifest.label]));
  const listing = (name: string): ModelListing | undefined => {
    const entry = registry.lookup(name)[0];
    if (entry === undefined) return undefined;
    const info = entry.model.info;
    return {
      id: name,
      provider: labels.get(entry.providerId) ?? entry.providerId,
      ...(info === undefined ? {} : { info }),
    };
  };
  const access = configApiKeyAccess(config['api-keys']);
  return createServer({
    codecs: clientCodecs,
    access: createAccessManager([access ?? loopbackOriginAccess()]),
    handle: (exchange) => pipeline.handle(exchange),
    answerStored: (request) => pipeline.answerStored(request),
    listModels: () => registry.list().flatMap(({ clientName }) => listing(clientName) ?? []),
    findModel(name) {
      // Throws the error that names similar models when nobody serves it.
      router.route(name);
      return listing(name) ?? { id: name, provider: 'llmproxy' };
    },
    bodyLimitBytes: config['body-limit-mb'] * 1024 * 1024,
    logger,
    newRequestId: () => createId('req_'),
  });
}
