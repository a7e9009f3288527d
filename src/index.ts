export { credentialsFromConfig, synthesize } from './config/credentials.ts';
export { isExampleKey, refuseExampleKeys } from './config/example-keys.ts';
export { checkExposure, isLoopback } from './config/exposure.ts';
export { createClientKey, createFirstConfig, type FirstRun } from './config/first-run.ts';
export { findConfigFile, type LoadOptions, loadConfig, userConfigFile } from './config/load.ts';
export { type ConfigSources, type LoadedConfig, parseConfig } from './config/parse.ts';
export { type Config, configSchema } from './config/schema.ts';
export { type ConfigWarning, formatWarning } from './config/warning.ts';
export { type ErrorCode, ProxyError } from './errors.ts';
export { type ChangedAccounts, decryptAccounts, rotateAccountKeys } from './service/account-records.ts';
export { explainStored } from './service/explain-stored.ts';
export type {
  ExplainedCandidate,
  ExplainedOther,
  ExplainQuestion,
  Explanation,
} from './service/explanation.ts';
export type { CredentialCounts, ProxyStatus } from './service/status.ts';
export { createProxy, type LlmProxy, type ProxyOptions } from './service.ts';
export { createSecretKey } from './storage/files/secret-key.ts';
export { version } from './version.ts';
