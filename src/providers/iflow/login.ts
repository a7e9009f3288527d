import type { BrowserLogin, LoginIo, NewAccount, OauthClient, SecretLogin } from '../../auth/login.ts';
import { type LoginTokens, whileLogin } from '../../auth/login-tokens.ts';
import { type KnownClient, oauthClient } from '../../auth/oauth-client.ts';
import { browserLogin } from '../../auth/oauth-pkce.ts';
import { recordId } from '../../auth/record-id.ts';
import { askVendor, isVendorFields, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo } from '../provider.ts';
import { cookieKey, readCookie } from './cookie.ts';

/** Public id of iFlow's own app. Its secret is not ours to publish. */
export const CLIENT_ID = '10009311001';
/** Where codes and refresh tokens are exchanged. */
export const TOKEN_URL: string = 'https://iflow.cn/oauth/token';
const USER_INFO = 'https://iflow.cn/api/oauth/getUserInfo';

/** The app with its secret, which comes from the configuration. Throws ProxyError that says where to put it. */
export function appOf(client: OauthClient | undefined): Required<KnownClient> {
  const app = oauthClient({ provider: 'iflow', clientId: CLIENT_ID, needsSecret: true }, client);
  return { id: app.id, secret: app.secret ?? '' };
}

/** iFlow wants the app in the header and in the body. */
export function basicHeader({ id, secret }: Required<KnownClient>): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** The key with which requests are sent, and who it belongs to. */
export async function askKey(accessToken: string, io: Pick<AccountIo, 'fetch' | 'signal'>): Promise<AccountFields> {
  const url = `${USER_INFO}?accessToken=${encodeURIComponent(accessToken)}`;
  const answer = await askVendor({ url, secrets: [accessToken] }, io);
  const data = isVendorFields(answer['data']) ? answer['data'] : {};
  const key = vendorText(data['apiKey']);
  if (key === undefined) throw new ProxyError('upstream_invalid_response', 'iflow.cn gave no API key for the account');
  const email = vendorText(data['email']) ?? vendorText(data['phone']);
  return { api_key: key, ...(email === undefined ? {} : { email }) };
}

/** With the browser. It takes `redirect` in place of `redirect_uri`, and knows no PKCE. */
export const browser: BrowserLogin = {
  ...browserLogin(specOf({ id: CLIENT_ID, secret: '' })),
  async begin(io, redirectUri, state) {
    const { url, finish } = await browserLogin(specOf(appOf(io.client))).begin(io, redirectUri, state);
    const page = new URL(url);
    page.searchParams.delete('response_type');
    page.searchParams.delete('redirect_uri');
    page.searchParams.set('redirect', redirectUri);
    return { url: page.href, finish };
  },
};

function specOf(app: Required<KnownClient>): Parameters<typeof browserLogin>[0] {
  return {
    id: 'browser',
    label: 'with the browser',
    provider: 'iflow',
    clientId: CLIENT_ID,
    needsSecret: true,
    callback: { host: 'localhost', port: 11_451, path: '/oauth2callback' },
    authorizeUrl: 'https://iflow.cn/oauth',
    tokenUrl: TOKEN_URL,
    scopes: [],
    authorizeParams: { loginMethod: 'phone', type: 'phone' },
    headers: basicHeader(app),
    encoding: 'form',
    pkce: false,
    toAccount,
  };
}

async function toAccount({ accessToken, fields, body }: LoginTokens, io: LoginIo): Promise<NewAccount> {
  const own = await whileLogin(io, (signal) => askKey(accessToken, { fetch: io.fetch, signal }));
  const [tokenType, scope] = [vendorText(body['token_type']), vendorText(body['scope'])];
  const email = vendorText(own['email']) ?? String(io.now());
  return {
    recordId: recordId('iflow', email),
    fields: {
      type: 'iflow',
      ...fields,
      ...(tokenType === undefined ? {} : { token_type: tokenType }),
      ...(scope === undefined ? {} : { scope }),
      ...own,
    },
    label: email,
  };
}

/** With the cookie of a browser that is logged in. */
export const cookie: SecretLogin = {
  type: 'secret',
  id: 'cookie',
  label: 'with the cookie of platform.iflow.cn',
  prompt: 'the cookie of platform.iflow.cn, with BXAuth= in it',
  async finish(io, text) {
    const kept = readCookie(text);
    const own = await whileLogin(io, (signal) => cookieKey(kept, { fetch: io.fetch, signal, nowMs: io.now() }));
    const name = vendorText(own['email']) ?? String(io.now());
    return { recordId: recordId('iflow', name), fields: { type: 'iflow', ...own, cookie: kept }, label: name };
  },
};
