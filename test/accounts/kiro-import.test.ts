/** The login of the Kiro IDE, as it lies on a machine. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportedFile, LoginIo, LoginMethod } from '../../src/auth/login.ts';
import { kiro } from '../../src/providers/kiro/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { createKiroVendor, type KiroVendor, PROFILE_ARN } from '../support/vendors/kiro/index.ts';
import { logIn, loginIo } from './log-in.ts';

let internet: Internet;
let vendor: KiroVendor;

beforeAll(async () => {
  vendor = createKiroVendor();
  internet = await startInternet(vendor);
});
afterAll(async () => {
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  await internet.close();
});

const [ide] = kiro.account?.imports ?? [];
if (ide === undefined) throw new Error('nothing to import');
const CACHE = '/home/ann/.aws/sso/cache';

function file(name: string, content: unknown): ImportedFile {
  return { path: `${CACHE}/${name}`, text: typeof content === 'string' ? content : JSON.stringify(content) };
}

function io(): LoginIo {
  return loginIo(internet, vendor, methodOf('google'));
}

function methodOf(id: string): LoginMethod {
  const method = kiro.account?.logins?.find((one) => one.id === id);
  if (method === undefined) throw new Error(`no method ${id}`);
  return method;
}

const read = (...files: readonly ImportedFile[]) => ide.read(files, io());

it('looks where the IDE keeps it', () => {
  expect(ide.files({ home: '/home/ann', env: {}, platform: 'linux' })).toEqual([
    join(CACHE, '*.json'),
    '/home/ann/.kiro/kiro-auth-token.json',
  ]);
});

it('a login with Google', async () => {
  const { fields } = await logIn(internet, vendor, methodOf('google'), 'ann');
  const token = {
    accessToken: fields['access_token'],
    refreshToken: fields['refresh_token'],
    profileArn: PROFILE_ARN,
    expiresAt: '2026-11-22T18:00:00.000Z',
    authMethod: 'social',
    provider: 'Google',
  };
  expect(await read(file('botocore-client-id-us-east-1.json', {}), file('kiro-auth-token.json', token))).toEqual([
    {
      recordId: 'kiro-social-google-ann@example.test.json',
      label: 'ann@example.test',
      fields: {
        type: 'kiro',
        access_token: fields['access_token'],
        refresh_token: fields['refresh_token'],
        profile_arn: PROFILE_ARN,
        expires_at: '2026-11-22T18:00:00.000Z',
        auth_method: 'social',
        provider: 'Google',
        email: 'ann@example.test',
        user_id: 'user-ann',
      },
    },
  ]);
});

it.each([
  ['Enterprise', 'IdC', 'idc', undefined, 'kiro-idc-ann@example.test.json'],
  ['BuilderId', 'IdC', 'builder-id', 'https://view.awsapps.com/start', 'kiro-builder-id-ann@example.test.json'],
  ['Enterprise', undefined, 'idc', undefined, 'kiro-idc-ann@example.test.json'],
])('a login of Amazon (%s, %s), with the file of its app', async (provider, authMethod, method, startUrl, recordId) => {
  const { fields } = await logIn(internet, vendor, methodOf('builder-id'), 'ann');
  const hash = 'a'.repeat(40);
  const token = {
    accessToken: fields['access_token'],
    refreshToken: fields['refresh_token'],
    expiresAt: '2026-11-22T18:00:00.000Z',
    clientIdHash: hash,
    authMethod,
    provider,
    region: 'us-east-1',
  };
  const app = {
    clientId: fields['client_id'],
    clientSecret: fields['client_secret'],
    expiresAt: '2027-02-01T00:00:00Z',
  };
  const [account] = await read(file(`${hash}.json`, app), file('kiro-auth-token.json', token));
  expect(account).toMatchObject({
    recordId,
    fields: { auth_method: method, client_id: fields['client_id'], client_secret: fields['client_secret'] },
  });
  expect(account?.fields['start_url']).toBe(startUrl);
  const renewed = kiro.account?.refresh?.(account?.fields ?? {}, { ...io(), nowMs: Date.now() });
  await expect(renewed).resolves.toMatchObject({ access_token: expect.stringContaining('fake-') });
});

it('spelled as in files of llmproxy, whole in one file', async () => {
  const { fields } = await logIn(internet, vendor, methodOf('builder-id'), 'bob');
  const { access_token, refresh_token, client_id, client_secret } = fields;
  const token = { access_token, refresh_token, client_id, client_secret, auth_method: 'builder-id', email: 'b@x.test' };
  expect(await read(file('kiro-auth-token.json', token))).toMatchObject([
    { recordId: 'kiro-builder-id-b@x.test.json', fields: { client_id, client_secret, email: 'b@x.test' } },
  ]);
});

it('nothing of it, and nothing that can be used', async () => {
  const token = { accessToken: 'fake-a', refreshToken: 'fake-r', authMethod: 'IdC' };
  expect(await read()).toEqual([]);
  expect(await read(file('other.json', {}))).toEqual([]);
  await expect(read(file('kiro-auth-token.json', '{"accessToken":'))).rejects.toThrow(/is no JSON object$/);
  await expect(read(file('kiro-auth-token.json', '[]'))).rejects.toThrow(/is no JSON object$/);
  await expect(read(file('kiro-auth-token.json', { accessToken: 'fake' }))).rejects.toThrow(/no refresh token/);
  await expect(read(file('kiro-auth-token.json', { ...token, clientIdHash: 'abc' }))).rejects.toThrow(/abc\.json$/);
  for (const clientIdHash of ['../../x', 'a/b', 'a\\b', '..'])
    await expect(
      read(
        file('kiro-auth-token.json', { ...token, clientIdHash }),
        file('x.json', { clientId: 'a', clientSecret: 'b' }),
      ),
    ).rejects.toThrow(/its name is not told$/);
});

it('says when nobody tells the profile of a login that needs one', async () => {
  const token = { refreshToken: 'fake-r', accessToken: 'fake-old', authMethod: 'social', email: 'c@x.test' };
  const [account] = await read(file('kiro-auth-token.json', token));
  expect(account?.notes).toEqual([expect.stringContaining('profile_arn')]);
  const [complete] = await read(file('kiro-auth-token.json', { ...token, profileArn: 'a' }));
  expect(complete).not.toHaveProperty('notes');
});

it('two accounts that nobody names are two records', async () => {
  const token = (refreshToken: string) => ({
    refreshToken,
    accessToken: 'fake-old',
    authMethod: 'social',
    profileArn: 'a',
  });
  const [one] = await read(file('kiro-auth-token.json', token('fake-one')));
  const [other] = await read(file('kiro-auth-token.json', token('fake-two')));
  const [again] = await read(file('kiro-auth-token.json', token('fake-one')));
  expect(one?.recordId).toMatch(/^kiro-social-[0-9a-f]{10}\.json$/);
  expect(other?.recordId).not.toBe(one?.recordId);
  expect(again?.recordId).toBe(one?.recordId);
  expect(one?.label).toBe('social');
});
