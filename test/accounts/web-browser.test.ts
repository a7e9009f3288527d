/** Logins of a person with a browser, over real sockets: the forwarder, the page, and what others try. */
import { request as send } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { createAccountVendors } from '../support/vendors/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';
import { type AccountGateway, accountHome } from './account-gateway.ts';
import { type ControlPanel, controlPanel } from './control-panel.ts';

const vendors = createAccountVendors();

function played(provider: string): AccountVendor {
  const vendor = vendors.find((one) => one.provider === provider);
  if (vendor === undefined) throw new Error(`nobody plays ${provider}`);
  return vendor;
}

const google = played('antigravity');
const kiro = played('kiro');
/** Where Google sends the browser of Antigravity back to. */
const CALLBACK = 'http://127.0.0.1:51121/oauth-callback';

let internet: Internet;
let gateway: AccountGateway;
let origin: string;
let panel: ControlPanel;

beforeAll(async () => {
  internet = await startInternet(google, kiro);
  const polls = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'fast-polls.ts')}` };
  gateway = await accountHome(makeFolder(), { ...internet.env, ...google.env, ...polls }).start();
  origin = await gateway.process.listening();
  panel = controlPanel(origin);
});
afterAll(async () => {
  await gateway.stop();
  await internet.close();
  cleanUp();
});

const isOpen = (): Promise<boolean> =>
  fetch(CALLBACK).then(
    () => true,
    () => false,
  );

describe('the forwarder', () => {
  it('takes the browser from the callback port to the gateway, and is gone when the login is over', async () => {
    expect(await isOpen()).toBe(false);
    const { state, url = '' } = await panel.begin('antigravity', { is_webui: '1' });
    const again = await panel.begin('antigravity', { is_webui: 'true' });
    const back = (await google.approve?.(url, 'ann')) ?? '';
    const page = await fetch(back.replace('//localhost:', '//127.0.0.1:'));
    expect(page.status).toBe(200);
    expect(page.url).toContain(`${origin}/antigravity/callback?`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).not.toContain(state);
    await panel.untilOver(state);
    expect(await panel.status(state)).toMatchObject({ status: 'ok' });
    await vi.waitFor(async () => expect(await gateway.models()).toContain(google.model), { timeout: 5000 });
    // The other login still waits for its browser.
    expect(await isOpen()).toBe(true);
    expect((await fetch(back)).status).toBe(409);
    expect(await panel.cancel(again.state)).toMatchObject({ cancelled: true });
    await vi.waitFor(async () => expect(await isOpen()).toBe(false));
    expect(google.complaints).toEqual([]);
  });

  it('leads nowhere else, and knows one address only', async () => {
    const { state } = await panel.begin('antigravity', { is_webui: 'yes' });
    const led = await fetch(`${CALLBACK}?state=x&redirect=https://evil.test&code=%0d%0aevil:1`, { redirect: 'manual' });
    const to = new URL(led.headers.get('location') ?? '');
    expect([led.status, to.origin, to.pathname]).toEqual([302, origin, '/antigravity/callback']);
    expect([...to.searchParams.keys()].sort()).toEqual(['code', 'state']);
    for (const path of ['/', '/oauth-callback/', '//evil.test/oauth-callback', '/oauth-callback/../x']) {
      expect((await fetch(`http://127.0.0.1:51121${path}`, { redirect: 'manual' })).status).toBe(404);
    }
    await panel.cancel(state);
  });
});

/** A browser with cookies; `fetch` may not name another host. */
interface Browser {
  go(path: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Shown>;
}

interface Shown {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

function browser(): Browser {
  let cookie = '';
  return {
    go: (path, form, headers = {}) =>
      new Promise((done, refuse) => {
        const more = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
        const request = send(
          `${origin}${path}`,
          { method: form === undefined ? 'GET' : 'POST', headers: { ...more, ...(cookie && { cookie }), ...headers } },
          async (response) => {
            cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
            const text = Buffer.concat(await response.toArray()).toString('utf8');
            done({ status: response.statusCode ?? 0, location: response.headers.location ?? '', text });
          },
        );
        request.once('error', refuse);
        request.end(form === undefined ? undefined : new URLSearchParams(form).toString());
      }),
  };
}

const PAGE = '/v0/oauth/kiro';
const formToken = ({ text }: Shown): string => /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? '';

describe('the page', () => {
  it('logs in with a code: key, choice, code and link, done', async () => {
    const person = browser();
    expect((await person.go(PAGE)).status).toBe(401);
    expect((await person.go(PAGE, { key: 'wrong' })).status).toBe(401);
    expect(await person.go(PAGE, { key: 'fake-management-key' })).toMatchObject({ status: 303, location: PAGE });
    const offered = await person.go(PAGE);
    for (const text of ['Builder ID', 'Identity Center', 'Google', 'GitHub', 'refresh token', 'Kiro IDE', 'Region']) {
      expect(offered.text).toContain(text);
    }
    const form = {
      'form-token': formToken(offered),
      method: 'identity-center',
      'option-start-url': kiro.options?.('identity-center')['start-url'] ?? '',
      'option-region': kiro.options?.('identity-center')['region'] ?? '',
    };
    const { status, location } = await person.go(`${PAGE}/start`, form);
    expect(status).toBe(303);
    const waiting = await person.go(location);
    const [, code = ''] = /class="code">([^<]+)</.exec(waiting.text) ?? [];
    expect(waiting.text).toContain('http-equiv="refresh"');
    expect(waiting.text).toMatch(/href="https:\/\/[^"]+"/);
    kiro.approveDevice?.(code, 'ann');
    await vi.waitFor(async () => expect((await person.go(location)).text).toContain('You are logged in'), {
      timeout: 10_000,
      interval: 100,
    });
    await vi.waitFor(async () => expect(await gateway.models()).toContain(kiro.model), { timeout: 5000 });
    expect(kiro.complaints).toEqual([]);
  });

  it('is of no use to other sites', async () => {
    const person = browser();
    await person.go(PAGE, { key: 'fake-management-key' });
    const form = { 'form-token': formToken(await person.go(PAGE)), method: 'builder-id' };
    const host = new URL(origin).host;
    for (const headers of [
      { host: 'evil.test' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      expect((await person.go(`${PAGE}/start`, form, headers)).status).toBe(403);
    }
    expect((await person.go(PAGE, undefined, { host: `evil.test:${new URL(origin).port}` })).status).toBe(403);
    expect((await person.go(`${PAGE}/start`, { ...form, 'form-token': 'x' })).status).toBe(403);
    const stranger = browser();
    expect((await stranger.go(`${PAGE}/start`, form)).location).toBe(PAGE);
    const own = await person.go(`${PAGE}/start`, form, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' });
    expect(own.location).toMatch(/^\/v0\/oauth\/kiro\/status\?state=/);
    const [, state = ''] = own.location.split('state=');
    await panel.cancel(state);
  });
});

describe('callbacks of nobody', () => {
  it('say so, and nothing of what they were told', async () => {
    const { state } = await panel.begin('antigravity');
    const odd = encodeURIComponent('<script>alert(1)</script>');
    const cases: readonly (readonly [string, number])[] = [
      [`/antigravity/callback?state=${state}x&code=c`, 404],
      [`/antigravity/callback?state=${encodeURIComponent('../../../etc/passwd')}&code=c`, 400],
      [`/antigravity/callback?state=${odd}&code=${odd}`, 400],
      [`/kiro/callback?state=${state}&code=c`, 400],
      [`/nobody/callback?state=${state}&code=c`, 404],
      [`/antigravity/callback?state=${state}&error=${odd}&error_description=${odd}`, 200],
      [`/antigravity/callback?state=${state}&code=c`, 409],
    ];
    for (const [path, status] of cases) {
      const response = await fetch(`${origin}${path}`);
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.text()).not.toMatch(/alert|passwd/);
    }
    expect(await panel.status(state)).toMatchObject({ http: 200, status: 'error' });
    expect(internet.strangers).toEqual([]);
  });
});
