import { ProxyError } from '../errors.ts';
import type { OauthClient } from './login.ts';

/** As which app a provider is asked. */
export interface ClientRule {
  /** Id of the manifest: `oauth-clients.<provider>` may name another app. */
  readonly provider: string;
  /** The provider's own public app; absent: the user has to configure one. */
  readonly clientId?: string;
  /** The provider takes the app only with its secret, which is the user's to configure. */
  readonly needsSecret?: boolean;
}

/** An app whose id is known. */
export interface KnownClient {
  readonly id: string;
  readonly secret?: string;
}

/** Name of the environment variable with an app's id or secret: `LLMPROXY_OAUTH_GEMINI_CLI_CLIENT_SECRET`. */
export function clientVariable(provider: string, member: 'ID' | 'SECRET'): string {
  return `LLMPROXY_OAUTH_${provider.toUpperCase().replaceAll('-', '_')}_CLIENT_${member}`;
}

/** The app to log in as. Throws ProxyError `invalid_config` that names what is to be configured. */
export function oauthClient(rule: ClientRule, configured: OauthClient | undefined): KnownClient {
  const id = configured?.id ?? rule.clientId;
  if (id === undefined) throw missing(rule.provider, 'id', 'ID');
  const { secret } = configured ?? {};
  if (secret !== undefined) return { id, secret };
  if (rule.needsSecret === true) throw missing(rule.provider, 'secret', 'SECRET');
  return { id };
}

function missing(provider: string, member: string, variable: 'ID' | 'SECRET'): ProxyError {
  const places = `oauth-clients.${provider}.${member} in the configuration, or ${clientVariable(provider, variable)}`;
  const words = member === 'id' ? 'an OAuth client id' : "the OAuth client's secret, which is not part of llmproxy";
  return new ProxyError('invalid_config', `${provider} needs ${words}: set ${places} in the environment`);
}
