/** Kiro: every way to log in, what requests are made of its records, and both ways through its own dialect. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProxyError } from '../../src/errors.ts';
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
afterAll(() => internet.close());
afterEach(() => {
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  expect(internet.faults).toEqual([]);
});

const rules = kiro.account;
if (rules === undefined) throw new Error('nobody can log in');
const methods = rules.logins ?? [];
const io = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000) });

const amazon = { client_id: expect.any(String), client_secret: expect.any(String) };
const social = { auth_method: 'social', profile_arn: PROFILE_ARN };
const START = 'https://view.awsapps.com/start';
const OWN_START = 'https://example-works.awsapps.com/start';

describe('logging in', () => {
  it.each([
    [
      'builder-id',
      'kiro-builder-id-ann@example.test.json',
      { ...amazon, auth_method: 'builder-id', region: 'us-east-1', start_url: START },
    ],
    [
      'builder-id-browser',
      'kiro-builder-id-ann@example.test.json',
      { ...amazon, auth_method: 'builder-id', start_url: START },
    ],
    [
      'identity-center',
      'kiro-idc-example-works-ann@example.test.json',
      { ...amazon, auth_method: 'idc', region: 'eu-central-1', start_url: OWN_START },
    ],
    [
      'identity-center-browser',
      'kiro-idc-example-works-ann@example.test.json',
      { ...amazon, auth_method: 'idc', region: 'eu-central-1' },
    ],
    ['google', 'kiro-social-google-ann@example.test.json', { ...social, provider: 'Google' }],
    ['github', 'kiro-social-github-ann@example.test.json', { ...social, provider: 'Github' }],
    ['refresh-token', 'kiro-social-ann@example.test.json', social],
  ])('%s', async (id, recordId, fields) => {
    const method = methods.find((one) => one.id === id);
    if (method === undefined) throw new Error(`no method ${id}`);
    const account = await logIn(internet, vendor, method, 'ann');
    expect(account).toMatchObject({ recordId, label: 'ann@example.test' });
    expect(account.fields).toMatchObject({
      type: 'kiro',
      email: 'ann@example.test',
      access_token: expect.stringContaining('fake-'),
      refresh_token: expect.stringContaining('fake-'),
      expires_at: expect.stringMatching(/^20.*Z$/),
      ...fields,
    });
    const renewed = await rules.refresh?.(account.fields, io());
    expect(renewed).toMatchObject({ access_token: expect.any(String), expires_at: expect.any(String) });
    expect(renewed?.['access_token']).not.toBe(account.fields['access_token']);
    // Amazon does not repeat the token, and the old one must stay.
    expect('refresh_token' in (renewed ?? {})).toBe(account.fields['auth_method'] === 'social');
    expect(await rules.listModels?.({ ...account.fields, ...renewed }, io())).toMatchObject([
      { id: 'claude-sonnet-4.5', displayName: 'Claude sonnet-4.5', contextLength: 200_000 },
      { id: 'claude-haiku-4.5' },
    ]);
  });

  it('a person who says no', async () => {
    const [method] = methods;
    if (method?.type !== 'device') throw new Error('the usual way is a code');
    const start = await method.begin(loginIo(internet, vendor, method));
    vendor.denyDevice?.(start.userCode);
    await expect(start.finish()).rejects.toMatchObject({ code: 'upstream_forbidden' });
  });

  it.each([
    ['http://example.awsapps.com/start'],
    ['https://localhost/start'],
    ['https://intranet/start'],
    ['https://10.0.0.1/start'],
    ['https://[::1]/start'],
    ['https://169.254.169.254/latest'],
    ['https://printer.local/start'],
    ['https://me@example.awsapps.com/start'],
    ['example'],
  ])('goes to no start URL like %s', async (url) => {
    const method = methods.find(({ id }) => id === 'identity-center');
    if (method?.type !== 'device') throw new Error('no method');
    const options = { 'start-url': url };
    await expect(method.begin({ ...loginIo(internet, vendor, method), options })).rejects.toThrow(/start URL must be/);
  });

  it.each([['us-east-1.evil.example#'], ['x'], ['us_east_1'], ['US-EAST-1'], [`us-${'a'.repeat(40)}-1`]])(
    'goes to no region like %s',
    async (region) => {
      const [method] = methods;
      if (method?.type !== 'device') throw new Error('no method');
      const options = { region };
      await expect(method.begin({ ...loginIo(internet, vendor, method), options })).rejects.toThrow(/region is none/);
      expect(() => rules.serve?.({ api_region: region })).toThrow(/region is none/);
    },
  );

  it('an organisation without its start URL', async () => {
    const method = methods.find(({ id }) => id === 'identity-center-browser');
    if (method?.type !== 'browser') throw new Error('no method');
    const without = { ...loginIo(internet, vendor, method), options: {} };
    await expect(method.begin(without, 'http://127.0.0.1:19877/oauth/callback', 's')).rejects.toThrow(/start-url/);
  });

  it('another address to come back to', async () => {
    const method = methods.find(({ id }) => id === 'google');
    if (method?.type !== 'browser') throw new Error('no method');
    const redirect = 'kiro://kiro.kiroAgent/authenticate-success';
    const asked = { ...loginIo(internet, vendor, method), options: { 'redirect-uri': redirect } };
    const start = await method.begin(asked, 'http://localhost:9876/oauth/callback', 's');
    const back = new URL((await vendor.approve?.(start.url, 'ann')) ?? '');
    expect(back.href.startsWith(redirect)).toBe(true);
    expect(await start.finish(back.searchParams.get('code') ?? '')).toMatchObject({ label: 'ann@example.test' });
  });
});

describe('renewing', () => {
  it.each([
    [{ auth_method: 'builder-id' }, /no client_id; log in again/],
    [{ auth_method: 'idc', client_id: 'a', client_secret: 'b' }, /no refresh_token; log in again/],
    [{ auth_method: 'social' }, /no refresh token; log in again/],
  ])('what cannot be renewed has to log in again: %j', async (fields, words) => {
    const failed = rules.refresh?.(fields, io());
    await expect(failed).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    await expect(failed).rejects.toThrow(words);
  });

  it('a login that has ended', async () => {
    const method = methods.find(({ id }) => id === 'google');
    if (method === undefined) throw new Error('no method');
    const { fields } = await logIn(internet, vendor, method, 'ann');
    await rules.refresh?.(fields, io());
    const again = rules.refresh?.(fields, io());
    await expect(again).rejects.toBeInstanceOf(ProxyError);
    await expect(again).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    expect((vendor.complaints as string[]).splice(0)).toEqual([
      'POST prod.us-east-1.auth.desktop.kiro.dev/refreshToken: a spent refresh token',
    ]);
  });
});

it('tells what is left', async () => {
  const [method] = methods;
  if (method === undefined) throw new Error('no method');
  const { fields } = await logIn(internet, vendor, method, 'ann');
  expect(await rules.quota?.(fields, io())).toEqual([
    { name: 'Credits', remaining: 0.75, used: 12.5, limit: 50, resetsAtMs: 1_900_000_000_000 },
    { name: 'Credits (free trial)', remaining: 0.8, used: 100, limit: 500 },
  ]);
});

describe('what requests are made of a record', () => {
  const accept = { accept: '*/*' };
  const amazonJson = { ...accept, 'content-type': 'application/x-amz-json-1.0' };
  const streaming = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse';

  it.each<[Record<string, string>, string, object, object]>([
    [{}, 'https://q.us-east-1.amazonaws.com', accept, { operation: 'generateAssistantResponse', origin: 'AI_EDITOR' }],
    [
      { profile_arn: PROFILE_ARN, auth_method: 'social' },
      'https://q.us-east-1.amazonaws.com',
      accept,
      { operation: 'generateAssistantResponse', origin: 'AI_EDITOR', profileArn: PROFILE_ARN },
    ],
    [
      { profile_arn: 'arn:aws:codewhisperer:eu-central-1:1:profile/X', auth_method: 'IdC', region: 'us-west-2' },
      'https://q.eu-central-1.amazonaws.com',
      accept,
      { operation: 'generateAssistantResponse', origin: 'AI_EDITOR' },
    ],
    [
      { api_region: 'us-gov-west-1', profile_arn: PROFILE_ARN, client_id: 'a', client_secret: 'b' },
      'https://q.us-gov-west-1.amazonaws.com',
      accept,
      { operation: 'generateAssistantResponse', origin: 'AI_EDITOR' },
    ],
    [
      { preferred_endpoint: 'IDE' },
      'https://codewhisperer.us-east-1.amazonaws.com',
      { ...amazonJson, 'x-amz-target': streaming },
      { operation: 'generateAssistantResponse', origin: 'AI_EDITOR' },
    ],
    [
      { preferred_endpoint: 'amazonq', profile_arn: 'nonsense' },
      'https://q.us-east-1.amazonaws.com',
      { ...amazonJson, 'x-amz-target': 'AmazonQDeveloperStreamingService.SendMessage' },
      { operation: '', origin: 'CLI', profileArn: 'nonsense' },
    ],
    [{ preferred_endpoint: 'toString' }, 'https://q.us-east-1.amazonaws.com', accept, { origin: 'AI_EDITOR' }],
  ])('%j', (fields, baseUrl, headers, parameters) => {
    const served = rules.serve?.(fields);
    expect(served).toMatchObject({ baseUrl, parameters });
    expect(served?.headers).toEqual(headers);
    expect('profileArn' in (served?.parameters ?? {})).toBe('profileArn' in parameters);
  });
});
