/** Records of accounts: the reference keeps what Google gave in `token`, older programs beside it. */
import type { AccountFields, OauthClient } from '../../auth/login.ts';
import { oauthClient } from '../../auth/oauth-client.ts';
import { isVendorFields, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { ServedAccount } from '../provider.ts';

/** The app that Gemini CLI is at Google; its secret is not part of llmproxy. */
export const CLIENT = {
  provider: 'gemini-cli',
  clientId: '681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com',
  needsSecret: true,
} as const;

/** Tokens, and the app that they were given to. */
export interface GoogleToken {
  readonly accessToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** RFC 3339. */
  readonly expiry: string | undefined;
  readonly clientId: string | undefined;
  /** Only in records that came from elsewhere. */
  readonly clientSecret: string | undefined;
}

/** Reads the tokens of a record. */
export function tokenOf(fields: AccountFields): GoogleToken {
  const nested = isVendorFields(fields['token']) ? fields['token'] : {};
  const text = (name: string): string | undefined => vendorText(nested[name]) ?? vendorText(fields[name]);
  return {
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    expiry: text('expiry'),
    clientId: text('client_id'),
    clientSecret: text('client_secret'),
  };
}

/** As which app its tokens are renewed. Throws ProxyError when the secret is nowhere. */
export function clientOf(
  fields: AccountFields,
  configured: OauthClient | undefined,
): { readonly id: string; readonly secret?: string } {
  const { clientId, clientSecret } = tokenOf(fields);
  if (clientId !== undefined && clientSecret !== undefined) return { id: clientId, secret: clientSecret };
  return oauthClient({ ...CLIENT, ...(clientId === undefined ? {} : { clientId }) }, configured);
}

/** The projects of a record; it names several with commas between them. */
export function projectsOf(fields: AccountFields): readonly string[] {
  const listed = (vendorText(fields['project_id']) ?? '').split(',').map((project) => project.trim());
  return [...new Set(listed.filter((project) => project !== ''))];
}

/** What its requests need: each project is a credential of its own. */
export function serve(fields: AccountFields): ServedAccount {
  const { accessToken, expiry } = tokenOf(fields);
  const projects = projectsOf(fields);
  const [first] = projects;
  if (projects.some((project) => project.toUpperCase() === 'ALL')) {
    throw new ProxyError('invalid_config', 'its project_id is no project; log in again');
  }
  const expiresAtMs = Date.parse(expiry ?? '');
  return {
    secret: accessToken ?? null,
    ...(Number.isNaN(expiresAtMs) ? {} : { expiresAtMs }),
    ...(first === undefined ? {} : { parameters: { project: first } }),
    ...(projects.length > 1 ? { parts: projects.map((project) => ({ id: project, parameters: { project } })) } : {}),
  };
}
