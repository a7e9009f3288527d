import type { z } from 'zod';
import { type AccountModelsConfig, accountModelsShape } from './schema/account-models.ts';
import { type AccountsConfig, accountsShape } from './schema/accounts.ts';
import { type FailoverConfig, failoverShape } from './schema/failover.ts';
import { object, type Shape } from './schema/field.ts';
import { type LimitsConfig, limitsShape } from './schema/limits.ts';
import { type LoggingConfig, loggingLaterShape, loggingShape } from './schema/logging.ts';
import { type OauthClientsConfig, oauthClientsShape } from './schema/oauth-clients.ts';
import { type PayloadConfig, payloadShape } from './schema/payload.ts';
import { type KeySections, type ProviderKeysConfig, providerKeysShape } from './schema/provider-keys.ts';
import { type ProvidersConfig, providersShape } from './schema/providers.ts';
import { type ResponsesConfig, responsesShape } from './schema/responses.ts';
import { type RoutingConfig, routingShape } from './schema/routing.ts';
import { type ServerConfig, serverLaterShape, serverShape } from './schema/server.ts';
import { type StateConfig, stateShape } from './schema/state.ts';
import { vendorShape } from './schema/vendors.ts';

/** The validated configuration, defaults filled in. Keys without effect are checked but not part of this type. */
export interface Config
  extends ServerConfig,
    LoggingConfig,
    RoutingConfig,
    FailoverConfig,
    LimitsConfig,
    ResponsesConfig,
    ProviderKeysConfig,
    ProvidersConfig,
    AccountsConfig,
    AccountModelsConfig,
    OauthClientsConfig,
    StateConfig,
    PayloadConfig {}

const shape: Shape<Config> = {
  ...serverShape,
  ...loggingShape,
  ...routingShape,
  ...failoverShape,
  ...limitsShape,
  ...responsesShape,
  ...providersShape,
  ...providerKeysShape,
  ...accountsShape,
  ...accountModelsShape,
  ...oauthClientsShape,
  ...stateShape,
  ...payloadShape,
};

/** Schema of config.yaml: a superset of CLIProxyAPI's keys. */
export const configSchema: z.ZodType<Config> = object<Config>(shape, {
  ...serverLaterShape,
  ...loggingLaterShape,
  ...vendorShape,
});

/** Names of the sections that list one provider's API keys. */
export const keySections: readonly (keyof KeySections)[] = [
  'gemini-api-key',
  'claude-api-key',
  'codex-api-key',
  'xai-api-key',
  'vertex-api-key',
  'interactions-api-key',
];
