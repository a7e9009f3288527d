import { ProxyError } from '../errors.ts';
import { type PollVerdict, pollUntilDone, standardVerdict } from './device-poll.ts';
import type { DeviceLogin, DeviceStart, LoginIo, NewAccount } from './login.ts';
import { type LoginTokens, loginTokens, placeOf, type Where, whileLogin } from './login-tokens.ts';
import { type ClientRule, type KnownClient, oauthClient } from './oauth-client.ts';
import { renamed } from './oauth-pkce.ts';
import { createProofKey, type ProofKey } from './pkce.ts';
import { postForTokens, type TokenAnswer, type TokenFields, tokenRefusal } from './token-request.ts';

/** A login that has begun, under the names of RFC 8628. */
export interface DeviceCode {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete?: string | undefined;
  /** Seconds. */
  readonly expires_in?: number | undefined;
  /** Seconds. */
  readonly interval?: number | undefined;
  /** As it was answered. */
  readonly body: TokenFields;
}

/** What a poll of a provider's own has to work with. */
export interface DevicePoll {
  readonly code: DeviceCode;
  readonly client: KnownClient;
  readonly verifier: string | undefined;
  readonly fetch: typeof fetch;
  /** Of this one poll. */
  readonly signal: AbortSignal;
  readonly io: LoginIo;
}

/** A login with a code (RFC 8628), as data. */
export interface DeviceSpec extends ClientRule, Pick<DeviceLogin, 'id' | 'label'> {
  /** Where a code is asked for. */
  readonly deviceUrl: Where;
  /** Where is asked for tokens; for spec.poll its own business. */
  readonly tokenUrl: Where;
  readonly scopes?: readonly string[];
  /** Further members of the request for a code. */
  readonly deviceParams?: Readonly<Record<string, string>>;
  /** Further members of a poll. */
  readonly pollParams?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** How both are written. */
  readonly encoding: 'form' | 'json';
  /** Other names for members: `{ client_id: 'clientId' }`; '' leaves one out. */
  readonly names?: Readonly<Record<string, string>>;
  readonly pkce?: boolean;
  /** For answers that do not say it. */
  readonly verificationUrl?: string;
  /** Where the answer does not say it, and at most; absent: 15 min. */
  readonly lifeMs?: number;
  /** Never asked more often; absent: 5 s. */
  readonly minIntervalMs?: number;
  /** The interval after a `slow_down`; absent: 5 s more. */
  slower?(intervalMs: number): number;
  /** Members of an answer with other names, in those of RFC 8628. */
  readCode?(body: TokenFields): TokenFields;
  /** The answer of a provider with other names or statuses, in those of RFC 6749 and 8628; or what it means. */
  readAnswer?(answer: TokenAnswer): TokenAnswer | PollVerdict<TokenAnswer>;
  /** Asks once, in place of RFC 8628. Throws ProxyError. */
  poll?(poll: DevicePoll): Promise<PollVerdict<TokenAnswer>>;
  /** Makes a record of the tokens; asks the provider who it is. Throws ProxyError. */
  toAccount(tokens: LoginTokens, io: LoginIo): Promise<NewAccount>;
}

const LIFE_MS = 15 * 60_000;
const INTERVAL_MS = 5000;
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A login with a code that the person types on any device. */
export function deviceLogin(spec: DeviceSpec): DeviceLogin {
  return {
    type: 'device',
    id: spec.id,
    label: spec.label,
    async begin(io): Promise<DeviceStart> {
      const client = oauthClient(spec, io.client);
      const proof = spec.pkce === true ? await createProofKey() : undefined;
      const code = readCode(await askForCode(spec, client, proof, io), spec);
      const lifeMs = spec.lifeMs ?? LIFE_MS;
      const expiresAtMs = io.now() + Math.min((code.expires_in ?? Number.POSITIVE_INFINITY) * 1000, lifeMs);
      const intervalMs = Math.max((code.interval ?? 0) * 1000, spec.minIntervalMs ?? INTERVAL_MS);
      const pace = { intervalMs, expiresAtMs, ...(spec.slower && { slower: spec.slower }) };
      const ask = (): Promise<PollVerdict<TokenAnswer>> =>
        whileLogin(io, (signal) =>
          poll(spec, { code, client, verifier: proof?.verifier, fetch: io.fetch, signal, io }),
        );
      return {
        verificationUrl: code.verification_uri,
        userCode: code.user_code,
        ...(code.verification_uri_complete !== undefined && { completeUrl: code.verification_uri_complete }),
        expiresAtMs,
        finish: async (): Promise<NewAccount> => {
          const answer = await pollUntilDone(ask, pace, io);
          return spec.toAccount(loginTokens(answer, io.now()), io);
        },
      };
    },
  };
}

async function askForCode(
  spec: DeviceSpec,
  client: KnownClient,
  proof: ProofKey | undefined,
  io: LoginIo,
): Promise<TokenAnswer> {
  const members = {
    ...spec.deviceParams,
    client_id: client.id,
    ...(spec.needsSecret === true && client.secret !== undefined && { client_secret: client.secret }),
    ...(spec.scopes !== undefined && { scope: spec.scopes.join(' ') }),
    ...proof?.parameters,
  };
  const url = await placeOf(spec.deviceUrl, io);
  return whileLogin(io, (signal) => postForTokens(post(spec, url, members), { fetch: io.fetch, signal }));
}

/** Throws ProxyError when the answer is none that one can work with. */
function readCode(answer: TokenAnswer, spec: DeviceSpec): DeviceCode {
  if (!answer.ok) throw tokenRefusal(answer);
  const body = spec.readCode?.(answer.body) ?? answer.body;
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const seconds = (name: string): number | undefined => {
    const value = Number(body[name]);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const [deviceCode, userCode] = [text('device_code'), text('user_code')];
  // Google says verification_url.
  const uri = text('verification_uri') ?? text('verification_url') ?? spec.verificationUrl;
  if (deviceCode === undefined || userCode === undefined || uri === undefined) {
    if (body['error'] !== undefined) throw tokenRefusal(answer);
    throw new ProxyError('upstream_invalid_response', 'the provider answered without a code for the login');
  }
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: webAddress(uri),
    verification_uri_complete: optionalAddress(text('verification_uri_complete')),
    expires_in: seconds('expires_in'),
    interval: seconds('interval'),
    body: answer.body,
  };
}

async function poll(spec: DeviceSpec, own: DevicePoll): Promise<PollVerdict<TokenAnswer>> {
  if (spec.poll !== undefined) return spec.poll(own);
  const members = {
    ...spec.pollParams,
    grant_type: GRANT,
    client_id: own.client.id,
    device_code: own.code.device_code,
    ...(own.client.secret !== undefined && { client_secret: own.client.secret }),
    ...(own.verifier !== undefined && { code_verifier: own.verifier }),
  };
  const answer = await postForTokens(post(spec, await placeOf(spec.tokenUrl, own.io), members), own);
  const read = spec.readAnswer?.(answer) ?? answer;
  return 'state' in read ? read : standardVerdict(read);
}

function post(spec: DeviceSpec, url: string, members: Readonly<Record<string, string>>) {
  const { encoding, headers, names } = spec;
  return { url, encoding, members: renamed(members, names), ...(headers !== undefined && { headers }) };
}

/** A person is sent there, perhaps by a click. */
function webAddress(url: string): string {
  const { protocol } = URL.parse(url) ?? {};
  if (protocol === 'https:' || protocol === 'http:') return url;
  throw new ProxyError('upstream_invalid_response', 'the provider sends the person to an address that is no web page');
}

function optionalAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:/.test(url) ? url : undefined;
}
