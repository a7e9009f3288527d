export type { AccountFields, Choice, QuotaReading } from './auth/login.ts';
export { credentialsFromConfig, synthesize } from './config/credentials.ts';
export { isExampleKey, refuseExampleKeys } from './config/example-keys.ts';
export { checkExposure, isLoopback } from './config/exposure.ts';
export { createClientKey, createFirstConfig, type FirstRun } from './config/first-run.ts';
export { findConfigFile, type LoadOptions, loadConfig, userConfigFile } from './config/load.ts';
export { type ConfigSources, type LoadedConfig, parseConfig } from './config/parse.ts';
export { type Config, configSchema } from './config/schema.ts';
export { type ConfigWarning, formatWarning } from './config/warning.ts';
export { type ErrorCode, ProxyError } from './errors.ts';
export {
  type AccountDesk,
  type AccountDeskOptions,
  type DeskListing,
  type DeskModels,
  type OwnersWords,
  openAccountDesk,
} from './service/account-desk.ts';
export { type ChangedAccounts, decryptAccounts, rotateAccountKeys } from './service/account-records.ts';
export type { AccountTest } from './service/account-test.ts';
export type { DeskAccount } from './service/desk-account.ts';
export { explainStored } from './service/explain-stored.ts';
export type {
  ExplainedCandidate,
  ExplainedOther,
  ExplainQuestion,
  Explanation,
} from './service/explanation.ts';
export { type LoginProvider, type LoginWay, loginProviders } from './service/login-providers.ts';
export type { FoundLogin, LoginRun, StartedSecret } from './service/logins.ts';
export type { LocalBrowserLogin, LocalDeviceLogin, LocalLogin, LocalLoginRun } from './service/run-login.ts';
export type { SavedAccount } from './service/save-account.ts';
export type { CredentialCounts, ProxyStatus } from './service/status.ts';
export { createProxy, type LlmProxy, type ProxyOptions } from './service.ts';
export { createSecretKey } from './storage/files/secret-key.ts';
export { version } from './version.ts';
