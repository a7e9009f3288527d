import { textClaim, unverifiedClaims } from '../../auth/claims.ts';
import { deviceLogin } from '../../auth/device-code.ts';
import type { LoginIo, LoginMethod, NewAccount } from '../../auth/login.ts';
import { type LoginTokens, whileLogin } from '../../auth/login-tokens.ts';
import { recordId } from '../../auth/record-id.ts';
import { vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { type Discovered, discovered } from './discovery.ts';

/** The public app of Grok's command line. */
export const CLIENT_ID = 'b1a00492-073a-47ea-816f-4c329264a828';

const MINUTE_MS = 60_000;

/** Ways to log in with an xAI or X account. */
export const logins: readonly LoginMethod[] = [
  deviceLogin({
    id: 'device',
    label: 'with a code, on any device (xAI)',
    provider: 'xai',
    clientId: CLIENT_ID,
    deviceUrl: (io) => place(io, 'device_authorization_endpoint'),
    tokenUrl: (io) => place(io, 'token_endpoint'),
    scopes: ['openid', 'profile', 'email', 'offline_access', 'grok-cli:access', 'api:access'],
    encoding: 'form',
    lifeMs: 30 * MINUTE_MS,
    toAccount,
  }),
];

function place(io: LoginIo, endpoint: Discovered): Promise<string> {
  return whileLogin(io, (signal) => discovered(endpoint, { fetch: io.fetch, signal }));
}

async function toAccount({ fields, body, idToken }: LoginTokens, io: LoginIo): Promise<NewAccount> {
  const claims = unverifiedClaims(idToken);
  const [email, sub] = [textClaim(claims, 'email'), textClaim(claims, 'sub')];
  const lifeS = vendorNumber(body['expires_in']);
  return {
    recordId: recordId('xai', email ?? sub ?? String(io.now())),
    fields: {
      ...fields,
      type: 'xai',
      auth_kind: 'oauth',
      token_type: vendorText(body['token_type']) ?? 'Bearer',
      ...(lifeS === undefined ? {} : { expires_in: lifeS }),
      ...(email === undefined ? {} : { email }),
      ...(sub === undefined ? {} : { sub }),
      base_url: 'https://api.x.ai/v1',
      redirect_uri: '',
      token_endpoint: await place(io, 'token_endpoint'),
    },
    label: email ?? sub ?? 'xAI account',
  };
}
