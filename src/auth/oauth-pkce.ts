import type { BrowserLogin, BrowserStart, LoginIo, NewAccount } from './login.ts';
import { type LoginTokens, loginTokens, placeOf, type Where, whileLogin } from './login-tokens.ts';
import { type ClientRule, type KnownClient, oauthClient } from './oauth-client.ts';
import { createProofKey } from './pkce.ts';
import { postForTokens, type TokenAnswer } from './token-request.ts';

/** A login with the browser (RFC 6749, section 4.1; PKCE: RFC 7636), as data. */
export interface BrowserSpec extends ClientRule, Pick<BrowserLogin, 'id' | 'label' | 'callback'> {
  readonly authorizeUrl: Where;
  readonly tokenUrl: Where;
  readonly scopes: readonly string[];
  /** Further parameters of the page that the person visits. */
  readonly authorizeParams?: Readonly<Record<string, string>>;
  /** Further members of the exchange. */
  readonly exchangeParams?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the exchange is written. */
  readonly encoding: 'form' | 'json';
  /** False: the provider knows no PKCE. */
  readonly pkce?: boolean;
  /** The exchange repeats the state (Claude). */
  readonly sendsState?: boolean;
  /** The app's id and secret go into the Authorization header instead of the body. */
  readonly basic?: boolean;
  /** Other names for parameters and members: `{ client_id: 'clientId' }`; '' leaves one out. */
  readonly names?: Readonly<Record<string, string>>;
  /** The answer of a provider with other names, in those of RFC 6749. */
  readAnswer?(answer: TokenAnswer): TokenAnswer;
  /** Makes a record of the tokens; asks the provider who it is. Throws ProxyError. */
  toAccount(tokens: LoginTokens, io: LoginIo): Promise<NewAccount>;
}

/** A login that sends the person to a page of the provider and gets a code back. */
export function browserLogin(spec: BrowserSpec): BrowserLogin {
  return {
    type: 'browser',
    id: spec.id,
    label: spec.label,
    callback: spec.callback,
    async begin(io, redirectUri, state): Promise<BrowserStart> {
      const client = oauthClient(spec, io.client);
      const proof = spec.pkce === false ? undefined : await createProofKey();
      const url = new URL(await placeOf(spec.authorizeUrl, io));
      const parameters = {
        ...spec.authorizeParams,
        response_type: 'code',
        client_id: client.id,
        redirect_uri: redirectUri,
        ...(spec.scopes.length === 0 ? {} : { scope: spec.scopes.join(' ') }),
        state,
        ...proof?.parameters,
      };
      for (const [name, value] of Object.entries(renamed(parameters, spec.names))) url.searchParams.set(name, value);
      const finish = async (code: string): Promise<NewAccount> => {
        const answer = await exchange(spec, { code, redirectUri, verifier: proof?.verifier, state, client }, io);
        return spec.toAccount(loginTokens(spec.readAnswer?.(answer) ?? answer, io.now()), io);
      };
      return { url: url.href, finish };
    },
  };
}

interface Grant {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string | undefined;
  readonly state: string;
  readonly client: KnownClient;
}

async function exchange(spec: BrowserSpec, grant: Grant, io: LoginIo): Promise<TokenAnswer> {
  const { id, secret } = grant.client;
  const inHeader = spec.basic === true && secret !== undefined;
  const members = {
    ...spec.exchangeParams,
    grant_type: 'authorization_code',
    client_id: id,
    code: grant.code,
    redirect_uri: grant.redirectUri,
    ...(grant.verifier !== undefined && { code_verifier: grant.verifier }),
    ...(spec.sendsState === true && { state: grant.state }),
    ...(secret !== undefined && !inHeader && { client_secret: secret }),
  };
  const url = await placeOf(spec.tokenUrl, io);
  const post = {
    url,
    encoding: spec.encoding,
    members: renamed(members, spec.names),
    ...(spec.headers !== undefined && { headers: spec.headers }),
    ...(inHeader && { basic: { id, secret } }),
  };
  return whileLogin(io, (signal) => postForTokens(post, { fetch: io.fetch, signal }));
}

/** Members under a provider's own names. */
export function renamed(
  members: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.entries(members).map(([name, value]): [string, string] => [names[name] ?? name, value]);
  return Object.fromEntries(own.filter(([name]) => name !== ''));
}
