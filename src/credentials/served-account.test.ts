import { describe, expect, test } from 'vitest';
import { provider } from '../../test/support/test-target.ts';
import { ProxyError } from '../errors.ts';
import type { AccountFields, AccountRules, ServedAccount } from '../providers/provider.ts';
import { servedManifest } from '../routing/served-manifest.ts';
import { type AccountReading, accountCredential } from './account-record.ts';
import { servedTimes, servedToken } from './served-account.ts';

const fields = { type: 'test', access_token: 'fake-github-token', expired: '2030-01-01T00:00:00Z', plan: 'free' };

function read(serve: (fields: AccountFields) => ServedAccount, more: Partial<AccountRules> = {}): AccountReading {
  const account: AccountRules = { types: ['test'], refreshLeadMs: 0, serve, ...more };
  return accountCredential({ id: 'a.json', revision: 'r', modifiedAtMs: 0, fields }, [provider({ account })]);
}

describe('what a provider reads out of a record', () => {
  test('takes the place of its usual members', () => {
    const expiresAtMs = Date.parse('2031-01-01T00:00:00Z');
    const served = { secret: 'fake-exchanged', expiresAtMs, baseUrl: 'https://b.example', plan: 'pro' };
    const reading = read(() => ({ ...served, headers: { 'x-own': '1' }, parameters: { region: 'r' } }));
    expect(reading).toMatchObject({
      state: 'ready',
      credentials: [{ kind: 'account', ...served, headers: { 'x-own': '1' }, parameters: { region: 'r' } }],
    });
  });

  test('may be that there is no secret yet', () => {
    const serve = (): ServedAccount => ({ secret: null });
    expect(read(serve)).toMatchObject({ state: 'unusable' });
    expect(read(serve, { refresh: async () => ({}) })).toMatchObject({ state: 'no-token' });
  });

  test('may be that the record is of no use', () => {
    const reading = read(() => {
      throw new ProxyError('upstream_rejected', 'its region is none');
    });
    expect(reading).toEqual({ state: 'unusable', recordId: 'a.json', message: 'its region is none' });
  });

  test('may be several credentials, each with an id of its own; the first keeps the account its id', () => {
    const one = read(() => ({}));
    const parts = ['p1', 'p2', 'p3'].map((id) => ({ id, parameters: { project: id } }));
    const many = read(() => ({ parameters: { project: 'none', zone: 'z' }, parts }));
    if (one.state !== 'ready' || many.state !== 'ready') throw new Error('not ready');
    expect(many.credentials.map(({ parameters }) => parameters)).toEqual(
      ['p1', 'p2', 'p3'].map((project) => ({ project, zone: 'z' })),
    );
    expect(new Set(many.credentials.map(({ id }) => id)).size).toBe(3);
    expect(many.credentials[0].id).toBe(one.credentials[0].id);
    expect(many.credentials.map(({ label }) => label)).toEqual(['a [p1]', 'a [p2]', 'a [p3]']);
  });
});

test('tokens and times are those that requests are sent with', () => {
  const serve = (): ServedAccount => ({ secret: 'fake-exchanged', expiresAtMs: 5 });
  expect(servedToken(fields, { serve })).toBe('fake-exchanged');
  expect(servedTimes(fields, { serve }).expiresAtMs).toBe(5);
  expect(servedToken(fields, undefined)).toBe('fake-github-token');
  expect(servedTimes(fields, undefined).expiresAtMs).toBe(Date.parse(fields.expired));
  expect(servedToken(fields, { serve: () => ({ secret: null }) })).toBeUndefined();
});

test('accounts are served by the manifest with their own address, endpoints and deviations', () => {
  const endpoints = [{ dialect: 'openai-responses' as const, path: '/r' }];
  const own = provider({
    account: { types: ['test'], refreshLeadMs: 0, baseUrl: 'https://a.example', endpoints, quirks: { rejects: ['n'] } },
    quirks: { rejects: ['top_p'] },
  });
  expect(servedManifest(own, { kind: 'api-key' })).toBe(own);
  const served = servedManifest(own, { kind: 'account' });
  expect(served).toMatchObject({ id: own.id, baseUrl: 'https://a.example', endpoints, quirks: { rejects: ['n'] } });
  expect(servedManifest(own, { kind: 'account' })).toBe(served);
});
