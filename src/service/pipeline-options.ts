import type { Config } from '../config/schema.ts';
import { upstreamCodecs } from '../dialects/index.ts';
import { createId } from '../ids.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { logRequest, logsRequest } from '../observability/request-record.ts';
import { compilePayloadRules, type PayloadChanges } from '../payload/index.ts';
import type { PipelineOptions, PipelineSettings } from '../pipeline/options.ts';
import type { Provenance } from '../pipeline/signatures/provenance.ts';
import { protocolNames } from '../providers/protocol-names.ts';
import { createAutomaticRoute } from '../routing/automatic.ts';
import type { Router } from '../routing/route.ts';
import { version } from '../version.ts';
import type { Accounts } from './accounts.ts';
import type { Runtime } from './runtime.ts';
import type { Upstream } from './upstreams.ts';

/** What of a snapshot its pipeline is wired to. */
export interface PipelineParts {
  readonly models: Pick<ModelRegistry, 'list'>;
  readonly router: Router;
  readonly upstream: Upstream;
  readonly provenance: Provenance;
  readonly accounts: Pick<Accounts, 'renew'> | undefined;
}

/** Wires a pipeline to one configuration and the long-lived parts. */
export function pipelineOptions(config: Config, parts: PipelineParts, runtime: Runtime): PipelineOptions {
  const { models, router, upstream, provenance, accounts } = parts;
  const { clock, inProcess, logger, manager } = runtime;
  return {
    route: createAutomaticRoute({
      router,
      models: () => models.list(),
      canServe: (targets) => manager.retryAfterMs(targets) === 0,
    }),
    pool: manager,
    ...(accounts && { renew: (target) => accounts.renew(target) }),
    upstreamCodecs,
    executorFor: (provider) => inProcess.get(provider.id) ?? upstream.executor,
    clock,
    signatures: { provenance, ledger: runtime.replayLedger },
    newId: createId,
    settings: pipelineSettings(config),
    userAgent: `llmproxy/${version}`,
    // Nobody can read what is counted without a management key.
    ...(isManaged(config, runtime) && { measure: (exchange) => runtime.metrics.finished(exchange) }),
    recordsWanted: (errorCode) => logsRequest(logger, errorCode),
    onFinished: (record) => logRequest(logger, record),
  };
}

function isManaged(config: Config, { env }: Runtime): boolean {
  return config['remote-management']['secret-key'] !== '' || Boolean(env['MANAGEMENT_PASSWORD']);
}

function pipelineSettings(config: Config): PipelineSettings {
  return {
    strict: config.strict,
    promptCaching: config['prompt-caching'],
    passthroughHeaders: config['passthrough-headers'],
    requestRetry: config['request-retry'],
    maxRetryCredentials: config['max-retry-credentials'],
    maxRetryIntervalS: config['max-retry-interval'],
    bootstrapRetries: config.streaming['bootstrap-retries'],
    attemptBudget: config['attempt-budget'],
    requestDeadlineMs: config['request-deadline-seconds'] * 1000,
    fallbacks: config.fallbacks,
    streamKeepAliveMs: config.streaming['keepalive-seconds'] * 1000,
    wholeKeepAliveMs: config['nonstream-keepalive-interval'] * 1000,
    stallMs: config['upstream-timeouts'].stall * 1000,
    subagentsFollow: config.routing['session-affinity-subagents'],
    payload: payloadChanges(config),
  };
}

/** Undefined when the configuration changes no body. */
function payloadChanges(config: Config): PayloadChanges | undefined {
  const rules = compilePayloadRules(config.payload, protocolNames);
  const imageGeneration = config['disable-image-generation'];
  // Of the image endpoints, which `chat` leaves alone, none reaches the pipeline.
  const stripsImageTools = imageGeneration === true || imageGeneration === 'chat';
  return rules === undefined && !stripsImageTools ? undefined : { rules, stripsImageTools };
}
