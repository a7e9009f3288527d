import type { LoadedConfig } from './config/parse.ts';

export { credentialsFromConfig, synthesize } from './config/credentials.ts';
export { isExampleKey, refuseExampleKeys } from './config/example-keys.ts';
export { checkExposure, isLoopback } from './config/exposure.ts';
export { createClientKey, createFirstConfig, type FirstRun } from './config/first-run.ts';
export { findConfigFile, type LoadOptions, loadConfig, userConfigFile } from './config/load.ts';
export { type ConfigSources, type LoadedConfig, parseConfig } from './config/parse.ts';
export { type Config, configSchema } from './config/schema.ts';
export { type ConfigWarning, formatWarning } from './config/warning.ts';
export { type ErrorCode, ProxyError } from './errors.ts';
export { version } from './version.ts';

/** A running gateway. */
export interface LlmProxy {
  /** Starts the listener; rejects with the system's error when it cannot. */
  listen(): Promise<{ readonly url: string }>;
  /** Lets running streams finish (bounded), then stops. */
  close(): Promise<void>;
  /** Things to tell the user at start, one line each. */
  readonly warnings: readonly string[];
  /** There is no credential: only the built-in echo model answers. */
  readonly echoOnly: boolean;
  /** Ids of the models that clients can ask for. */
  readonly models: readonly string[];
}

/** What a gateway is made of. */
export interface ProxyOptions {
  readonly config: LoadedConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Builds a gateway without starting it. */
export function createProxy(_options: ProxyOptions): Promise<LlmProxy> {
  return Promise.reject(new Error('the service is not wired yet'));
}
