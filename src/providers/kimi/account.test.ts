import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logIn, loginIo } from '../../../test/accounts/log-in.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import { createKimiVendor, type KimiVendor } from '../../../test/support/vendors/kimi.ts';
import type { LoginMethod } from '../../auth/login.ts';
import { account } from './account.ts';

let vendor: KimiVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createKimiVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  await internet.close();
});

const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000) });

function method(): LoginMethod {
  const [first] = account.logins ?? [];
  if (first === undefined) throw new Error('no login');
  return first;
}

it('logs in with a device of its own, that stays with the account', async () => {
  const [ann, bob] = [await logIn(internet, vendor, method(), 'ann'), await logIn(internet, vendor, method(), 'bob')];
  expect(ann.fields).toMatchObject({
    type: 'kimi',
    access_token: expect.stringMatching(/^fake-kimi-access-ann-/),
    refresh_token: expect.stringMatching(/^fake-kimi-refresh-ann-/),
    token_type: 'Bearer',
    scope: 'kimi-code',
    expired: expect.stringMatching(/Z$/),
  });
  expect(ann.recordId).toMatch(/^kimi-\d{13}-[0-9a-f]{8}\.json$/);
  expect(ann.recordId).not.toBe(bob.recordId);
  expect(ann.fields['device_id']).not.toBe(bob.fields['device_id']);
  expect(account.serve?.(ann.fields).headers).toMatchObject({
    'x-msh-platform': 'llmproxy',
    'x-msh-device-id': ann.fields['device_id'],
  });
});

it('renews its tokens, each refresh token once', async () => {
  const { fields } = await logIn(internet, vendor, method(), 'ann');
  const changed = await account.refresh?.(fields, accountIo());
  expect(changed?.['access_token']).not.toBe(fields['access_token']);
  expect(changed?.['refresh_token']).not.toBe(fields['refresh_token']);
  const again = await account.refresh?.({ ...fields, ...changed }, accountIo());
  expect(again?.['refresh_token']).toMatch(/^fake-kimi-refresh-ann-/);
});

it('tells what is left of the week and the hours', async () => {
  const { fields } = await logIn(internet, vendor, method(), 'ann');
  expect(await account.quota?.(fields, accountIo())).toEqual([
    { name: 'week', remaining: 0.74, used: 26, limit: 100, resetsAtMs: Date.parse('2026-11-29') },
    { name: '5 hours', remaining: 0.25, used: 150, limit: 200, resetsAtMs: Date.parse('2026-11-22T20:00:00Z') },
  ]);
});

it('lists models by the names of the catalogue', async () => {
  const { fields } = await logIn(internet, vendor, method(), 'ann');
  const models = await account.listModels?.(fields, accountIo());
  expect(models?.map(({ id }) => id)).toEqual(['kimi-k2.5', 'kimi-k3', 'kimi-for-coding']);
  expect(models?.[2]).toMatchObject({ contextLength: 262_144, unsignedReasoning: true });
});

describe("the login of Kimi's own CLI", () => {
  const [importer] = account.imports ?? [];
  const read = (...files: { path: string; text: string }[]) =>
    importer?.read(files, loginIo(internet, vendor, method()));

  it('is taken over with its device', async () => {
    const [json, device] = importer?.files({ home: '/h', env: {}, platform: 'linux' }) ?? [];
    expect([json, device]).toEqual(['/h/.kimi/credentials/kimi-code.json', '/h/.kimi/device_id']);
    const text = JSON.stringify({ access_token: 'a', refresh_token: 'r', expires_at: 1_900_000_000.5, scope: 's' });
    const accounts = await read({ path: json ?? '', text }, { path: device ?? '', text: 'fake-device\n' });
    expect(accounts?.map(({ fields }) => fields)).toEqual([
      {
        type: 'kimi',
        access_token: 'a',
        refresh_token: 'r',
        expired: '2030-03-17T17:46:40Z',
        scope: 's',
        token_type: 'Bearer',
        device_id: 'fake-device',
      },
    ]);
    expect(accounts?.[0]?.notes?.[0]).toMatch(/share one login/);
  });

  it('gets no device that Kimi never saw', async () => {
    const text = JSON.stringify({ access_token: 'a', refresh_token: 'r' });
    const [taken] = (await read({ path: '/h/.kimi/credentials/kimi-code.json', text })) ?? [];
    expect(taken?.fields).toEqual({ type: 'kimi', access_token: 'a', refresh_token: 'r', token_type: 'Bearer' });
  });

  it('is told of when there is none in it', async () => {
    expect(await read({ path: '/h/.kimi/device_id', text: 'x' })).toEqual([]);
    await expect(read({ path: '/x/kimi-code.json', text: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
