import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityServer, type Refusal, startIdentityServer } from '../../test/support/identity-server.ts';
import { type RefreshGrant, refreshTokens, type TokenFields } from './oauth-refresh.ts';

const NOW = Date.parse('2026-11-22T12:00:00.750Z');
let server: IdentityServer;
beforeEach(async () => {
  server = await startIdentityServer();
});
afterEach(() => server.close());

const fields = { access_token: 'access-a-1', refresh_token: 'refresh-a-1', email: 'a@example.test' };

function refresh(grant: Partial<RefreshGrant> = {}, own: TokenFields = fields, signal = new AbortController().signal) {
  const whole: RefreshGrant = { url: server.url, clientId: 'client-1', encoding: 'json', ...grant };
  return refreshTokens(own, whole, { fetch, nowMs: NOW, signal });
}

test.each(['json', 'form'] as const)('exchanges the token, body as %s', async (encoding) => {
  expect(await refresh({ encoding, extra: { scope: 'a b' } })).toEqual({
    access_token: 'access-a-2',
    refresh_token: 'refresh-a-2',
    expired: '2026-11-22T13:00:00Z',
    last_refresh: '2026-11-22T12:00:00Z',
  });
  expect(server.seen).toEqual([
    { grant_type: 'refresh_token', client_id: 'client-1', refresh_token: 'refresh-a-1', scope: 'a b' },
  ]);
});

test('a provider that names no new refresh token and no life leaves what there was', async () => {
  server.script = () => ({ status: 200, body: { access_token: 'new', id_token: 'id' } });
  expect(await refresh()).toEqual({ access_token: 'new', id_token: 'id', last_refresh: '2026-11-22T12:00:00Z' });
});

test('without a refresh token nothing is sent', async () => {
  await expect(refresh({}, { access_token: 'a' })).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  expect(server.seen).toEqual([]);
});

const refusals: readonly (readonly [Refusal, string])[] = [
  [{ status: 400, body: { error: 'invalid_grant', error_description: 'gone' } }, 'upstream_unauthorized'],
  [{ status: 403, body: { error: 'invalid_grant' } }, 'upstream_unauthorized'],
  [{ status: 401, body: 'no' }, 'upstream_unauthorized'],
  [{ status: 400, body: { error: { code: 'refresh_token_reused', message: 'x' } } }, 'upstream_unauthorized'],
  [{ status: 400, body: { error: 'invalid_request' } }, 'upstream_rejected'],
  [{ status: 403, body: '<html>just a moment</html>' }, 'upstream_forbidden'],
  [{ status: 429, body: { error: 'slow_down' } }, 'upstream_rate_limited'],
  [{ status: 500, body: { error: 'invalid_grant' } }, 'upstream_failed'],
  [{ status: 503, body: '' }, 'upstream_failed'],
  [{ status: 200, body: 'not json' }, 'upstream_invalid_response'],
  [{ status: 200, body: { access_token: '' } }, 'upstream_invalid_response'],
  [{ status: 200, body: 'x'.repeat(300_000) }, 'upstream_invalid_response'],
  [{ status: 302, body: '', headers: { location: 'https://elsewhere.invalid' } }, 'upstream_unreachable'],
];

test.each(refusals)('%j is %s', async (refusal, code) => {
  server.script = () => refusal;
  await expect(refresh()).rejects.toMatchObject({ code });
});

describe('messages', () => {
  test('hold what the provider says, but no token, and no page', async () => {
    server.script = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'refresh-a-1 is old' } });
    await expect(refresh()).rejects.toThrow('the token endpoint answered 400 invalid_grant: *** is old');
    server.script = () => ({ status: 502, body: `<p>\n${'long '.repeat(100)}` });
    const error = await refresh().catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/^ProxyError: the token endpoint answered 502: <p> long .{150,200}\.\.\.$/);
  });
});

test.each([
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
  [{ 'retry-after': 'Sun, 22 Nov 2026 12:01:00 GMT', date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, 60_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('how long to wait: %j', async (headers, retryAfterMs) => {
  server.script = () => ({ status: 429, body: {}, headers: { ...headers } });
  await expect(refresh()).rejects.toMatchObject({ code: 'upstream_rate_limited', retryAfterMs });
});

test('a server that does not answer is given up when the caller does', async () => {
  server.script = () => 'hang';
  const giveUp = new AbortController();
  const refreshing = refresh({}, fields, giveUp.signal);
  setTimeout(() => giveUp.abort(), 50);
  await expect(refreshing).rejects.toMatchObject({ code: 'upstream_timeout' });
});

test('a server that is not there', async () => {
  await server.close();
  await expect(refresh()).rejects.toMatchObject({
    code: 'upstream_unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

describe('the app', () => {
  const client = { id: 'own-app', secret: 'own-secret' };
  const io = { fetch, nowMs: NOW, signal: new AbortController().signal };
  const grant = (own: Partial<RefreshGrant> = {}): RefreshGrant => ({
    url: server.url,
    clientId: 'client-1',
    encoding: 'form',
    ...own,
  });

  test.each<[string, Partial<RefreshGrant>, object | undefined, object]>([
    ['the provider’s own', {}, undefined, { client_id: 'client-1' }],
    ['that of the configuration', {}, client, { client_id: 'own-app', client_secret: 'own-secret' }],
    ['a secret for the provider’s own', {}, { secret: 's' }, { client_id: 'client-1', client_secret: 's' }],
    ['that of the record', { clientSecret: 'of-1' }, client, { client_id: 'client-1', client_secret: 'of-1' }],
    ['in the header', { basic: true }, client, { client_id: 'own-app' }],
    ['without a secret for the header', { basic: true }, undefined, { client_id: 'client-1' }],
  ])('%s', async (_, own, configured, members) => {
    await refreshTokens(fields, grant(own), { ...io, client: configured });
    expect(server.seen).toEqual([{ grant_type: 'refresh_token', refresh_token: 'refresh-a-1', ...members }]);
  });

  test('nor does what a provider repeats in place of an error code', async () => {
    const words = `${fields.refresh_token} ${client.secret}`;
    server.script = () => ({ status: 400, body: { error: { code: words, message: words } } });
    const grant: RefreshGrant = { url: server.url, clientId: 'client-1', encoding: 'json' };
    const io = { fetch, nowMs: NOW, signal: new AbortController().signal, client };
    await expect(refreshTokens(fields, grant, io)).rejects.toMatchObject({
      message: 'the token endpoint answered 400 *** ***',
      upstream: { code: '*** ***', message: '*** ***' },
    });
  });

  test('its secret stands in no message', async () => {
    server.script = () => ({
      status: 400,
      body: { error: 'invalid_request', error_description: 'own-secret is wrong' },
    });
    await expect(refreshTokens(fields, grant(), { ...io, client })).rejects.toThrow(
      /invalid_request: \*\*\* is wrong$/,
    );
  });
});

test('a refusal with status 200 is one', async () => {
  server.script = () => ({ status: 200, body: { error: 'invalid_grant', error_description: 'gone' } });
  await expect(refresh()).rejects.toMatchObject({ code: 'upstream_unauthorized', status: 401 });
  server.script = () => ({ status: 200, body: { error: 'server_busy' } });
  await expect(refresh()).rejects.toMatchObject({ code: 'upstream_rejected', status: 400 });
});
