import { z } from 'zod';
import { field, object, type Shape } from './field.ts';

/** The registration of an app at a provider; an empty member is the provider's own. */
export interface OauthClientEntry {
  readonly id: string;
  readonly secret: string;
}

/** As which apps people log in, by provider. */
export interface OauthClientsConfig {
  readonly 'oauth-clients': Readonly<Record<string, OauthClientEntry>>;
}

const sendable = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]*$/, { error: 'expected plain characters' })
  .default('');

/** Keys of the apps that people log in as. */
export const oauthClientsShape: Shape<OauthClientsConfig> = {
  'oauth-clients': field(
    z
      .record(
        z.string(),
        object<OauthClientEntry>({
          id: field(sendable, 'now', "Client id; empty: the provider's own public one."),
          secret: field(
            sendable,
            'now',
            'Client secret, where the provider demands one: secrets of installed apps are not part of llmproxy.',
          ),
        }),
      )
      .default({}),
    'now',
    'OAuth apps that logins and renewals are made as, by provider. LLMPROXY_OAUTH_<PROVIDER>_CLIENT_ID and _CLIENT_SECRET come first.',
    { example: { 'your-provider': { id: 'your-client-id', secret: 'your-client-secret' } } },
  ),
};
