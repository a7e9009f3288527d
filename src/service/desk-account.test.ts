import { expect, it } from 'vitest';
import { deskAccount } from './desk-account.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

it.each([
  ['a login', { type: 'claude', access_token: 'fake-1', refresh_token: 'fake-2' }, true],
  ['a login without a token yet', { type: 'claude', refresh_token: 'fake-2' }, true],
  [
    'a key that gives tokens',
    { type: 'iflow', cookie: 'fake', api_key: 'fake', expired: '2026-01-02T00:00:00Z' },
    true,
  ],
  ['a setup token', { type: 'claude', access_token: 'fake-1' }, false],
  ['a plain key', { type: 'codex', auth_kind: 'api_key', api_key: 'fake-key' }, false],
  ['a provider that renews nothing', { type: 'kilo', kilocodeToken: 'fake-1' }, false],
])('whether %s can be renewed', (_, fields, isRenewable) => {
  expect(deskAccount({ id: 'a.json', revision: '1', modifiedAtMs: 0, fields }, '/auths', NOW_MS)).toMatchObject({
    isRenewable,
  });
});
