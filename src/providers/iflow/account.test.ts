import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logIn, loginIo } from '../../../test/accounts/log-in.ts';
import { createIflowVendor, type IflowVendor } from '../../../test/support/vendors/iflow.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import { account } from './account.ts';
import { browser, cookie } from './login.ts';

let vendor: IflowVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createIflowVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  await internet.close();
});

const client = { secret: 'fake-iflow-secret' };
const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000), client });

describe('a login with the browser', () => {
  it('is kept with the key that requests are sent with', async () => {
    const { recordId, fields, label } = await logIn(internet, vendor, browser, 'ann');
    expect([recordId, label]).toEqual(['iflow-ann@example.test.json', 'ann@example.test']);
    expect(fields).toEqual({
      type: 'iflow',
      access_token: expect.stringMatching(/^fake-iflow-access-ann-/),
      refresh_token: expect.stringMatching(/^fake-iflow-refresh-ann-/),
      token_type: 'bearer',
      scope: 'all',
      expired: expect.stringMatching(/Z$/),
      last_refresh: expect.stringMatching(/Z$/),
      api_key: expect.stringMatching(/^fake-iflow-key-ann-/),
      email: 'ann@example.test',
    });
    expect(account.serve?.(fields)).toEqual({ secret: fields['api_key'] });
  });

  it('needs the secret of the app, and says where it goes', async () => {
    const io = { ...loginIo(internet, vendor, browser), client: undefined };
    await expect(browser.begin(io, 'http://localhost:11451/oauth2callback', 'state')).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('LLMPROXY_OAUTH_IFLOW_CLIENT_SECRET'),
    });
  });

  it('is renewed, and so is the key', async () => {
    const { fields } = await logIn(internet, vendor, browser, 'ann');
    const changed = await account.refresh?.(fields, accountIo());
    for (const name of ['access_token', 'refresh_token', 'api_key']) expect(changed?.[name]).not.toBe(fields[name]);
    const gone = { ...fields, ...changed, refresh_token: undefined };
    await expect(account.refresh?.(gone, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  });
});

describe('a login with a cookie', () => {
  it('keeps only what counts of it', async () => {
    const { recordId, fields } = await logIn(internet, vendor, cookie, 'bob');
    expect(recordId).toBe('iflow-bob@example.test.json');
    expect(fields).toEqual({
      type: 'iflow',
      api_key: expect.stringMatching(/^fake-iflow-key-bob-/),
      email: 'bob@example.test',
      // 08:00 in China.
      expired: '2030-01-02T00:00:00Z',
      last_refresh: expect.stringMatching(/Z$/),
      cookie: expect.stringMatching(/^BXAuth=fake-iflow-cookie-bob-\w+;$/),
    });
    expect(account.serve?.(fields)).toEqual({ secret: fields['api_key'] });
  });

  it('has a new key issued when the old one ends', async () => {
    const { fields } = await logIn(internet, vendor, cookie, 'bob');
    const changed = await account.refresh?.(fields, accountIo());
    expect(changed?.['api_key']).not.toBe(fields['api_key']);
    vendor.endCookies();
    await expect(account.refresh?.(fields, accountIo())).rejects.toMatchObject({
      code: 'upstream_unauthorized',
      message: 'platform.iflow.cn does not take the cookie (please log in); log in again',
    });
  });

  it('needs one', async () => {
    const io = loginIo(internet, vendor, cookie);
    await expect(cookie.finish(io, 'other=1')).rejects.toThrow('expected a cookie with BXAuth= in it');
    await expect(cookie.finish(io, 'NotBXAuth=1; BXAuth=;')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

it('leaves plain keys alone, and waits for the key of a login', () => {
  expect(account.serve?.({ type: 'iflow', api_key: 'k' })).toEqual({});
  expect(account.serve?.({ type: 'iflow', auth_kind: 'api_key', api_key: 'k', access_token: 'a' })).toEqual({});
  expect(account.serve?.({ type: 'iflow', refresh_token: 'r' })).toEqual({ secret: null });
  expect(account.notices?.[0]).toContain('2026-04-17');
});
