/** The generic flows against an identity provider that is not ours. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startCallbackServer } from '../../src/auth/callback-server.ts';
import { textClaim, unverifiedClaims } from '../../src/auth/claims.ts';
import { deviceLogin } from '../../src/auth/device-code.ts';
import type { NewAccount, OauthClient } from '../../src/auth/login.ts';
import type { LoginTokens } from '../../src/auth/login-tokens.ts';
import { browserLogin } from '../../src/auth/oauth-pkce.ts';
import { refreshTokens } from '../../src/auth/oauth-refresh.ts';
import { recordId } from '../../src/auth/record-id.ts';
import { defineProvider, type Manifest } from '../../src/providers/provider.ts';
import { createLogins, type Logins } from '../../src/service/logins.ts';
import { MemoryRecords } from '../support/memory-records.ts';
import { apps, type OpenIdServer, startOpenIdServer } from '../support/open-id-server.ts';
import { type Decide, visit } from '../support/web-person.ts';

let server: OpenIdServer;
let records: MemoryRecords;
const waits: number[] = [];
let nowMs = Date.now();

beforeEach(async () => {
  // It tells all who start it that it is not set up for production.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  server = await startOpenIdServer();
  records = new MemoryRecords();
  waits.length = 0;
  nowMs = Date.now();
});
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

const callback = { host: 'localhost', port: 0, path: '/callback', anyPort: true } as const;
const scopes = ['openid', 'email', 'offline_access'];
const signal = AbortSignal.timeout(60_000);

function manifest(url: string, basic: boolean): Manifest {
  const toAccount = ({ fields, idToken }: LoginTokens): Promise<NewAccount> => {
    const email = textClaim(unverifiedClaims(idToken), 'sub') ?? 'nobody';
    return Promise.resolve({
      recordId: recordId('oidc', email),
      fields: { type: 'oidc', email, ...fields },
      label: email,
    });
  };
  const common = { provider: 'oidc', clientId: apps.public, scopes, encoding: 'form', basic, toAccount } as const;
  const authorizeParams = { prompt: 'consent' };
  return defineProvider({
    id: 'oidc',
    label: 'OpenID',
    kind: 'direct',
    auth: [],
    baseUrl: url,
    endpoints: [{ dialect: 'openai-chat', path: '/chat' }],
    models: [],
    account: {
      types: ['oidc'],
      refreshLeadMs: 0,
      logins: [
        browserLogin({
          ...common,
          id: 'browser',
          label: 'with the browser',
          callback,
          authorizeUrl: `${url}/auth`,
          tokenUrl: `${url}/token`,
          authorizeParams,
        }),
        deviceLogin({
          ...common,
          id: 'device',
          label: 'with a code',
          deviceUrl: `${url}/device/auth`,
          tokenUrl: `${url}/token`,
          deviceParams: authorizeParams,
        }),
      ],
    },
  });
}

function openLogins(client?: OauthClient, basic = false, fetcher: typeof fetch = fetch): Logins {
  return createLogins({
    records,
    manifests: [manifest(server.url, basic)],
    clock: { now: () => nowMs },
    fetchFor: () => fetcher,
    clientOf: () => client,
  });
}

const wait = async (ms: number): Promise<void> => {
  waits.push(ms);
  nowMs += ms;
  // The person's browser has its turn.
  await new Promise((done) => setTimeout(done, 5));
};

const agree: Decide = ({ fields }) => ('login' in fields ? { login: 'ada', password: 'anything' } : {});
const refuse: Decide = ({ fields }) => (fields['prompt'] === 'login' || 'confirm' in fields ? 'abort' : {});

async function throughBrowser(logins: Logins, decide: Decide) {
  const state = 'a-state-of-a-test';
  const waiting = await startCallbackServer({ callback, state, signal });
  const started = await logins.begin('oidc', 'browser', { signal, state, port: waiting.port });
  if (started.type !== 'browser') throw new Error('not the browser');
  const page = await visit(started.url, decide);
  return { started, page, answer: await waiting.answer };
}

describe('with the browser', () => {
  test.each([
    ['a public app', undefined, false],
    ['an app with a secret in the body', { id: apps.posting, secret: apps.secret }, false],
    ['an app with a secret in the header', { id: apps.basic, secret: apps.secret }, true],
  ])('%s logs in', async (_, client, basic) => {
    const { started, page, answer } = await throughBrowser(openLogins(client, basic), agree);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Answer received') });
    const saved = await started.finish(answer);
    expect(saved).toMatchObject({ recordId: 'oidc-ada.json', provider: 'oidc', label: 'ada', isNew: true });
    expect(records.get('oidc-ada.json')).toEqual({
      type: 'oidc',
      email: 'ada',
      access_token: expect.stringMatching(/.{20}/),
      refresh_token: expect.stringMatching(/.{20}/),
      id_token: expect.stringMatching(/^ey/),
      expired: expect.stringMatching(/^\d{4}-.*Z$/),
      last_refresh: expect.any(String),
    });
  });

  test('the person says no', async () => {
    const { started, page, answer } = await throughBrowser(openLogins(), refuse);
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('without giving access') });
    await expect(started.finish(answer)).rejects.toMatchObject({ code: 'upstream_forbidden' });
    expect(records.writes).toBe(0);
  });

  test('an answer with another state is none, and is not sent anywhere', async () => {
    const { started, answer } = await throughBrowser(openLogins(), agree);
    const forged = { ...answer, state: 'a-state-of-a-tesu' };
    await expect(started.finish(forged)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(server.requests.filter(({ path }) => path === '/token')).toEqual([]);
  });

  test('a verifier that is not the one of this login is refused, and a code is good for one login', async () => {
    const swapping: typeof fetch = (url, init) => {
      const body = String(init?.body).replace(/code_verifier=[^&]+/, `code_verifier=${'x'.repeat(43)}`);
      return fetch(url, { ...init, body });
    };
    const { started, answer } = await throughBrowser(openLogins(undefined, false, swapping), agree);
    await expect(started.finish(answer)).rejects.toMatchObject({
      code: 'upstream_unauthorized',
      upstream: { code: 'invalid_grant' },
    });
    await expect(started.finish(answer)).rejects.toMatchObject({ status: 409 });
    expect(records.writes).toBe(0);
  });

  test('a wrong secret is refused, and does not stand in the message', async () => {
    const logins = openLogins({ id: apps.posting, secret: 'not-this-secret' });
    const { started, answer } = await throughBrowser(logins, agree);
    const error: unknown = await started.finish(answer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'upstream_unauthorized' });
    expect(String(error)).not.toContain('not-this-secret');
  });
});

describe('with a code', () => {
  async function begin(logins = openLogins(), ended = signal) {
    const started = await logins.begin('oidc', 'device', { signal: ended, wait });
    if (started.type !== 'device') throw new Error('not a code');
    return started;
  }

  test('asks until the person has agreed, as often as it may', async () => {
    const started = await begin();
    expect(started).toMatchObject({
      userCode: expect.stringMatching(/^\w{4}-\w{4}$/),
      verificationUrl: `${server.url}/device`,
      completeUrl: expect.stringContaining('/device?user_code='),
    });
    server.slowDown = 2;
    const agreeing = new Promise((done) => setTimeout(done, 60)).then(() => visit(started.completeUrl ?? '', agree));
    const saved = await started.finish();
    await agreeing;
    expect(saved).toMatchObject({ recordId: 'oidc-ada.json', label: 'ada' });
    // Two were too many: ten seconds more between all that follow.
    expect(waits.slice(0, 3)).toEqual([5000, 10_000, 15_000]);
    expect(waits.slice(3).every((ms) => ms === 15_000)).toBe(true);
    expect(waits.length).toBeGreaterThan(3);
  });

  test('the person says no', async () => {
    const started = await begin();
    await visit(started.completeUrl ?? '', refuse);
    await expect(started.finish()).rejects.toMatchObject({ code: 'upstream_forbidden', message: /denied/ });
  });

  test('nobody comes: the provider says that it is too late', async () => {
    await server.close();
    server = await startOpenIdServer(1);
    const logins = openLogins();
    const ended = new AbortController();
    const patient = { signal: ended.signal, wait: () => new Promise<void>((done) => setTimeout(done, 1200)) };
    // By our clock there is time left.
    nowMs = 0;
    const started = await logins.begin('oidc', 'device', patient);
    if (started.type !== 'device') throw new Error('not a code');
    await expect(started.finish()).rejects.toMatchObject({ code: 'upstream_timeout', message: /not used in time/ });
    expect(server.requests.at(-1)?.path).toBe('/token');
  });

  test('nobody comes: our own clock ends it', async () => {
    const started = await begin();
    await expect(started.finish()).rejects.toMatchObject({ code: 'upstream_timeout' });
    expect(waits.reduce((sum, ms) => sum + ms)).toBe(600_000);
  });

  test('whoever gives up is not made to wait', async () => {
    const ended = new AbortController();
    const started = await openLogins().begin('oidc', 'device', { signal: ended.signal });
    if (started.type !== 'device') throw new Error('not a code');
    setTimeout(() => ended.abort(), 20);
    await expect(started.finish()).rejects.toMatchObject({ code: 'client_closed' });
  });
});

describe('refresh', () => {
  const grant = () => ({ url: `${server.url}/token`, clientId: apps.public, encoding: 'form' }) as const;
  const io = { fetch, nowMs: Date.now(), signal };

  async function loggedIn(logins = openLogins()) {
    const { started, answer } = await throughBrowser(logins, agree);
    await started.finish(answer);
    return records.get('oidc-ada.json');
  }

  test('tokens rotate; one that is used twice ends the whole login', async () => {
    const first = await loggedIn();
    const second = { ...first, ...(await refreshTokens(first, grant(), io)) };
    expect(second).toMatchObject({ type: 'oidc', email: 'ada' });
    expect([second['refresh_token'], second['access_token']]).not.toContain(first['refresh_token']);
    expect(second['access_token']).not.toBe(first['access_token']);
    const third = { ...second, ...(await refreshTokens(second, grant(), io)) };
    await expect(refreshTokens(first, grant(), io)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    await expect(refreshTokens(third, grant(), io)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  });

  test('as the app of the configuration, with its secret', async () => {
    const client = { id: apps.posting, secret: apps.secret };
    const first = await loggedIn(openLogins(client));
    await expect(refreshTokens(first, grant(), io)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    const fresh = await refreshTokens(first, grant(), { ...io, client });
    expect(fresh['access_token']).not.toBe(first['access_token']);
    const basic = { id: apps.basic, secret: apps.secret };
    const other = await loggedIn(openLogins(basic, true));
    const bodies: string[] = [];
    const watching: typeof fetch = (url, init) => {
      bodies.push(String(init?.body));
      return fetch(url, init);
    };
    await refreshTokens(other, { ...grant(), basic: true }, { ...io, fetch: watching, client: basic });
    expect(server.requests.at(-1)?.authorization).toMatch(/^Basic /);
    expect(bodies).toEqual([expect.not.stringContaining('client_secret')]);
  });

  test('a second login of the account keeps what the user set', async () => {
    const first = await loggedIn();
    records.set('oidc-ada.json', { ...first, disabled: true, note: 'mine', proxy_url: 'direct' });
    const second = await loggedIn();
    expect(second).toMatchObject({ disabled: true, note: 'mine', proxy_url: 'direct' });
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
  });
});
