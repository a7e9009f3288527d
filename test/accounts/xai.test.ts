/** xAI accounts: the login by discovery, and whom it believes. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { xai } from '../../src/providers/xai/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { createXaiVendor, type XaiVendor } from '../support/vendors/xai.ts';
import { logIn, loginIo } from './log-in.ts';

let vendor: XaiVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createXaiVendor();
  internet = await startInternet(vendor);
});
afterEach(() => internet.close());

const rules = xai.account;

function device() {
  const method = rules?.logins?.[0];
  if (method?.type !== 'device') throw new Error('no device login');
  return method;
}

it('is written down as other programs write it, and renewed where it was made', async () => {
  const { recordId, fields, label } = await logIn(internet, vendor, device(), 'ann');
  expect([recordId, label]).toEqual(['xai-ann@example.test.json', 'ann@example.test']);
  expect(fields).toEqual({
    type: 'xai',
    auth_kind: 'oauth',
    access_token: expect.stringContaining('fake-xai-ann'),
    refresh_token: expect.stringContaining('fake-xai-refresh-ann'),
    id_token: expect.stringMatching(/^ey/),
    token_type: 'Bearer',
    expires_in: 21_600,
    expired: expect.stringMatching(/Z$/),
    last_refresh: expect.stringMatching(/Z$/),
    email: 'ann@example.test',
    sub: 'fake-subject-ann',
    base_url: 'https://api.x.ai/v1',
    redirect_uri: '',
    token_endpoint: 'https://auth.x.ai/oauth2/token',
  });
  const io = { fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(20_000) };
  expect(await rules?.refresh?.(fields, io)).toMatchObject({ access_token: expect.stringContaining('fake-xai-ann') });
  await expect(rules?.refresh?.(fields, io)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  expect(vendor.complaints).toEqual(['POST auth.x.ai/oauth2/token: a refresh token was used twice']);
});

it('shows the page with the code in it, for half an hour at most', async () => {
  const io = { ...loginIo(internet, vendor, device()), now: () => 0 };
  const start = await device().begin(io);
  expect(start).toMatchObject({ verificationUrl: 'https://accounts.x.ai/device', expiresAtMs: 1_800_000 });
  expect(start.completeUrl).toBe(`https://accounts.x.ai/device?user_code=${start.userCode}`);
  vendor.denyDevice?.(start.userCode);
  await expect(start.finish()).rejects.toMatchObject({ code: 'upstream_forbidden' });
});

it.each([
  ['http://auth.x.ai/device', 'expected an https URL'],
  ['https://auth.x.ai.example.test/device', 'a host that is not of x.ai'],
  ['https://evil-x.ai/device', 'a host that is not of x.ai'],
  ['nonsense', 'expected an https URL'],
  ['', 'names no device authorization endpoint'],
])('believes no page that names %j', async (url, message) => {
  vendor.discovery['device_authorization_endpoint'] = url;
  await expect(device().begin(loginIo(internet, vendor, device()))).rejects.toThrow(message);
  expect(internet.strangers).toEqual([]);
});
