/** Logins with Amazon: Builder ID, and an organisation's Identity Center. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference */
import { deviceLogin } from '../../auth/device-code.ts';
import type { BrowserLogin, DeviceLogin, LoginIo, LoginQuestion, OauthClient } from '../../auth/login.ts';
import { whileLogin } from '../../auth/login-tokens.ts';
import { createProofKey } from '../../auth/pkce.ts';
import { postForTokens, type TokenAnswer, type TokenFields, tokenRefusal } from '../../auth/token-request.ts';
import { askVendor, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields } from '../provider.ts';
import { identified } from './identity.ts';
import { BUILDER_START_URL, checkedRegion, checkedStartUrl, oidcUrl } from './places.ts';
import { tokenMembers } from './record.ts';

/** Amazon's names for members of OAuth. */
const NAMES: Readonly<Record<string, string>> = {
  client_id: 'clientId',
  client_secret: 'clientSecret',
  device_code: 'deviceCode',
  grant_type: 'grantType',
};

const SCOPES = ['completions', 'analysis', 'conversations', 'transformations', 'taskassist'].map(
  (scope) => `codewhisperer:${scope}`,
);
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Whose accounts a method is for. */
interface Kind {
  /** `auth_method` of its records. */
  readonly method: 'builder-id' | 'idc';
  readonly provider: string;
  readonly asks?: readonly LoginQuestion[];
  /** Throws ProxyError for an address that is none. */
  startUrl(io: LoginIo): string;
}

const builder: Kind = { method: 'builder-id', provider: 'BuilderId', startUrl: () => BUILDER_START_URL };
const organisation: Kind = {
  method: 'idc',
  provider: 'Enterprise',
  asks: [
    { name: 'start-url', label: 'Start URL of your organisation', example: 'https://example.awsapps.com/start' },
    { name: 'region', label: 'Region of its Identity Center', example: 'us-east-1' },
  ],
  startUrl: ({ options }) => checkedStartUrl(options['start-url']),
};

/** Amazon's ways to log in, the usual one first. */
export const amazonLogins: readonly (DeviceLogin | BrowserLogin)[] = [
  device('builder-id', 'AWS Builder ID, with a code', builder),
  browser('builder-id-browser', 'AWS Builder ID, with the browser', builder),
  device('identity-center', 'IAM Identity Center of an organisation, with a code', organisation),
  browser('identity-center-browser', 'IAM Identity Center of an organisation, with the browser', organisation),
];

/** One login: where it goes, and as which app, which is registered just for it. */
interface Place {
  readonly base: string;
  readonly region: string;
  readonly startUrl: string;
  readonly client: Required<OauthClient>;
}

async function prepare(kind: Kind, io: LoginIo, redirectUri?: string): Promise<Place> {
  const startUrl = kind.startUrl(io);
  const region = checkedRegion(vendorText(io.options['region']));
  const base = oidcUrl(region);
  const isCode = redirectUri !== undefined;
  const json = {
    clientName: 'llmproxy',
    clientType: 'public',
    scopes: SCOPES,
    grantTypes: [isCode ? 'authorization_code' : DEVICE_GRANT, 'refresh_token'],
    ...(isCode && { redirectUris: [redirectUri], issuerUrl: startUrl }),
  };
  const answer = await whileLogin(io, (signal) =>
    askVendor({ url: `${base}/client/register`, json }, { fetch: io.fetch, signal }),
  );
  const id = vendorText(answer['clientId']);
  const secret = vendorText(answer['clientSecret']);
  if (id === undefined || secret === undefined)
    throw new ProxyError('upstream_invalid_response', 'Amazon registered the login without a client id and secret');
  return { base, region, startUrl, client: { id, secret } };
}

/** The record's members of a login that is complete. */
function fieldsOf(kind: Kind, { region, startUrl, client }: Place, body: TokenFields, nowMs: number): AccountFields {
  return {
    ...tokenMembers(body, nowMs),
    auth_method: kind.method,
    provider: kind.provider,
    client_id: client.id,
    client_secret: client.secret,
    region,
    start_url: startUrl,
  };
}

function device(id: string, label: string, kind: Kind): DeviceLogin {
  return {
    type: 'device',
    id,
    label,
    ...(kind.asks !== undefined && { asks: kind.asks }),
    async begin(io) {
      const place = await prepare(kind, io);
      const login = deviceLogin({
        id,
        label,
        provider: 'kiro',
        needsSecret: true,
        deviceUrl: `${place.base}/device_authorization`,
        tokenUrl: `${place.base}/token`,
        encoding: 'json',
        names: NAMES,
        deviceParams: { startUrl: place.startUrl },
        readCode: (body) => ({
          device_code: body['deviceCode'],
          user_code: body['userCode'],
          verification_uri: body['verificationUri'],
          verification_uri_complete: body['verificationUriComplete'],
          expires_in: body['expiresIn'],
          interval: body['interval'],
        }),
        readAnswer: inStandardNames,
        toAccount: ({ body }) => identified(fieldsOf(kind, place, body, io.now()), io),
      });
      return login.begin({ ...io, client: place.client });
    },
  };
}

function browser(id: string, label: string, kind: Kind): BrowserLogin {
  return {
    type: 'browser',
    id,
    label,
    ...(kind.asks !== undefined && { asks: kind.asks }),
    callback: { host: '127.0.0.1', port: 19_877, path: '/oauth/callback', anyPort: true },
    async begin(io, redirectUri, state) {
      const place = await prepare(kind, io, redirectUri);
      const proof = await createProofKey();
      const url = new URL(`${place.base}/authorize`);
      const parameters = {
        response_type: 'code',
        client_id: place.client.id,
        redirect_uri: redirectUri,
        scopes: SCOPES.join(','),
        state,
        ...proof.parameters,
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return {
        url: url.href,
        async finish(code) {
          const members = {
            clientId: place.client.id,
            clientSecret: place.client.secret,
            grantType: 'authorization_code',
            code,
            redirectUri,
            codeVerifier: proof.verifier,
          };
          const answer = await whileLogin(io, (signal) =>
            postForTokens({ url: `${place.base}/token`, encoding: 'json', members }, { fetch: io.fetch, signal }),
          );
          return identified(fieldsOf(kind, place, granted(answer), io.now()), io);
        },
      };
    },
  };
}

/** Exchanges the refresh token: the fields that change. Throws ProxyError. */
export async function refreshAmazon(
  fields: AccountFields,
  io: { readonly fetch: typeof fetch; readonly signal: AbortSignal; readonly nowMs: number },
): Promise<AccountFields> {
  const text = (name: string): string => {
    const value = vendorText(fields[name]);
    if (value !== undefined) return value;
    throw new ProxyError('upstream_unauthorized', `the account has no ${name}; log in again`);
  };
  const members = {
    clientId: text('client_id'),
    clientSecret: text('client_secret'),
    refreshToken: text('refresh_token'),
    grantType: 'refresh_token',
  };
  const url = `${oidcUrl(checkedRegion(vendorText(fields['region'])))}/token`;
  const answer = await postForTokens({ url, encoding: 'json', members }, io);
  return tokenMembers(granted(answer), io.nowMs);
}

/** The members of an answer that has an access token. Throws ProxyError for any other. */
export function granted(answer: TokenAnswer): TokenFields {
  if (!answer.ok) throw tokenRefusal(answer);
  if (vendorText(answer.body['accessToken']) !== undefined) return answer.body;
  throw new ProxyError('upstream_invalid_response', 'the token endpoint answered without an access token');
}

function inStandardNames(answer: TokenAnswer): TokenAnswer {
  const { accessToken, refreshToken, expiresIn, ...rest } = answer.body;
  const body = {
    ...rest,
    ...(accessToken !== undefined && { access_token: accessToken }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresIn !== undefined && { expires_in: expiresIn }),
  };
  return { ...answer, body };
}
