import { describe, expect, test } from 'vitest';
import { loginWorld, refused, type Scripted } from '../../test/support/login-io.ts';
import { type DeviceSpec, deviceLogin } from './device-code.ts';
import { createProofKey } from './pkce.ts';

const spec: DeviceSpec = {
  id: 'device',
  label: 'with a code',
  provider: 'some-ai',
  clientId: 'public-app',
  deviceUrl: 'https://some.test/device',
  tokenUrl: 'https://some.test/token',
  encoding: 'form',
  toAccount: ({ fields }) => Promise.resolve({ recordId: 'a.json', fields, label: 'a' }),
};
const code = {
  device_code: 'device-secret',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://some.test/activate',
  expires_in: 600,
  interval: 5,
};
const tokens = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600 };

async function finish(answers: readonly Scripted[], own: Partial<DeviceSpec> = {}, start: Scripted = code) {
  const world = loginWorld([start, ...answers]);
  const started = await deviceLogin({ ...spec, ...own }).begin(world.io);
  const outcome = await started.finish().catch((error: unknown) => error);
  return { ...world, outcome };
}

const account = {
  recordId: 'a.json',
  label: 'a',
  fields: {
    access_token: 'access-1',
    refresh_token: 'refresh-1',
    expired: expect.stringMatching(/^2026-11-22T13:\d\d:\d\dZ$/),
    last_refresh: expect.stringMatching(/^2026-11-22T12:\d\d:\d\dZ$/),
  },
};

describe('the code', () => {
  test('is asked for, and what the person needs is told', async () => {
    const { io, sent } = loginWorld([{ ...code, verification_uri_complete: 'https://some.test/activate?c=1' }]);
    const login = deviceLogin({
      ...spec,
      scopes: ['a', 'b'],
      deviceParams: { audience: 'x' },
      headers: { 'x-own': '1' },
    });
    expect(await login.begin(io)).toEqual({
      verificationUrl: 'https://some.test/activate',
      userCode: 'ABCD-EFGH',
      completeUrl: 'https://some.test/activate?c=1',
      expiresAtMs: io.now() + 600_000,
      finish: expect.any(Function),
    });
    expect(sent).toMatchObject([
      { url: spec.deviceUrl, method: 'POST', members: { client_id: 'public-app', scope: 'a b', audience: 'x' } },
    ]);
    expect(sent[0]?.headers.get('x-own')).toBe('1');
  });

  test('may come under other names, and without what the provider never says', async () => {
    const own: Partial<DeviceSpec> = {
      encoding: 'json',
      names: { client_id: 'clientId', scope: '' },
      scopes: ['a'],
      verificationUrl: 'https://some.test/fixed',
      lifeMs: 1000,
      readCode: ({ id, usercode }) => ({ device_code: id, user_code: usercode }),
    };
    const { io, sent } = loginWorld([{ id: 'x', usercode: 'Y' }]);
    const started = await deviceLogin({ ...spec, ...own }).begin(io);
    expect(started).toMatchObject({
      verificationUrl: 'https://some.test/fixed',
      userCode: 'Y',
      expiresAtMs: io.now() + 1000,
    });
    expect(started).not.toHaveProperty('completeUrl');
    expect(sent[0]?.members).toEqual({ clientId: 'public-app' });
  });

  test.each<[string, Scripted, string]>([
    ['nothing of a code', {}, 'upstream_invalid_response'],
    ['no address', { ...code, verification_uri: '' }, 'upstream_invalid_response'],
    [
      'an address that is no web page',
      { ...code, verification_uri: 'javascript:alert(1)' },
      'upstream_invalid_response',
    ],
    ['a refusal', refused('invalid_client', 401), 'upstream_unauthorized'],
    ['a refusal with status 200', { error: 'unauthorized_client' }, 'upstream_unauthorized'],
    ['a server that fails', new Response('', { status: 503 }), 'upstream_failed'],
    ['a line that breaks', new TypeError('fetch failed'), 'upstream_unreachable'],
  ])('%s', async (_, answer, errorCode) => {
    const { io } = loginWorld([answer]);
    await expect(deviceLogin(spec).begin(io)).rejects.toMatchObject({ code: errorCode });
  });

  test('an odd second address is left out', async () => {
    const { io } = loginWorld([{ ...code, verification_uri_complete: 'app://open' }]);
    expect(await deviceLogin(spec).begin(io)).not.toHaveProperty('completeUrl');
  });

  test('an app that needs a secret is not asked without one', async () => {
    const { io, sent } = loginWorld([code]);
    const login = deviceLogin({ ...spec, needsSecret: true });
    await expect(login.begin(io)).rejects.toMatchObject({
      code: 'invalid_config',
      message: /oauth-clients\.some-ai\.secret/,
    });
    expect(sent).toEqual([]);
    await login.begin({ ...io, client: { secret: 'fake-secret' } });
    expect(sent[0]?.members).toEqual({ client_id: 'public-app', client_secret: 'fake-secret' });
  });
});

describe('polls', () => {
  test('go on while the person has not decided', async () => {
    const pending = refused('authorization_pending');
    const { outcome, waits, sent } = await finish([pending, refused('slow_down'), pending, tokens]);
    expect(outcome).toEqual(account);
    expect(waits).toEqual([5000, 5000, 10_000, 10_000]);
    expect(sent[1]).toMatchObject({
      url: spec.tokenUrl,
      members: {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'public-app',
        device_code: 'device-secret',
      },
    });
  });

  test('with status 200 mean the same', async () => {
    const { outcome, waits } = await finish([{ error: 'authorization_pending' }, { error: 'slow_down' }, tokens]);
    expect(outcome).toEqual(account);
    expect(waits).toEqual([5000, 5000, 10_000]);
  });

  test.each([
    [undefined, undefined, 5000],
    [1, undefined, 5000],
    [7, undefined, 7000],
    [1, 1000, 1000],
    ['8', undefined, 8000],
  ])('interval %s, at least %s: every %s ms', async (interval, minIntervalMs, ms) => {
    const own = minIntervalMs === undefined ? {} : { minIntervalMs };
    const { waits } = await finish([tokens], own, { ...code, interval });
    expect(waits).toEqual([ms]);
  });

  test('slow down as the provider’s own rule says', async () => {
    const { waits } = await finish([refused('slow_down'), refused('slow_down'), tokens], { slower: (ms) => ms * 1.5 });
    expect(waits).toEqual([5000, 7500, 11_250]);
  });

  test.each([
    ['expired_token', 'upstream_timeout'],
    ['access_denied', 'upstream_forbidden'],
    ['authorization_declined', 'upstream_forbidden'],
    ['invalid_grant', 'upstream_unauthorized'],
    ['invalid_request', 'upstream_rejected'],
  ])('%s is final', async (error, errorCode) => {
    const { outcome, sent } = await finish([refused(error), tokens]);
    expect(outcome).toMatchObject({ code: errorCode });
    expect(sent).toHaveLength(2);
  });

  test('an answer without token is final', async () => {
    const { outcome } = await finish([{ hello: 1 }, tokens]);
    expect(outcome).toMatchObject({ code: 'upstream_invalid_response' });
  });

  test('that get no answer are repeated, with longer pauses', async () => {
    const broken = new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
    const busy = new Response('', { status: 429, headers: { 'retry-after': '60' } });
    const { outcome, waits, told } = await finish([broken, new Response('', { status: 502 }), broken, busy, tokens]);
    expect(outcome).toEqual(account);
    expect(waits).toEqual([5000, 10_000, 20_000, 30_000, 60_000]);
    expect(told[0]).toBe('no answer for now (some.test cannot be reached: ECONNRESET); still asking');
    expect(told.join()).not.toContain('device-secret');
  });

  test('end with the code', async () => {
    const { outcome, waits } = await finish([refused('authorization_pending')], {}, { ...code, expires_in: 12 });
    expect(outcome).toMatchObject({ code: 'upstream_timeout', message: /not used in time/ });
    expect(waits).toEqual([5000, 5000, 2000]);
  });

  test('end with the login', async () => {
    const world = loginWorld([code, refused('authorization_pending')]);
    const { io, ended, sent } = world;
    const started = await deviceLogin(spec).begin({
      ...io,
      wait: () => Promise.resolve(sent.length > 2 && ended.abort()).then(() => undefined),
    });
    await expect(started.finish()).rejects.toMatchObject({ code: 'client_closed' });
    expect(sent).toHaveLength(3);
  });

  test('under way when the login ends are cut', async () => {
    const { io, ended } = loginWorld([code]);
    const started = await deviceLogin(spec).begin(io);
    let polls = 0;
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        polls++;
        init?.signal?.addEventListener('abort', () => reject(new Error('cut')));
        setTimeout(() => ended.abort(), 5);
      });
    const cut = await deviceLogin({ ...spec }).begin({
      ...io,
      fetch: (url, init) => (String(url).endsWith('device') ? io.fetch(url, init) : hanging(url, init)),
    });
    await expect(cut.finish()).rejects.toMatchObject({ code: 'client_closed' });
    expect(polls).toBe(1);
    await expect(started.finish()).rejects.toMatchObject({ code: 'client_closed' });
  });

  test('with PKCE carry the verifier of the challenge', async () => {
    const { sent } = await finish([tokens], { pkce: true });
    const { code_challenge: challenge, code_challenge_method: method } = sent[0]?.members ?? {};
    const verifier = sent[1]?.members['code_verifier'] ?? '';
    expect(method).toBe('S256');
    expect(verifier).toMatch(/^[\w-]{43}$/);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    expect(challenge).toBe(Buffer.from(digest).toString('base64url'));
    expect((await createProofKey()).verifier).not.toBe(verifier);
  });

  test('may be answered with other statuses and names', async () => {
    const own: Partial<DeviceSpec> = {
      readAnswer: (answer) => {
        if (answer.status === 403) return { state: 'pending' };
        return { ...answer, body: { access_token: answer.body['accessToken'] } };
      },
    };
    const { outcome, waits } = await finish([new Response('', { status: 403 }), { accessToken: 'other' }], own);
    expect(outcome).toMatchObject({ fields: { access_token: 'other' } });
    expect(waits).toEqual([5000, 5000]);
  });

  test('may be the provider’s own', async () => {
    const seen: string[] = [];
    const own: Partial<DeviceSpec> = {
      poll: ({ code: { user_code }, client }) => {
        seen.push(`${client.id} ${user_code}`);
        const answer = { ok: true, status: 200, headers: new Headers(), text: '', body: tokens, secrets: [] };
        return Promise.resolve(seen.length < 3 ? { state: 'pending' } : { state: 'done', value: answer });
      },
    };
    const { outcome, sent } = await finish([], own);
    expect(outcome).toEqual(account);
    expect(seen).toEqual(Array(3).fill('public-app ABCD-EFGH'));
    expect(sent).toHaveLength(1);
  });
});
