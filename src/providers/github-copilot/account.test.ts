import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGithubVendor, type GithubVendor } from '../../../test/support/vendors/github.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import type { LoginIo, NewAccount } from '../../auth/login.ts';
import { account } from './account.ts';

let vendor: GithubVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createGithubVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  await internet.close();
});

const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000) });
const loginIo = (options: Record<string, string> = {}): LoginIo => ({
  fetch: internet.fetch,
  now: () => Date.now(),
  signal: AbortSignal.timeout(5000),
  client: undefined,
  progress: () => {},
  wait: async () => {},
  options,
});

async function logIn(
  decide: (code: string) => void = (code) => vendor.approveDevice?.(code, 'ann'),
): Promise<NewAccount> {
  const method = account.logins?.[0];
  if (method?.type !== 'device') throw new Error('no device login');
  const start = await method.begin(loginIo());
  expect(start.verificationUrl).toBe('https://github.com/login/device');
  decide(start.userCode);
  return start.finish();
}

describe('a login', () => {
  it('is kept with both tokens, the address of the plan and what is left of it', async () => {
    const { recordId, fields, label } = await logIn();
    expect([recordId, label]).toEqual(['github-copilot-ann.json', 'ann']);
    expect(fields).toMatchObject({
      type: 'github-copilot',
      access_token: expect.stringMatching(/^fake-gho-ann-/),
      token_type: 'bearer',
      scope: 'user:email',
      username: 'ann',
      copilot_token: expect.stringMatching(/^fake-copilot-ann-/),
      copilot_api: 'https://api.individual.githubcopilot.com',
      copilot_plan: 'individual',
      quota_snapshots: { premium_interactions: { remaining: 75 } },
    });
    const endsAtMs = Date.parse(String(fields['copilot_expires_at']));
    expect(account.serve?.(fields)).toMatchObject({
      secret: fields['copilot_token'],
      expiresAtMs: endsAtMs,
      baseUrl: 'https://api.individual.githubcopilot.com',
      headers: { 'copilot-integration-id': 'llmproxy' },
      plan: 'individual',
    });
    expect(endsAtMs).toBeGreaterThan(Date.now() + 20 * 60_000);
  });

  it('is refused when the person says no, or has no Copilot', async () => {
    await expect(logIn((code) => vendor.denyDevice?.(code))).rejects.toMatchObject({ code: 'upstream_forbidden' });
    vendor.withoutPlan.add('ann');
    await expect(logIn()).rejects.toMatchObject({
      code: 'upstream_forbidden',
      message: 'this GitHub account cannot use Copilot: No access to GitHub Copilot found for ann',
    });
  });
});

describe('the exchange', () => {
  it('brings a new token and keeps that of GitHub', async () => {
    const { fields } = await logIn();
    const changed = await account.refresh?.(fields, accountIo());
    expect(changed?.['copilot_token']).not.toBe(fields['copilot_token']);
    expect(changed).not.toHaveProperty('access_token');
  });

  it('tells what cannot be changed from what passes', async () => {
    const { fields } = await logIn();
    vendor.exchangeStatus = 503;
    await expect(account.refresh?.(fields, accountIo())).rejects.toMatchObject({ retryable: true, scope: 'provider' });
    vendor.exchangeStatus = undefined;
    vendor.withoutPlan.add('ann');
    await expect(account.refresh?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_forbidden' });
    vendor.revoke(String(fields['access_token']));
    await expect(account.refresh?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    await expect(account.refresh?.(fields, { ...accountIo(), fetch })).rejects.toMatchObject({
      code: 'upstream_unreachable',
    });
    expect(() => account.serve?.({ type: 'github-copilot' })).toThrow(/log in again/);
  });

  it('sends tokens to nobody but GitHub', async () => {
    const api = async (url: string) => {
      const fetch = async () => Response.json({ token: 't', expires_at: 4e9, endpoints: { api: url } });
      return (await account.refresh?.({ access_token: 'g' }, { ...accountIo(), fetch }))?.['copilot_api'];
    };
    expect(await api('https://api.business.githubcopilot.com/')).toBe('https://api.business.githubcopilot.com');
    for (const url of ['http://api.githubcopilot.com', 'https://githubcopilot.com.example.test', 'nonsense'])
      expect(await api(url)).toBe('https://api.githubcopilot.com');
  });
});

it('lists the models of the plan with the endpoints of each, whatever became of the token', async () => {
  const { fields } = await logIn();
  vendor.expireTokens();
  const ended = { ...fields, copilot_expires_at: '2020-01-01T00:00:00Z' };
  const models = await account.listModels?.(ended, accountIo());
  expect(models?.map(({ id, dialects }) => [id, dialects])).toEqual([
    ['claude-sonnet-4.6', ['anthropic-messages', 'openai-chat']],
    ['gpt-5.2', ['openai-chat', 'openai-responses']],
    ['gpt-5.3-codex', ['openai-responses']],
  ]);
  expect(models?.[0]).toMatchObject({ ownedBy: 'someone', maxOutputTokens: 32_000, capabilities: { vision: true } });
});

it('tells what is left of the plan', async () => {
  const { fields } = await logIn();
  const resetsAtMs = Date.parse('2026-12-01');
  expect(await account.quota?.(fields, accountIo())).toEqual([
    { name: 'chat messages', unlimited: true, resetsAtMs },
    { name: 'premium requests', remaining: 0.25, used: 225, limit: 300, unit: 'requests', resetsAtMs },
  ]);
});

describe("logins of GitHub's plugins", () => {
  const importer = account.imports?.[0];
  const read = (text: string) => importer?.read([{ path: '/x/apps.json', text }], loginIo());

  it('are where each system keeps them', () => {
    const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
      importer?.files({ home: '/h', env, platform })[0];
    expect(at('linux')).toBe('/h/.config/github-copilot/apps.json');
    expect(at('linux', { XDG_CONFIG_HOME: '/c' })).toBe('/c/github-copilot/apps.json');
    expect(at('win32', { LOCALAPPDATA: '/l' })).toBe('/l/github-copilot/apps.json');
  });

  it('are taken over once for each account of github.com', async () => {
    const [token, other] = [vendor.githubToken('ann'), vendor.githubToken('bob')];
    const hosts = {
      'github.com': { user: 'ann', oauth_token: token },
      'github.com:Iv1.b507a08c87ecfe98': { user: 'bob', oauth_token: other },
      'corp.ghe.com': { user: 'eve', oauth_token: 'fake-elsewhere' },
    };
    const accounts = await read(JSON.stringify(hosts));
    expect(accounts?.map(({ recordId }) => recordId)).toEqual(['github-copilot-ann.json', 'github-copilot-bob.json']);
    expect(await read('{}')).toEqual([]);
  });

  it('are told of when they cannot be used', async () => {
    await expect(read('nonsense')).rejects.toMatchObject({ code: 'invalid_request' });
    const gone = { 'github.com': { oauth_token: 'fake-gone' } };
    await expect(read(JSON.stringify(gone))).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  });
});
