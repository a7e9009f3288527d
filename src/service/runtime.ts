import { type Clock, systemClock } from '../clock.ts';
import { durationMs } from '../config/duration.ts';
import type { Config } from '../config/schema.ts';
import type { ChoiceSettings } from '../credentials/chooser.ts';
import { transientCooldownMs } from '../credentials/cooldown.ts';
import type { CoolingSettings } from '../credentials/cooldowns.ts';
import { type CredentialManager, createCredentialManager } from '../credentials/manager.ts';
import { createStrategy } from '../credentials/strategies/index.ts';
import type { Executor } from '../executors/executor.ts';
import { createLogger, type LogLevel, type RootLogger } from '../observability/logger.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { createRedactor, type Redactor } from '../observability/redact.ts';
import { ReplayLedger } from '../pipeline/signatures/replay-ledger.ts';
import { SignatureIndex } from '../pipeline/signatures/signature-index.ts';
import type { Steps } from '../pipeline/steps.ts';
import { providers } from '../providers/index.ts';
import type { Environment } from '../upstream/proxy-environment.ts';
import { limitSettings } from './limit-settings.ts';
import { createUpstreams, type Upstream, type Upstreams } from './upstreams.ts';

/** What the long-lived parts go by. */
export interface Adopted {
  readonly config: Config;
  readonly upstream: Upstream;
}

/** What outlives every configuration. */
export interface Runtime {
  readonly env: Environment;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly logger: RootLogger;
  readonly manager: CredentialManager;
  readonly upstreams: Upstreams;
  /** Of all requests since the process began. */
  readonly metrics: Metrics;
  /** Executors of providers that answer inside this process, by the provider's id. */
  readonly inProcess: ReadonlyMap<string, Executor>;
  /** Signatures of earlier answers. */
  readonly signatureIndex: SignatureIndex;
  readonly replayLedger: ReplayLedger;
  /** Has the log mask the secrets of a snapshot, in parts. */
  mask(secrets: readonly string[]): Steps<void>;
  /** Called when a new snapshot is about to be used, after its secrets are masked. */
  adopt(snapshot: Adopted): void;
  close(): Promise<void>;
}

const SECRETS_PER_STEP = 50;

/** Makes the parts; no socket, no timer, no file is opened. */
export function openRuntime(config: Config, env: Environment): Runtime {
  const clock = systemClock;
  const redactor = createRedactor();
  const logger = createLogger({ level: logLevel(config), redactor });
  const upstreams = createUpstreams(env);
  const manager = createCredentialManager({
    clock,
    strategy: createStrategy(config.routing.strategy),
    settings: coolingSettings(config),
    choice: choiceSettings(config),
    limits: limitSettings(config),
  });
  const inProcess = new Map<string, Executor>();
  for (const { id, createExecutor } of providers) if (createExecutor !== undefined) inProcess.set(id, createExecutor());
  let { strategy } = config.routing;
  /** Secrets of the configuration before stay masked: requests under way may still use them. */
  let masked: readonly (readonly string[])[] = [];
  return {
    env,
    clock,
    redactor,
    logger,
    manager,
    upstreams,
    metrics: createMetrics(),
    inProcess,
    signatureIndex: new SignatureIndex(),
    replayLedger: new ReplayLedger(clock),
    *mask(secrets) {
      for (const some of fewOf(secrets)) {
        redactor.register(...some);
        yield;
      }
      const outdated = masked.slice(1);
      masked = [secrets, ...masked.slice(0, 1)];
      for (const some of outdated.flatMap((old) => [...fewOf(old)])) {
        redactor.forget(...some);
        yield;
      }
    },
    adopt(snapshot) {
      const next = snapshot.config;
      logger.setLevel(logLevel(next));
      manager.configure({
        settings: coolingSettings(next),
        choice: choiceSettings(next),
        limits: limitSettings(next),
        // A new strategy starts its turns anew.
        ...(next.routing.strategy !== strategy && { strategy: createStrategy(next.routing.strategy) }),
      });
      strategy = next.routing.strategy;
      upstreams.use(snapshot.upstream);
    },
    async close() {
      await upstreams.destroy();
      logger.flush();
    },
  };
}

function* fewOf(secrets: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < secrets.length; start += SECRETS_PER_STEP) {
    yield secrets.slice(start, start + SECRETS_PER_STEP);
  }
}

function logLevel(config: Config): LogLevel {
  const level = config['log-level'];
  return level === 'fatal' ? 'error' : level;
}

function coolingSettings(config: Config): CoolingSettings {
  return {
    transientMs: transientCooldownMs(config['transient-error-cooldown-seconds']),
    disableCooling: config['disable-cooling'],
  };
}

function choiceSettings({ routing }: Config): ChoiceSettings {
  return {
    accountsFirst: routing['accounts-first'],
    affinityMs: routing['session-affinity'] ? durationMs(routing['session-affinity-ttl']) : 0,
  };
}
