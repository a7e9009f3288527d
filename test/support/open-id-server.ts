/** A real OpenID provider (npm oidc-provider) on a loopback port: code flow with PKCE, device flow, refresh rotation. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A running provider. */
export interface OpenIdServer {
  readonly url: string;
  /** Of all requests so far. */
  readonly requests: readonly { readonly path: string; readonly authorization: string }[];
  /** The next so many polls are answered with `slow_down`, which this provider does not do by itself. */
  slowDown: number;
  close(): Promise<void>;
}

/** Apps that it knows. */
export const apps = {
  public: 'public-app',
  posting: 'posting-app',
  basic: 'basic-app',
  secret: 'not-a-real-secret:of a test',
};

/** `codeLifeS`: how long a code for a device can be used. */
export async function startOpenIdServer(codeLifeS = 600): Promise<OpenIdServer> {
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  // cast: a listening TCP server has such an address.
  const { port } = listener.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const requests: { path: string; authorization: string }[] = [];
  const app = (id: string, method: string) => ({
    client_id: id,
    application_type: 'native',
    token_endpoint_auth_method: method,
    redirect_uris: ['http://localhost/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    ...(method === 'none' ? {} : { client_secret: apps.secret }),
  });
  const provider = new Provider(url, {
    clients: [
      app(apps.public, 'none'),
      app(apps.posting, 'client_secret_post'),
      app(apps.basic, 'client_secret_basic'),
    ],
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
    // What a public app sends twice is a stolen token: everything of the login is taken back.
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email'] },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@example.test` }),
    }),
    pkce: { required: () => true },
    ttl: {
      AccessToken: 3600,
      DeviceCode: codeLifeS,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 3600,
      Interaction: 600,
      IdToken: 3600,
    },
    cookies: { keys: ['a key for the cookies of tests'] },
  });
  const answer = provider.callback();
  listener.on('request', (request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '' });
    if (request.url === '/token' && server.slowDown > 0) {
      server.slowDown--;
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"slow_down"}');
      return;
    }
    answer(request, response);
  });
  const server: OpenIdServer = {
    url,
    requests,
    slowDown: 0,
    close: () =>
      new Promise((done) => {
        listener.close(() => done());
        listener.closeAllConnections();
      }),
  };
  return server;
}
