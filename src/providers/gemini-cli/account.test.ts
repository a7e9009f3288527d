import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGeminiCliVendor, type GoogleVendor } from '../../../test/support/vendors/google.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import type { Choice, ImportedFile, LoginIo, NewAccount } from '../../auth/login.ts';
import type { AccountIo } from '../provider.ts';
import { account } from './account.ts';
import { geminiCliLogin } from './import.ts';
import { login } from './login.ts';

let vendor: GoogleVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createGeminiCliVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  await internet.close();
});

const NOW = Date.parse('2026-11-22T12:00:00Z');

function io(more: Partial<LoginIo> = {}): LoginIo {
  return {
    fetch: internet.fetch,
    now: () => NOW,
    signal: AbortSignal.timeout(10_000),
    client: { secret: vendor.clientSecret },
    progress: () => {},
    wait: async () => {},
    options: {},
    ...more,
  };
}

function accountIo(more: Partial<AccountIo> = {}): AccountIo {
  return {
    fetch: internet.fetch,
    nowMs: NOW,
    signal: AbortSignal.timeout(10_000),
    client: { secret: vendor.clientSecret },
    ...more,
  };
}

async function logIn(more: Partial<LoginIo> = {}): Promise<NewAccount> {
  const start = await login.begin(io(more), 'http://localhost:8085/oauth2callback', 'state-that-nobody-guesses');
  const back = new URL((await vendor.approve?.(start.url, 'ann')) ?? '');
  expect(back.searchParams.get('state')).toBe('state-that-nobody-guesses');
  return start.finish(back.searchParams.get('code') ?? '');
}

describe('a login', () => {
  it('gets the project that Google provides, and keeps no secret of the app', async () => {
    const { recordId, fields, label } = await logIn();
    expect(recordId).toBe('gemini-ann@example.test-made-for-ann.json');
    expect(label).toBe('ann@example.test (made-for-ann)');
    expect(fields).toMatchObject({
      type: 'gemini',
      email: 'ann@example.test',
      project_id: 'made-for-ann',
      auto: true,
      checked: true,
      token: { token_type: 'Bearer', expiry: '2026-11-22T12:59:59Z', token_uri: 'https://oauth2.googleapis.com/token' },
    });
    expect(JSON.stringify(fields)).not.toContain(vendor.clientSecret);
    expect(account.serve?.(fields)).toMatchObject({ parameters: { project: 'made-for-ann' } });
  });

  it('lets the person choose among projects, and switches the API on', async () => {
    vendor.identity.projects.set('ann', ['p-1', 'p-2']);
    const asked: (readonly Choice[])[] = [];
    const choose = async (_: string, choices: readonly Choice[]): Promise<string> => {
      asked.push(choices);
      return 'p-2';
    };
    const { fields } = await logIn({ choose });
    expect(asked[0]?.map(({ value }) => value)).toEqual(['p-1', 'p-2', 'ALL', '']);
    expect(fields).toMatchObject({ project_id: 'p-2', auto: false });
    expect([...vendor.identity.enabled]).toEqual(['p-2']);
  });

  it.each(['ALL', 'p-1, p-2'])('takes several projects: %s', async (project) => {
    vendor.identity.projects.set('ann', ['p-1', 'p-2']);
    const { recordId, fields } = await logIn({ options: { project } });
    expect(recordId).toBe('gemini-ann@example.test-all.json');
    expect(fields['project_id']).toBe('p-1,p-2');
    expect(account.serve?.(fields).parts).toEqual([
      { id: 'p-1', parameters: { project: 'p-1' } },
      { id: 'p-2', parameters: { project: 'p-2' } },
    ]);
  });

  it('knows no projects of others', async () => {
    vendor.identity.projects.set('ann', ['p-1']);
    await expect(logIn({ options: { project: 'p-9' } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'this account has no project "p-9", but p-1',
    });
  });

  it("tells in Google's words who is not served", async () => {
    vendor.codeAssist.ineligible.add('ann');
    await expect(logIn()).rejects.toMatchObject({
      code: 'upstream_forbidden',
      message:
        'Google does not serve this account: This account is not eligible for Gemini Code Assist for individuals.',
    });
  });

  it('names what is to be configured when the secret of the app is missing', async () => {
    await expect(logIn({ client: undefined })).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('oauth-clients.gemini-cli.secret'),
    });
  });
});

describe('a token', () => {
  it('is renewed where it stands', async () => {
    const { fields } = await logIn();
    const changes = (await account.refresh?.(fields, accountIo({ nowMs: NOW + 3_600_000 }))) ?? {};
    expect(changes).toMatchObject({ token: { expiry: '2026-11-22T13:59:59Z' }, last_refresh: '2026-11-22T13:00:00Z' });
    expect(changes).not.toHaveProperty('access_token');
    const secret = account.serve?.({ ...fields, ...changes }).secret;
    expect(secret).toMatch(/^fake-ya29-ann-/);
    expect(secret).not.toBe(account.serve?.(fields).secret);
  });

  it('of a record of other programs is renewed beside it as well, with their app', async () => {
    const { fields } = await logIn();
    const token = { ...Object(fields['token']), client_secret: vendor.clientSecret };
    const record = { ...fields, token, access_token: 'old', expiry: 'old' };
    const changes = (await account.refresh?.(record, accountIo({ client: undefined }))) ?? {};
    expect(changes['access_token']).toBe(account.serve?.({ ...record, ...changes }).secret);
    expect(changes).toMatchObject({ token: { client_secret: vendor.clientSecret } });
  });

  it('that was revoked asks for a new login', async () => {
    const { fields } = await logIn();
    vendor.identity.refresh.endAll();
    await expect(account.refresh?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  });
});

describe('a record', () => {
  it('without a token waits for one', () => expect(account.serve?.({ project_id: 'p' }).secret).toBeNull());
  it('of all projects, without naming them, is of no use', () =>
    expect(() => account.serve?.({ project_id: 'ALL', token: { access_token: 't' } })).toThrow('log in again'));
});

it('tells the quota and the models of the account', async () => {
  const { fields } = await logIn();
  const resetsAtMs = Date.parse('2030-01-01T00:00:00Z');
  expect((await account.quota?.(fields, accountIo()))?.[0]).toEqual({
    name: 'gemini-2.5-pro',
    remaining: 0.5,
    limit: 500,
    used: 250,
    unit: 'requests',
    resetsAtMs,
  });
  expect((await account.listModels?.(fields, accountIo()))?.map(({ id }) => id)).toContain('gemini-2.5-flash');
});

describe("Gemini CLI's own login", () => {
  const code = (secret: string): ImportedFile => ({
    path: '/usr/lib/node_modules/@google/gemini-cli/bundle/chunk-A.js',
    text: `var OAUTH_CLIENT_ID = "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com";\nvar OAUTH_CLIENT_SECRET = "${secret}";`,
  });
  const kept = (expiry: number): ImportedFile => ({
    path: '/home/ann/.gemini/oauth_creds.json',
    text: JSON.stringify({
      access_token: vendor.identity.access.issue('ann'),
      refresh_token: vendor.identity.refresh.issue('ann'),
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      token_type: 'Bearer',
      expiry_date: expiry,
    }),
  });
  const read = (
    files: ImportedFile[],
    more: Partial<LoginIo> = { client: undefined },
  ): Promise<readonly NewAccount[]> => geminiCliLogin.read(files, io(more));

  it('is looked for in the home, and the program where package managers put it', () => {
    const places = { home: '/home/ann', env: { PATH: '/opt/node/bin' }, platform: 'linux' } as const;
    expect(geminiCliLogin.files(places)).toEqual(['/home/ann/.gemini/oauth_creds.json']);
    const code = geminiCliLogin.program?.files(places) ?? [];
    expect(code).toContain('/opt/node/lib/node_modules/@google/gemini-cli/bundle/*.js');
    expect(code.every((file) => file.startsWith('/') && !dirname(file).includes('*'))).toBe(true);
  });

  it("is taken over with the installed program's own app, and can be renewed", async () => {
    const [found] = await read([kept(NOW + 3_600_000), code(vendor.clientSecret)]);
    expect(found?.fields).toMatchObject({ email: 'ann@example.test', token: { client_secret: vendor.clientSecret } });
    expect(vendor.counts.refreshes).toBe(0);
    const changes = await account.refresh?.(found?.fields ?? {}, accountIo({ client: undefined }));
    expect(changes).toMatchObject({ token: { token_type: 'Bearer' } });
  });

  it('is renewed first when its token has ended', async () => {
    const [found] = await read([kept(NOW - 1), code(vendor.clientSecret)]);
    expect(vendor.counts.refreshes).toBe(1);
    expect(found?.fields).toMatchObject({ token: { expiry: '2026-11-22T12:59:59Z' } });
  });

  it('needs the secret of the app from somewhere', async () => {
    await expect(read([kept(NOW + 3_600_000)])).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('no installed Gemini CLI was found'),
    });
    expect(await read([kept(NOW + 3_600_000)], {})).toHaveLength(1);
  });

  it('is none without its file, and no secret is in the error of a broken one', async () => {
    expect(await read([code('fake-secret')])).toEqual([]);
    const broken = { path: '/home/ann/.gemini/oauth_creds.json', text: '{"refresh_token":"fake-1//x' };
    await expect(read([broken])).rejects.toThrow('oauth_creds.json is no JSON object');
  });
});
