import { expect, test } from 'vitest';
import { loginWorld, refused, type Scripted } from '../../test/support/login-io.ts';
import type { LoginIo } from './login.ts';
import { type BrowserSpec, browserLogin } from './oauth-pkce.ts';

const REDIRECT = 'http://localhost:54545/callback';
const spec: BrowserSpec = {
  id: 'browser',
  label: 'with the browser',
  provider: 'some-ai',
  clientId: 'public-app',
  callback: { host: 'localhost', port: 54_545, path: '/callback' },
  authorizeUrl: 'https://some.test/authorize?tenant=1',
  tokenUrl: 'https://some.test/token',
  scopes: ['a:b', 'c'],
  encoding: 'json',
  toAccount: (tokens) =>
    Promise.resolve({ recordId: 'a.json', fields: { ...tokens.fields }, label: tokens.accessToken }),
};
const tokens = { access_token: 'access-1', refresh_token: 'refresh-1', id_token: 'id-1', expires_in: '60', account: 1 };

async function login(own: Partial<BrowserSpec> = {}, answer: Scripted = tokens, io: Partial<LoginIo> = {}) {
  const world = loginWorld([answer], io);
  const started = await browserLogin({ ...spec, ...own }).begin(world.io, REDIRECT, 'state-1');
  const { origin, pathname, searchParams } = new URL(started.url);
  const finish = () => started.finish('code-1');
  return { ...world, finish, page: `${origin}${pathname}`, query: Object.fromEntries(searchParams) };
}

test('sends the person to the page, and exchanges the code with the verifier of the challenge', async () => {
  const { page, query, finish, sent } = await login({
    authorizeParams: { prompt: 'login' },
    exchangeParams: { extra: '1' },
  });
  expect(page).toBe('https://some.test/authorize');
  expect(query).toEqual({
    tenant: '1',
    prompt: 'login',
    response_type: 'code',
    client_id: 'public-app',
    redirect_uri: REDIRECT,
    scope: 'a:b c',
    state: 'state-1',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(await finish()).toEqual({
    recordId: 'a.json',
    label: 'access-1',
    fields: {
      access_token: 'access-1',
      refresh_token: 'refresh-1',
      id_token: 'id-1',
      expired: '2026-11-22T12:01:00Z',
      last_refresh: '2026-11-22T12:00:00Z',
    },
  });
  const { code_verifier: verifier = '', ...members } = sent[0]?.members ?? {};
  expect(members).toEqual({
    extra: '1',
    grant_type: 'authorization_code',
    client_id: 'public-app',
    code: 'code-1',
    redirect_uri: REDIRECT,
  });
  expect(sent[0]?.headers.get('content-type')).toBe('application/json');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  expect(query['code_challenge']).toBe(Buffer.from(digest).toString('base64url'));
});

test('without PKCE and scopes, with the state, a secret and own headers', async () => {
  const own = { pkce: false, scopes: [], sendsState: true, encoding: 'form', headers: { 'x-own': '1' } } as const;
  const client = { id: 'own-app', secret: 'fake-secret' };
  const { query, finish, sent } = await login(own, tokens, { client });
  expect(query).toEqual({
    tenant: '1',
    response_type: 'code',
    client_id: 'own-app',
    redirect_uri: REDIRECT,
    state: 'state-1',
  });
  await finish();
  expect(sent[0]?.members).toEqual({
    grant_type: 'authorization_code',
    client_id: 'own-app',
    client_secret: 'fake-secret',
    code: 'code-1',
    redirect_uri: REDIRECT,
    state: 'state-1',
  });
  expect(sent[0]?.headers.get('x-own')).toBe('1');
});

test('the secret in the header, names of the provider’s own, places that are found first', async () => {
  const own: Partial<BrowserSpec> = {
    basic: true,
    names: { client_id: 'clientId', redirect_uri: '' },
    authorizeUrl: () => 'https://other.test/go',
    tokenUrl: ({ options }) => Promise.resolve(`https://${options['region'] ?? 'none'}.test/token`),
    readAnswer: (answer) => ({ ...answer, body: { access_token: answer.body['accessToken'] } }),
  };
  const io = { client: { secret: 's:e c' }, options: { region: 'eu' } };
  const { page, query, finish, sent } = await login(own, { accessToken: 'camel' }, io);
  expect(page).toBe('https://other.test/go');
  expect(query).toMatchObject({ clientId: 'public-app' });
  expect(query).not.toHaveProperty('redirect_uri');
  expect(await finish()).toMatchObject({ label: 'camel' });
  expect(sent[0]?.url).toBe('https://eu.test/token');
  // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
  const encoded = Buffer.from('public-app:s%3Ae+c').toString('base64');
  expect(sent[0]?.headers.get('authorization')).toBe(`Basic ${encoded}`);
  expect(sent[0]?.members).not.toHaveProperty('client_secret');
});

test('names what is to be configured', async () => {
  await expect(login({ needsSecret: true })).rejects.toMatchObject({
    code: 'invalid_config',
    message:
      "some-ai needs the OAuth client's secret, which is not part of llmproxy: set oauth-clients.some-ai.secret in the configuration, or LLMPROXY_OAUTH_SOME_AI_CLIENT_SECRET in the environment",
  });
  const { clientId: _, ...nameless } = spec;
  const { io } = loginWorld([{}]);
  await expect(browserLogin(nameless).begin(io, REDIRECT, 's')).rejects.toMatchObject({
    message:
      'some-ai needs an OAuth client id: set oauth-clients.some-ai.id in the configuration, or LLMPROXY_OAUTH_SOME_AI_CLIENT_ID in the environment',
  });
});

test.each<[string, Scripted, string]>([
  ['a refusal', refused('invalid_grant'), 'upstream_unauthorized'],
  ['one with status 200', { error: 'bad_verification_code' }, 'upstream_rejected'],
  ['nothing of a token', { hello: 1 }, 'upstream_invalid_response'],
  ['a broken line', new TypeError('fetch failed'), 'upstream_unreachable'],
  ['too much', new Response('x'.repeat(300_000)), 'upstream_invalid_response'],
])('%s', async (_, answer, code) => {
  const { finish } = await login({}, answer);
  await expect(finish()).rejects.toMatchObject({ code });
});

test('what was sent stands in no message', async () => {
  const words = 'code code-1 with verifier %v and fake-secret is unknown';
  const echo: typeof fetch = (_, init) => {
    const { code_verifier: verifier } = JSON.parse(String(init?.body));
    return Promise.resolve(
      Response.json({ error: 'invalid_grant', error_description: words.replace('%v', verifier) }, { status: 400 }),
    );
  };
  const { finish } = await login({}, {}, { client: { secret: 'fake-secret' }, fetch: echo });
  await expect(finish()).rejects.toThrow(
    'the token endpoint answered 400 invalid_grant: code *** with verifier *** and *** is unknown',
  );
});

test('ends with the login', async () => {
  const { finish, ended, sent } = await login();
  ended.abort();
  await expect(finish()).rejects.toMatchObject({ code: 'client_closed' });
  expect(sent).toEqual([]);
});
