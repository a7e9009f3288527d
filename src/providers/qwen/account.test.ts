import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logIn, loginIo } from '../../../test/accounts/log-in.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import { createQwenVendor, type QwenVendor } from '../../../test/support/vendors/qwen.ts';
import type { DeviceLogin, LoginIo } from '../../auth/login.ts';
import { account } from './account.ts';

let vendor: QwenVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createQwenVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  await internet.close();
});

const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000) });
const io = (more: Partial<LoginIo> = {}): LoginIo => ({ ...loginIo(internet, vendor, method()), ...more });

function method(): DeviceLogin {
  const found = account.logins?.find((login) => login.type === 'device');
  if (found === undefined) throw new Error('no device login');
  return found;
}

describe('a login', () => {
  it('is kept with the address that came with it', async () => {
    const { recordId, fields, label } = await logIn(internet, vendor, method(), 'ann');
    expect(recordId).toMatch(/^qwen-\d{13}-[0-9a-f]{8}\.json$/);
    expect(label).toMatch(/^qwen-\d{13}$/);
    expect(fields).toEqual({
      type: 'qwen',
      access_token: expect.stringMatching(/^fake-qwen-access-ann-/),
      refresh_token: expect.stringMatching(/^fake-qwen-refresh-ann-/),
      expired: expect.stringMatching(/Z$/),
      last_refresh: expect.stringMatching(/Z$/),
      resource_url: 'portal.qwen.ai',
      email: label,
    });
    expect(account.serve?.(fields)).toEqual({ baseUrl: 'https://portal.qwen.ai/v1' });
  });

  it('is known by the name that the person gives it', async () => {
    const start = await method().begin(io({ options: { name: 'ann@example.test' } }));
    expect(start.completeUrl).toContain(`user_code=${start.userCode}`);
    vendor.approveDevice?.(start.userCode, 'ann');
    expect(await start.finish()).toMatchObject({ recordId: 'qwen-ann@example.test.json', label: 'ann@example.test' });
  });

  it('asks more slowly when it is told to', async () => {
    const waits: number[] = [];
    const start = await method().begin(io({ wait: async (ms) => void waits.push(ms) }));
    vendor.approveDevice?.(start.userCode, 'ann');
    await start.finish();
    expect(waits).toEqual([5000, 5000, 7500]);
  });

  it('ends with a denial, and where the vendor has closed', async () => {
    const start = await method().begin(io());
    vendor.denyDevice?.(start.userCode);
    await expect(start.finish()).rejects.toMatchObject({ code: 'upstream_forbidden' });
    // The code is gone: status 401.
    await expect(start.finish()).rejects.toMatchObject({ code: 'upstream_timeout' });
    vendor.isClosed = true;
    await expect(method().begin(io())).rejects.toThrow('Qwen OAuth free tier has been discontinued');
    expect(account.notices?.[0]).toContain('2026-04-15');
  });
});

it('renews tokens, and goes where they lead', async () => {
  const { fields } = await logIn(internet, vendor, method(), 'ann');
  vendor.resource = 'other.qwen.ai';
  const changed = await account.refresh?.(fields, accountIo());
  expect(changed).toMatchObject({ resource_url: 'other.qwen.ai', refresh_token: expect.stringMatching(/^fake-qwen/) });
  vendor.isClosed = true;
  await expect(account.refresh?.({ ...fields, ...changed }, accountIo())).rejects.toMatchObject({
    code: 'upstream_unauthorized',
  });
  await expect(account.refresh?.({}, accountIo())).rejects.toThrow(/log in again/);
});

it('takes the login of Qwen Code over', async () => {
  const [importer] = account.imports ?? [];
  const path = '/h/.qwen/oauth_creds.json';
  expect(importer?.files({ home: '/h', env: {}, platform: 'linux' })).toEqual([path]);
  const own = {
    access_token: 'a',
    refresh_token: 'r',
    token_type: 'Bearer',
    resource_url: 'x.qwen.ai',
    expiry_date: 1.9e12,
  };
  const read = (value: unknown) =>
    importer?.read([{ path, text: JSON.stringify(value) }], io({ options: { name: 'me' } }));
  expect((await read(own))?.map(({ fields }) => fields)).toEqual([
    {
      type: 'qwen',
      access_token: 'a',
      refresh_token: 'r',
      resource_url: 'x.qwen.ai',
      expired: '2030-03-17T17:46:40Z',
      email: 'me',
    },
  ]);
  await expect(read({})).rejects.toThrow(`${path} holds no login`);
});
