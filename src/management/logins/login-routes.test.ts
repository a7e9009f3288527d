/** What control panels ask and are told. */
import { afterEach, describe, expect, it } from 'vitest';
import { type BenchProviders, createWebBench, type WebBench } from '../../../test/support/web-logins.ts';
import { ProxyError } from '../../errors.ts';

let benches: WebBench[] = [];
afterEach(() => {
  for (const bench of benches) bench.close();
  benches = [];
});

function open(providers: BenchProviders = {}): WebBench {
  const bench = createWebBench(providers);
  benches.push(bench);
  return bench;
}

/** The JSON of an answer. */
async function told(answer: Promise<{ status: number; body: object | string }>): Promise<Record<string, unknown>> {
  const { status, body } = await answer;
  return { http: status, ...(typeof body === 'object' ? body : { text: body }) };
}

async function begin(bench: WebBench, path = '/one-auth-url'): Promise<string> {
  return String((await told(bench.manage(path)))['state']);
}

const statusOf = (bench: WebBench, state: string): Promise<Record<string, unknown>> =>
  told(bench.manage(`/get-auth-status?state=${encodeURIComponent(state)}`));

/** Lets promises settle. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('a login with the browser', () => {
  it('is told by its address and state, waits, and is done when the address that came back is pasted', async () => {
    const bench = open();
    const { state, url, ...rest } = await told(bench.manage('/one-auth-url'));
    expect(rest).toEqual({ http: 200, status: 'ok' });
    expect(state).toMatch(/^[\w-]{40,}$/);
    const asked = new URL(String(url)).searchParams;
    expect([asked.get('state'), asked.get('redirect_uri')]).toEqual([state, 'http://localhost:54999/auth/callback']);
    expect(await statusOf(bench, String(state))).toEqual({ http: 200, status: 'wait' });

    const redirect = `http://localhost:54999/auth/callback?code=c1&state=${state}`;
    const body = { provider: 'one', redirect_url: redirect };
    const answer = bench.manage('/oauth-callback', { method: 'POST', body, noKey: true });
    expect(await told(answer)).toEqual({ http: 200, status: 'ok' });
    await settle();
    expect(await statusOf(bench, String(state))).toEqual({ http: 200, status: 'ok' });
    expect(bench.codes).toEqual(['c1']);
    expect(bench.saved).toEqual(['fake-c1.json']);
  });

  it('takes code and state as they are, and by GET', async () => {
    const bench = open();
    const first = await begin(bench);
    const body = { provider: 'ONE ', code: 'c1', state: first };
    expect(await told(bench.manage('/oauth-callback', { method: 'POST', body, noKey: true }))).toMatchObject({
      http: 200,
    });
    const second = await begin(bench);
    const path = `/oauth-callback?provider=one&code=c2&state=${second}`;
    expect(await told(bench.manage(path, { noKey: true }))).toEqual({ http: 200, status: 'ok' });
    await settle();
    expect(bench.codes).toEqual(['c1', 'c2']);
  });

  it('takes a code once, also while it is being exchanged', async () => {
    const bench = open();
    const state = await begin(bench);
    const path = `/oauth-callback?provider=one&code=c1&state=${state}`;
    await bench.manage(path, { noKey: true });
    const again = { http: 409, status: 'error', error: 'oauth flow is not pending' };
    expect(await told(bench.manage(path, { noKey: true }))).toEqual(again);
    await settle();
    expect(await told(bench.manage(path, { noKey: true }))).toEqual(again);
    expect(bench.codes).toEqual(['c1']);
  });

  it('fails with the words of the provider, and with none of ours', async () => {
    const bench = open();
    const denied = await begin(bench);
    await bench.manage(`/oauth-callback?provider=one&error=access_denied&state=${denied}`, { noKey: true });
    const refused = await begin(bench);
    await bench.manage(`/oauth-callback?provider=one&code=refused&state=${refused}`, { noKey: true });
    const broken = await begin(bench);
    await bench.manage(`/oauth-callback?provider=one&code=broken&state=${broken}`, { noKey: true });
    await settle();
    expect(await statusOf(bench, denied)).toEqual({
      http: 200,
      status: 'error',
      error: 'the login was denied on the page of the provider',
    });
    expect(await statusOf(bench, refused)).toEqual({ http: 200, status: 'error', error: 'the code is <b>spent</b>' });
    expect((await statusOf(bench, broken))['error']).not.toContain('secret');
    expect(bench.failures).toEqual([expect.any(TypeError)]);
    expect(bench.saved).toEqual([]);
  });

  it('says what is wrong with what is brought', async () => {
    const bench = open({ ids: ['one', 'two'] });
    const state = await begin(bench);
    const brought = (body: object | string): Promise<Record<string, unknown>> =>
      told(bench.manage('/oauth-callback', { method: 'POST', body, noKey: true }));
    const wrong = [
      ['no json', 'invalid body', 400],
      [{ provider: 'nobody', code: 'c', state }, 'unsupported provider', 400],
      [{ provider: 'one', redirect_url: 'not an address' }, 'invalid redirect_url', 400],
      [{ provider: 'one', code: 'c' }, 'state is required', 400],
      [{ provider: 'one', code: 'c', state: '../../etc/passwd' }, 'invalid state', 400],
      [{ provider: 'one', code: 'c', state: `${state}%2f` }, 'invalid state', 400],
      [{ provider: 'one', state }, 'code or error is required', 400],
      [{ provider: 'two', code: 'c', state }, 'provider does not match state', 400],
      [{ provider: 'one', code: 'c', state: `${state}x` }, 'unknown or expired state', 404],
      [{ provider: 'one', code: 'c', state: 7 }, 'state is required', 400],
    ] as const;
    for (const [body, error, http] of wrong) expect(await brought(body)).toEqual({ http, status: 'error', error });
    await settle();
    expect(bench.codes).toEqual([]);
    expect(await statusOf(bench, state)).toEqual({ http: 200, status: 'wait' });
  });

  it('lives for half an hour, and for a minute when it is over', async () => {
    const bench = open();
    const state = await begin(bench);
    bench.nowMs += 30 * 60_000 - 1;
    expect(await statusOf(bench, state)).toEqual({ http: 200, status: 'wait' });
    bench.nowMs += 1;
    const gone = { http: 404, status: 'error', error: 'unknown or expired state' };
    expect(await statusOf(bench, state)).toEqual(gone);
    expect(bench.signals[0]?.aborted).toBe(true);
    expect(await told(bench.manage(`/oauth-callback?provider=one&code=c&state=${state}`))).toEqual(gone);

    const done = await begin(bench);
    await bench.manage(`/oauth-callback?provider=one&code=c1&state=${done}`);
    await settle();
    bench.nowMs += 59_999;
    expect(await statusOf(bench, done)).toEqual({ http: 200, status: 'ok' });
    bench.nowMs += 1;
    expect(await statusOf(bench, done)).toEqual(gone);
    expect(bench.codes).toEqual(['c1']);
  });

  it('is given up by its state', async () => {
    const bench = open();
    const state = await begin(bench);
    const cancel = (): Promise<Record<string, unknown>> =>
      told(bench.manage(`/oauth-session?state=${state}`, { method: 'DELETE' }));
    expect(await cancel()).toEqual({ http: 200, status: 'ok', cancelled: true });
    expect(bench.signals[0]?.aborted).toBe(true);
    expect((await statusOf(bench, state))['http']).toBe(404);
    expect(await cancel()).toEqual({ http: 200, status: 'ok', cancelled: false });
  });

  it('is nothing to those who have no key, nor are states that nobody has', async () => {
    const bench = open();
    const state = await begin(bench);
    for (const [path, method] of [
      ['/one-auth-url', 'GET'],
      [`/get-auth-status?state=${state}`, 'GET'],
      [`/oauth-session?state=${state}`, 'DELETE'],
      ['/one/import', 'POST'],
    ] as const) {
      expect((await bench.manage(path, { method, noKey: true })).status).toBe(401);
    }
    for (const odd of ['', 'a/b', 'a'.repeat(129), '<b>']) {
      expect(await statusOf(bench, odd)).toEqual({ http: 400, status: 'error', error: 'invalid state' });
    }
    bench.key = '';
    const path = `/oauth-callback?provider=one&code=c&state=${state}`;
    expect((await bench.manage(path, { noKey: true })).status).toBe(404);
    bench.key = 'another-key';
    expect((await bench.manage(path, { noKey: true, peer: '192.0.2.1' })).status).toBe(403);
  });
});

describe('a login with a code', () => {
  it('is told with code and time, and done when the person has typed it', async () => {
    const bench = open();
    const { state, ...rest } = await told(bench.manage('/one-auth-url?method=device'));
    expect(rest).toEqual({
      http: 200,
      status: 'ok',
      flow: 'device',
      url: 'https://vendor.test/device',
      user_code: 'ABCD-1234',
      expires_in: 900,
    });
    expect(await statusOf(bench, String(state))).toEqual({ http: 200, status: 'wait' });
    const path = `/oauth-callback?provider=one&code=c&state=${state}`;
    expect((await told(bench.manage(path)))['http']).toBe(409);
    bench.decide();
    await settle();
    expect(await statusOf(bench, String(state))).toEqual({ http: 200, status: 'ok' });
  });

  it('fails when the provider refuses, and is not saved when it was given up before', async () => {
    const bench = open();
    const refused = await begin(bench, '/one-auth-url?method=device');
    bench.decide(new ProxyError('upstream_forbidden', 'denied'));
    await settle();
    expect(await statusOf(bench, refused)).toEqual({ http: 200, status: 'error', error: 'denied' });
    const late = await begin(bench, '/one-auth-url?method=device');
    await bench.manage(`/oauth-session?state=${late}`, { method: 'DELETE' });
    bench.decide();
    await settle();
    expect(bench.saved).toEqual([]);
  });

  it('hands on what was said beforehand, and knows its methods', async () => {
    const bench = open();
    await begin(bench, '/one-auth-url?method=device&region=eu-central-1&start_url=https://a.test&other=x');
    expect(bench.options).toEqual([{ region: 'eu-central-1', 'start-url': 'https://a.test' }]);
    expect(await told(bench.manage('/one-auth-url?method=nothing'))).toMatchObject({ http: 400 });
    expect(await told(bench.manage('/one-auth-url?method=token'))).toMatchObject({ http: 400 });
  });
});

describe('what a person brings', () => {
  it('is a cookie or a token', async () => {
    const bench = open();
    const bring = (body: object): Promise<Record<string, unknown>> =>
      told(bench.manage('/one-auth-url', { method: 'POST', body }));
    expect(await bring({ cookie: ' c00kie ' })).toEqual({
      http: 200,
      status: 'ok',
      saved_path: '/accounts/fake-c00kie.json',
      email: 'c00kie@example.test',
      expired: '2026-12-01T00:00:00Z',
      type: 'fake',
    });
    expect(await bring({})).toEqual({ http: 400, status: 'error', error: 'cookie is required' });
    expect(await bring({ cookie: 'wrong' })).toEqual({ http: 400, status: 'error', error: 'that is no token' });
  });

  it('is a file with a location', async () => {
    const bench = open();
    const send = async (form: FormData | string, query = ''): Promise<Record<string, unknown>> => {
      const packed = new Response(form);
      const headers = { 'content-type': packed.headers.get('content-type') ?? '' };
      const body = await packed.text();
      return told(bench.manage(`/one/import${query}`, { method: 'POST', headers, body }));
    };
    const form = new FormData();
    expect(await send(form)).toEqual({ http: 400, error: 'file required' });
    form.set('file', new Blob(['{"project":"p1"}']), 'key.json');
    const saved = { http: 200, status: 'ok', 'auth-file': '/accounts/fake-p1.json', project_id: 'p1' };
    const email = 'p1@example.test';
    expect(await send(form)).toEqual({ ...saved, email, location: 'us-central1' });
    expect(await send(form, '?location=europe-west4')).toEqual({ ...saved, email, location: 'europe-west4' });
    form.set('location', 'asia-east1');
    expect(await send(form)).toEqual({ ...saved, email, location: 'asia-east1' });
    expect(await send('no form')).toEqual({ http: 400, error: 'file required' });
  });
});

describe('names', () => {
  it('are those of control panels', async () => {
    const bench = open({ ids: ['claude', 'codex', 'gemini-cli', 'xai', 'unheard-of'] });
    for (const name of ['anthropic', 'codex', 'gemini-cli', 'xai', 'unheard-of']) {
      expect((await bench.manage(`/${name}-auth-url`)).status).toBe(200);
    }
    expect((await bench.manage('/claude-auth-url')).status).toBe(404);
    for (const provider of ['claude', 'anthropic']) {
      const state = await begin(bench, '/anthropic-auth-url');
      const body = { provider, code: 'c', state };
      expect((await bench.manage('/oauth-callback', { method: 'POST', body })).status).toBe(200);
    }
  });

  it('of methods whose address comes with the status', async () => {
    const bench = open({ ids: ['kiro'] });
    expect(await told(bench.manage('/kiro-auth-url?method=aws'))).toMatchObject({ http: 400 });
    const device = await told(bench.manage('/kiro-auth-url?method=device'));
    expect(device).toEqual({ http: 200, status: 'ok', state: expect.any(String), method: 'device_code' });
    const code = { status: 'device_code', verification_url: 'https://vendor.test/device', user_code: 'ABCD-1234' };
    const state = String(device['state']);
    expect(await statusOf(bench, state)).toEqual({ http: 200, ...code });
    expect(await statusOf(bench, state)).toEqual({ http: 200, ...code });
    const social = await told(bench.manage('/kiro-auth-url?method=browser'));
    expect(social).toEqual({ http: 200, status: 'ok', state: expect.any(String), method: 'social' });
    const { url, ...rest } = await statusOf(bench, String(social['state']));
    expect(rest).toEqual({ http: 200, status: 'auth_url' });
    expect(String(url)).toContain(String(social['state']));
  });
});
