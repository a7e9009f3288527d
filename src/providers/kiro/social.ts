/** Kiro's own logins with Google and GitHub. */
import type { BrowserLogin, LoginIo, NewAccount, SecretLogin } from '../../auth/login.ts';
import { whileLogin } from '../../auth/login-tokens.ts';
import { createProofKey } from '../../auth/pkce.ts';
import { postForTokens } from '../../auth/token-request.ts';
import { vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields } from '../provider.ts';
import { granted } from './amazon.ts';
import { identified } from './identity.ts';
import { DESKTOP_AUTH } from './places.ts';
import { tokenMembers } from './record.ts';

/** Who vouches for the person, as the service spells them. */
type Idp = 'Google' | 'Github';

/** Logins of the browser. */
export const socialLogins: readonly BrowserLogin[] = [social('google', 'Google'), social('github', 'Github')];

function social(id: string, idp: Idp): BrowserLogin {
  return {
    type: 'browser',
    id,
    label: `a ${idp === 'Github' ? 'GitHub' : idp} account, with the browser`,
    asks: [
      {
        name: 'redirect-uri',
        label: 'Address to come back to, if the service refuses this one; paste the address it then shows',
        example: 'kiro://kiro.kiroAgent/authenticate-success',
      },
    ],
    callback: { host: 'localhost', port: 9876, path: '/oauth/callback', anyPort: true },
    async begin(io, callback, state) {
      const redirectUri = vendorText(io.options['redirect-uri']) ?? callback;
      const proof = await createProofKey();
      const url = new URL(`${DESKTOP_AUTH}/login`);
      const parameters = { idp, redirect_uri: redirectUri, ...proof.parameters, state, prompt: 'select_account' };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      const finish = (code: string): Promise<NewAccount> => exchange(idp, code, redirectUri, proof.verifier, io);
      return { url: url.href, finish };
    },
  };
}

async function exchange(
  idp: Idp,
  code: string,
  redirectUri: string,
  verifier: string,
  io: LoginIo,
): Promise<NewAccount> {
  const members = { code, code_verifier: verifier, redirect_uri: redirectUri };
  const answer = await whileLogin(io, (signal) =>
    postForTokens({ url: `${DESKTOP_AUTH}/oauth/token`, encoding: 'json', members }, { fetch: io.fetch, signal }),
  );
  const fields = { ...tokenMembers(granted(answer), io.now()), auth_method: 'social', provider: idp };
  return identified(fields, io);
}

/** Takes over the refresh token of such a login. */
export const refreshTokenLogin: SecretLogin = {
  type: 'secret',
  id: 'refresh-token',
  label: 'the refresh token of a login with Google or GitHub',
  prompt: 'refreshToken of ~/.aws/sso/cache/kiro-auth-token.json',
  async finish(io, text) {
    const fields = { refresh_token: text.trim(), auth_method: 'social' };
    const renewed = await whileLogin(io, (signal) =>
      refreshSocial(fields, { fetch: io.fetch, signal, nowMs: io.now() }),
    );
    return identified({ ...fields, ...renewed }, io);
  },
};

/** Exchanges the refresh token: the fields that change. Throws ProxyError. */
export async function refreshSocial(
  fields: AccountFields,
  io: { readonly fetch: typeof fetch; readonly signal: AbortSignal; readonly nowMs: number },
): Promise<AccountFields> {
  const refreshToken = vendorText(fields['refresh_token']);
  if (refreshToken === undefined)
    throw new ProxyError('upstream_unauthorized', 'the account has no refresh token; log in again');
  const answer = await postForTokens(
    { url: `${DESKTOP_AUTH}/refreshToken`, encoding: 'json', members: { refreshToken } },
    io,
  );
  return tokenMembers(granted(answer), io.nowMs);
}
