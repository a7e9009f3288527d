import type { DevicePoll } from '../../auth/device-code.ts';
import { deviceLogin } from '../../auth/device-code.ts';
import type { PollVerdict } from '../../auth/device-poll.ts';
import type { LoginMethod, NewAccount } from '../../auth/login.ts';
import type { LoginTokens } from '../../auth/login-tokens.ts';
import { browserLogin } from '../../auth/oauth-pkce.ts';
import { postForTokens, type TokenAnswer, tokenRefusal } from '../../auth/token-request.ts';
import { vendorText } from '../../auth/vendor-api.ts';
import { identityOf, recordIdOf } from './identity.ts';

const ISSUER = 'https://auth.openai.com';

/** The public app of Codex. */
export const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann';
/** Where codes and refresh tokens are exchanged. */
export const TOKEN_URL: string = `${ISSUER}/oauth/token`;

const DEVICE_URL = `${ISSUER}/api/accounts/deviceauth`;

/** The record of a login; `fields`: its tokens. */
export function codexAccount(fields: Readonly<Record<string, unknown>>): NewAccount {
  const identity = identityOf(fields['id_token'], fields['access_token']);
  const { email, plan } = identity;
  // The tokens do not say it in every kind of workspace; then the file from which they come does.
  const accountId = identity.accountId ?? vendorText(fields['account_id']);
  return {
    recordId: recordIdOf({ ...identity, accountId }, vendorText(fields['access_token'])),
    fields: {
      ...fields,
      type: 'codex',
      ...(accountId === undefined ? {} : { account_id: accountId }),
      ...(email === undefined ? {} : { email }),
    },
    label: email ?? 'ChatGPT account',
    notes: [plan === undefined ? 'The plan is unknown: every model of the catalogue is offered.' : `Plan: ${plan}.`],
  };
}

const toAccount = ({ fields }: LoginTokens): Promise<NewAccount> => Promise.resolve(codexAccount(fields));

/** Ways to log in with a ChatGPT account. https://developers.openai.com/codex/auth */
export const logins: readonly LoginMethod[] = [
  browserLogin({
    id: 'browser',
    label: 'with the browser (ChatGPT)',
    provider: 'codex',
    clientId: CLIENT_ID,
    callback: { host: 'localhost', port: 1455, path: '/auth/callback' },
    authorizeUrl: `${ISSUER}/oauth/authorize`,
    tokenUrl: TOKEN_URL,
    scopes: ['openid', 'email', 'profile', 'offline_access'],
    authorizeParams: { prompt: 'login', id_token_add_organizations: 'true', codex_cli_simplified_flow: 'true' },
    encoding: 'form',
    toAccount,
  }),
  deviceLogin({
    id: 'device',
    label: 'with a code, on any device (allow it first in ChatGPT: Settings, Security)',
    provider: 'codex',
    clientId: CLIENT_ID,
    deviceUrl: `${DEVICE_URL}/usercode`,
    tokenUrl: TOKEN_URL,
    verificationUrl: `${ISSUER}/codex/device`,
    encoding: 'json',
    readCode: (body) => ({
      ...body,
      device_code: body['device_auth_id'],
      user_code: body['user_code'] ?? body['usercode'],
    }),
    poll: pollOnce,
    toAccount,
  }),
];

/** Not RFC 8628: the poll brings a code with its verifier, which is exchanged as that of a browser is. */
async function pollOnce({ code, client, fetch, signal }: DevicePoll): Promise<PollVerdict<TokenAnswer>> {
  const io = { fetch, signal };
  const members = { device_auth_id: code.device_code, user_code: code.user_code };
  const answer = await postForTokens({ url: `${DEVICE_URL}/token`, encoding: 'json', members }, io);
  if (answer.status === 403 || answer.status === 404) return { state: 'pending' };
  const granted = vendorText(answer.body['authorization_code']);
  const verifier = vendorText(answer.body['code_verifier']);
  if (!answer.ok || granted === undefined || verifier === undefined) throw tokenRefusal(answer);
  const exchange = {
    grant_type: 'authorization_code',
    client_id: client.id,
    code: granted,
    redirect_uri: `${ISSUER}/deviceauth/callback`,
    code_verifier: verifier,
  };
  return { state: 'done', value: await postForTokens({ url: TOKEN_URL, encoding: 'form', members: exchange }, io) };
}
