import { clientVariable } from '../auth/oauth-client.ts';
import type { Environment } from './environment-keys.ts';
import type { OauthClientsConfig } from './schema/oauth-clients.ts';

/** What the user says of an app; what is absent is the provider's own. */
export interface ConfiguredClient {
  readonly id?: string;
  readonly secret?: string;
}

/** The app that the environment or the configuration names for a provider; undefined: neither says anything. */
export function configuredClient(
  provider: string,
  config: OauthClientsConfig,
  env: Environment,
): ConfiguredClient | undefined {
  const entries = Object.entries(config['oauth-clients']);
  const [, entry] = entries.find(([name]) => name.trim().toLowerCase() === provider) ?? [];
  const id = env[clientVariable(provider, 'ID')]?.trim() || entry?.id;
  const secret = env[clientVariable(provider, 'SECRET')]?.trim() || entry?.secret;
  if (!id && !secret) return undefined;
  return { ...(id && { id }), ...(secret && { secret }) };
}

/** Every secret of an app, so that it can be masked. */
export function clientSecrets(config: OauthClientsConfig, providers: readonly string[], env: Environment): string[] {
  const names = new Set([
    ...providers,
    ...Object.keys(config['oauth-clients']).map((name) => name.trim().toLowerCase()),
  ]);
  return [...names].flatMap((name) => configuredClient(name, config, env)?.secret ?? []);
}
