/** What a person sees, and what nobody else gets. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type BenchProviders,
  type BenchRequest,
  createWebBench,
  MANAGEMENT_KEY,
  type WebBench,
} from '../../../test/support/web-logins.ts';

let benches: WebBench[] = [];
afterEach(() => {
  for (const bench of benches) bench.close();
  benches = [];
});

interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A browser with its cookie. */
interface Person {
  readonly bench: WebBench;
  cookie: string;
  get(path: string, request?: BenchRequest): Promise<Seen>;
  post(path: string, form: Record<string, string>, request?: BenchRequest): Promise<Seen>;
  /** With the form's own token. */
  send(path: string, form: Record<string, string>): Promise<Seen>;
}

function visit(bench: WebBench): Person {
  const see = async (path: string, request: BenchRequest): Promise<Seen> => {
    const headers = { ...(person.cookie === '' ? {} : { cookie: person.cookie }), ...request.headers };
    const answer = await bench.page(path, { ...request, headers });
    const cookie = answer.headers?.['set-cookie'];
    if (cookie !== undefined) person.cookie = cookie.split(';')[0] ?? '';
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return { status: answer.status, text, headers: answer.headers ?? {} };
  };
  const person: Person = {
    bench,
    cookie: '',
    get: (path, request = {}) => see(path, request),
    post: (path, form, request = {}) =>
      see(path, { method: 'POST', body: new URLSearchParams(form).toString(), ...request }),
    async send(path, form) {
      const { text } = await person.get('/v0/oauth/one');
      const [, token = ''] = /name="form-token" value="([^"]+)"/.exec(text) ?? [];
      return person.post(path, { ...form, 'form-token': token });
    },
  };
  return person;
}

async function come(providers: BenchProviders = {}): Promise<Person> {
  const bench = createWebBench(providers);
  benches.push(bench);
  const person = visit(bench);
  await person.post('/v0/oauth/one', { key: MANAGEMENT_KEY });
  return person;
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Begins a login and returns where the person is led. */
async function begin(person: Person, method: string, options: Record<string, string> = {}): Promise<string> {
  const { status, headers } = await person.send('/v0/oauth/one/start', { method, ...options });
  expect(status).toBe(303);
  return headers['location'] ?? '';
}

describe('the key', () => {
  it('is asked for, and kept in a cookie of these pages that no script and no other site has', async () => {
    const bench = createWebBench();
    benches.push(bench);
    const person = visit(bench);
    const asked = await person.get('/v0/oauth/one');
    expect(asked.status).toBe(401);
    expect(asked.text).toContain('type="password"');
    const wrong = await person.post('/v0/oauth/one', { key: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, text: expect.stringContaining('invalid management key') });
    expect(wrong.headers).not.toHaveProperty('set-cookie');
    const right = await person.post('/v0/oauth/one', { key: MANAGEMENT_KEY });
    expect(right).toMatchObject({ status: 303, headers: { location: '/v0/oauth/one' } });
    expect(right.headers['set-cookie']).toMatch(
      /^llmproxy_login=[\w-]{43}; Path=\/v0\/oauth; Max-Age=1800; HttpOnly; SameSite=Strict$/,
    );
    expect(right.headers['set-cookie']).not.toContain(MANAGEMENT_KEY);
    expect((await person.get('/v0/oauth/one')).status).toBe(200);
    const headers = { 'x-forwarded-proto': 'https' };
    const behind = await person.post('/v0/oauth/one', { key: MANAGEMENT_KEY }, { headers });
    expect(behind.headers['set-cookie']).toMatch(/; Secure$/);
  });

  it('lets nobody in for longer than half an hour, nor when it is another one', async () => {
    const person = await come();
    person.bench.nowMs += 30 * 60_000 - 1;
    expect((await person.get('/v0/oauth/one')).status).toBe(200);
    person.bench.key = 'another-key';
    expect((await person.get('/v0/oauth/one')).status).toBe(401);
    person.bench.key = MANAGEMENT_KEY;
    person.bench.nowMs += 1;
    expect((await person.get('/v0/oauth/one')).status).toBe(401);
    expect((await person.post('/v0/oauth/one/start', { method: 'device' })).headers['location']).toBe('/v0/oauth/one');
  });

  it('cannot be guessed for long', async () => {
    const bench = createWebBench();
    benches.push(bench);
    const person = visit(bench);
    for (let i = 0; i < 5; i++) await person.post('/v0/oauth/one', { key: `wrong-${i}` });
    expect((await person.post('/v0/oauth/one', { key: MANAGEMENT_KEY })).status).toBe(429);
  });

  it('is of no use without management, or from elsewhere', async () => {
    const person = await come();
    expect((await person.get('/v0/oauth/one', { peer: '192.0.2.1' })).status).toBe(403);
    person.bench.allowRemote = true;
    expect((await person.get('/v0/oauth/one', { peer: '192.0.2.1' })).status).toBe(200);
    person.bench.key = '';
    expect((await person.get('/v0/oauth/one')).status).toBe(404);
    expect((await person.get('/one/callback?code=c&state=s')).status).toBe(404);
  });
});

describe('a login on the page', () => {
  it('with a code shows the code and the address, looks again by itself, and says what was saved', async () => {
    const person = await come();
    const offered = await person.get('/v0/oauth/one');
    for (const text of ['with the browser', 'with a code', 'Start URL', 'Region', 'The token', 'Other Program']) {
      expect(offered.text).toContain(text);
    }
    const path = await begin(person, 'device', { 'option-region': 'eu-central-1', 'option-start-url': ' ' });
    expect(person.bench.options).toEqual([{ region: 'eu-central-1' }]);
    const waiting = await person.get(path);
    expect(waiting.text).toContain('ABCD-1234');
    expect(waiting.text).toContain('<a href="https://vendor.test/device"');
    expect(waiting.text).toContain('http-equiv="refresh"');
    person.bench.decide();
    await settle();
    const done = await person.get(path);
    expect(done.text).toContain('device@example.test');
    expect(done.text).not.toContain('http-equiv="refresh"');
  });

  it('with the browser leads to the provider and takes what comes back to the callback port', async () => {
    const person = await come({ callbackPort: 54_998 });
    person.bench.origin = 'http://127.0.0.1:8317';
    const path = await begin(person, 'browser');
    const { text } = await person.get(path);
    const [, href = ''] = /<a href="(https:\/\/vendor\.test\/authorize[^"]*)"/.exec(text) ?? [];
    const state = new URL(href.replaceAll('&#38;', '&')).searchParams.get('state') ?? '';
    const back = `http://127.0.0.1:54998/auth/callback?code=c1&state=${state}&next=https://evil.test`;
    const led = await fetch(back, { redirect: 'manual' });
    expect(led.status).toBe(302);
    const target = `http://127.0.0.1:8317/one/callback?code=c1&state=${state}`;
    expect(led.headers.get('location')).toBe(target);
    const taken = await person.bench.page(target.slice('http://127.0.0.1:8317'.length));
    expect(taken.status).toBe(200);
    await settle();
    expect((await person.get(path)).text).toContain('c1@example.test');
    await expect
      .poll(() =>
        fetch(back).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
  });

  it('takes the address that was pasted, or the code alone, but of no other login', async () => {
    const person = await come({ callbackPort: 54_997 });
    for (const paste of ['http://localhost/auth/callback?code=c1&state=STATE', 'c2-as-it-came', 'c3#STATE']) {
      const path = await begin(person, 'browser');
      const state = new URL(path, 'http://x').searchParams.get('state') ?? '';
      expect((await person.get(path.replace('/status', '/paste'))).text).not.toContain('http-equiv="refresh"');
      const other = await person.send('/v0/oauth/one/paste', {
        state,
        address: 'http://x.test/?code=evil&state=other',
      });
      expect(other.status).toBe(400);
      const address = paste.replace('STATE', state);
      const led = await person.send('/v0/oauth/one/paste', { state, address });
      expect(led).toMatchObject({ status: 303, headers: { location: path } });
    }
    await settle();
    expect(person.bench.codes).toEqual(['c1', 'c2-as-it-came', 'c3']);
  });

  it('with something that is brought, or with the login of another program', async () => {
    const person = await come();
    const brought = await person.send('/v0/oauth/one/import', { method: 'token', text: 't0ken' });
    expect(brought.text).toContain('t0ken@example.test');
    const wrong = await person.send('/v0/oauth/one/import', { method: 'token', text: 'wrong' });
    expect(wrong).toMatchObject({ status: 400, text: expect.stringContaining('that is no token') });
    const taken = await person.send('/v0/oauth/one/take-over', { import: 'other-program' });
    expect(taken.text).toContain('other-program@example.test');
  });

  it('is given up', async () => {
    const person = await come();
    const path = await begin(person, 'device');
    const state = new URL(path, 'http://x').searchParams.get('state') ?? '';
    expect((await person.send('/v0/oauth/one/cancel', { state })).status).toBe(303);
    expect((await person.get(path)).status).toBe(404);
    expect(person.bench.signals[0]?.aborted).toBe(true);
  });
});

describe('other sites', () => {
  it('cannot send forms', async () => {
    const person = await come();
    const form = { method: 'device' };
    expect((await person.post('/v0/oauth/one/start', form)).status).toBe(403);
    expect((await person.post('/v0/oauth/one/start', { ...form, 'form-token': 'guess' })).status).toBe(403);
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const key = { key: MANAGEMENT_KEY };
      expect((await person.post('/v0/oauth/one', key, { headers })).status).toBe(403);
    }
    const own = { origin: 'http://127.0.0.1:8317', 'sec-fetch-site': 'same-origin' };
    expect((await person.post('/v0/oauth/one', { key: MANAGEMENT_KEY }, { headers: own })).status).toBe(303);
    expect(person.bench.options).toEqual([]);
  });

  it('cannot lead their own name here', async () => {
    const person = await come();
    const headers = { host: 'evil.test' };
    expect((await person.get('/v0/oauth/one', { headers })).status).toBe(403);
    const local = ['localhost:8317', '[::1]:8317', '127.0.0.1'];
    for (const host of local) expect((await person.get('/v0/oauth/one', { headers: { host } })).status).toBe(200);
    person.bench.allowRemote = true;
    expect((await person.get('/v0/oauth/one', { headers })).status).toBe(200);
  });

  it('find nothing that runs, loads, frames or leaks', async () => {
    const person = await come();
    const { headers } = await person.get('/v0/oauth/one');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
  });
});

describe('what comes from elsewhere', () => {
  it('is text on every page', async () => {
    const label = '<img src=x onerror=alert(1)>';
    const url = 'javascript:alert(1)';
    const person = await come({ label, userCode: '"><script>alert(1)</script>', url });
    const pages = [await person.get('/v0/oauth/one')];
    const device = await begin(person, 'device');
    pages.push(await person.get(device));
    const browser = await begin(person, 'browser');
    const state = new URL(browser, 'http://x').searchParams.get('state') ?? '';
    await person.send('/v0/oauth/one/paste', { state, address: `refused#${state}` });
    await settle();
    const failed = await person.get(browser);
    expect(failed.text).toContain('the code is &#60;b&#62;spent&#60;/b&#62;');
    person.bench.decide();
    await settle();
    pages.push(failed, await person.get(device), await person.get('/v0/oauth'), await person.get('/v0/oauth/<script>'));
    for (const { text } of pages) {
      expect(text).not.toMatch(/<script|<img|<b>|<i>|href="javascript/);
    }
  });

  it('is not shown on the page that a browser is sent back to', async () => {
    const { bench } = await come({ ids: ['one', 'two'] });
    const { body } = await bench.manage('/one-auth-url');
    const state = typeof body === 'object' && 'state' in body ? String(body.state) : '';
    const page = async (path: string, method = 'GET'): Promise<[number, string]> => {
      const answer = await bench.page(path, { method });
      return [answer.status, typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)];
    };
    const odd = encodeURIComponent('<script>alert(1)</script>');
    const answers = [
      await page(`/one/callback?state=${odd}&code=${odd}`),
      await page(`/one/callback?state=unknown-${state}&error=${odd}`),
      await page(`/one/callback?state=${encodeURIComponent('../../x')}&code=c`),
      await page(`/one/callback?state=${state}`),
      await page(`/two/callback?state=${state}&code=c`),
      await page(`/one/callback?state=${state}&code=c1`),
      await page(`/one/callback?state=${state}&code=c1`),
      await page(`/one/callback?state=${state}&code=c1`, 'POST'),
      await page(`/nobody/callback?state=${state}&code=c1`),
    ];
    expect(answers.map(([status]) => status)).toEqual([400, 404, 400, 400, 400, 200, 409, 405, 404]);
    for (const [, text] of answers) {
      expect(text).not.toContain('alert');
      expect(text).not.toContain(state);
    }
    await settle();
    expect(bench.codes).toEqual(['c1']);
  });

  it('finds no page but those there are', async () => {
    const person = await come();
    for (const path of ['/v0/oauth/one/constructor', '/v0/oauth/one/status', '/v0/oauth/one/a/b', '/v0/oauth/nobody']) {
      expect((await person.get(path)).status).toBe(404);
    }
    expect((await person.get('/v0/oauth/one', { method: 'DELETE' })).status).toBe(405);
    expect((await person.send('/v0/oauth/one/start', { method: 'nothing' })).status).toBe(400);
    expect((await person.send('/v0/oauth/one/import', { method: 'device', text: 'x' })).status).toBe(400);
  });
});
