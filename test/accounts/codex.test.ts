/** ChatGPT accounts: what is written down of them, and what they are asked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewAccount } from '../../src/auth/login.ts';
import { codex } from '../../src/providers/codex/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { fakeJwt } from '../support/vendors/oauth-codes.ts';
import { createOpenAiVendor, type OpenAiVendor } from '../support/vendors/openai.ts';
import { logIn, loginIo } from './log-in.ts';

let vendor: OpenAiVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createOpenAiVendor();
  internet = await startInternet(vendor);
});
afterEach(() => internet.close());

const rules = codex.account;
const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(20_000) });

async function logInBy(index: number, who = 'ann'): Promise<NewAccount> {
  const method = rules?.logins?.[index];
  if (method === undefined) throw new Error('no such login');
  return logIn(internet, vendor, method, who);
}

describe('a login', () => {
  it.each([
    ['with the browser', 0],
    ['with a device code', 1],
  ])('%s is written down as other programs write it', async (_, index) => {
    vendor.plans.set('ann', 'Self Serve Business!');
    const { recordId, fields, label, notes } = await logInBy(index);
    expect(recordId).toBe('codex-92d987bb-ann@example.test-self-serve-business.json');
    expect(fields).toEqual({
      type: 'codex',
      id_token: expect.stringMatching(/^ey/),
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringContaining('fake-rt-ann'),
      account_id: 'fake-workspace-of-ann',
      email: 'ann@example.test',
      expired: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      last_refresh: expect.stringMatching(/Z$/),
    });
    expect([label, notes]).toEqual(['ann@example.test', ['Plan: Self Serve Business!.']]);
    expect(vendor.complaints).toEqual([]);
  });

  it('ends when the code is used no more', async () => {
    const device = rules?.logins?.[1];
    if (device?.type !== 'device') throw new Error('no device login');
    let nowMs = Date.now();
    const io = {
      ...loginIo(internet, vendor, device),
      now: () => nowMs,
      wait(ms: number) {
        nowMs += ms;
        return Promise.resolve();
      },
    };
    const start = await device.begin(io);
    expect(start).toMatchObject({ verificationUrl: 'https://auth.openai.com/codex/device' });
    expect(start.expiresAtMs - nowMs).toBe(15 * 60_000);
    vendor.denyDevice?.(start.userCode);
    await expect(start.finish()).rejects.toMatchObject({ code: 'upstream_timeout' });
  });
});

describe('the login of Codex', () => {
  const read = (auth: unknown) =>
    rules?.imports?.[0]?.read(
      [{ path: '/home/ann/.codex/auth.json', text: typeof auth === 'string' ? auth : JSON.stringify(auth) }],
      { ...accountIo(), now: Date.now, client: undefined, progress: () => {}, options: {} },
    );

  it('is looked for where Codex keeps it', () => {
    const files = (env: Record<string, string>) =>
      rules?.imports?.[0]?.files({ home: '/home/ann', env, platform: 'linux' });
    expect(files({})).toEqual(['/home/ann/.codex/auth.json']);
    expect(files({ CODEX_HOME: '/elsewhere' })).toEqual(['/elsewhere/auth.json']);
  });

  it('is taken over with everything that is in it', async () => {
    const { access_token, id_token, refresh_token } = vendor.tokens('ann');
    const tokens = { access_token, id_token, refresh_token, account_id: 'chosen-workspace' };
    const file = { auth_mode: 'chatgpt', OPENAI_API_KEY: 'sk-fake', tokens, last_refresh: '2026-01-01T00:00:00Z' };
    expect(await read(file)).toEqual([
      {
        recordId: 'codex-92d987bb-ann@example.test-plus.json',
        label: 'ann@example.test',
        fields: {
          ...tokens,
          type: 'codex',
          account_id: 'fake-workspace-of-ann',
          email: 'ann@example.test',
          last_refresh: '2026-01-01T00:00:00Z',
        },
        notes: ['Plan: plus.', expect.stringContaining('share one refresh token')],
      },
      {
        recordId: expect.stringMatching(/^codex-key-[0-9a-f]{8}\.json$/),
        label: 'OpenAI API key of Codex',
        fields: { type: 'codex', auth_kind: 'api_key', api_key: 'sk-fake' },
        notes: [expect.stringContaining('billed as an API key')],
      },
    ]);
  });

  it('may be opaque, absent, or no login at all', async () => {
    expect(await read({ tokens: { access_token: 'opaque', account_id: 'w' } })).toMatchObject([
      { recordId: expect.stringMatching(/^codex-[0-9a-f]{8}-account\.json$/), fields: { account_id: 'w' } },
    ]);
    expect(await read({ OPENAI_API_KEY: null, tokens: null })).toEqual([]);
    await expect(read('sk-secret')).rejects.toThrow(/expected a JSON object/);
    await expect(read('sk-secret')).rejects.not.toThrow(/sk-secret/);
  });
});

describe('an account', () => {
  it('is served by its workspace and plan until its token ends', () => {
    const claims = { chatgpt_account_id: 'w', chatgpt_plan_type: 'pro', chatgpt_account_is_fedramp: true };
    const token = fakeJwt({ exp: 1_800_000_000, 'https://api.openai.com/auth': claims });
    expect(rules?.serve?.({ access_token: token })).toEqual({
      headers: { 'chatgpt-account-id': 'w', 'x-openai-fedramp': 'true' },
      expiresAtMs: 1_800_000_000_000,
      plan: 'pro',
    });
    expect(rules?.serve?.({ access_token: 'opaque', account_id: 'x', plan_type: 'free' })).toEqual({
      headers: { 'chatgpt-account-id': 'x' },
      plan: 'free',
    });
  });

  it.each([
    ['free', ['gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'codex-auto-review', 'gpt-5.4-mini'], 372_000],
    [
      'Business',
      ['gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'codex-auto-review', 'gpt-5.4', 'gpt-5.4-mini'],
      372_000,
    ],
  ])('of a plan %s has its models', (plan, ids, context) => {
    const models = rules?.models?.(plan) ?? [];
    expect(models.map(({ id }) => id)).toEqual(ids);
    expect(models.find(({ id }) => id === 'gpt-5.6-terra')?.contextLength).toBe(context);
  });

  it('of a plan that nobody knows has all of them', () => {
    const context = (plan?: string) => rules?.models?.(plan).map(({ id, contextLength }) => [id, contextLength]);
    expect(context('plus')).toContainEqual(['gpt-5.3-codex-spark', 128_000]);
    expect(context('plus')).toContainEqual(['gpt-5.6-sol', 372_000]);
    expect(context(undefined)).toContainEqual(['gpt-5.6-sol', 921_000]);
    expect(context('prolite')).toEqual(context('pro'));
  });

  it('is asked for its models, its quota and new tokens', async () => {
    const { fields } = await logInBy(0);
    expect(await rules?.listModels?.(fields, accountIo())).toMatchObject([
      { id: 'gpt-5.5', displayName: 'GPT-5.5', contextLength: 272_000, maxOutputTokens: 128_000 },
      { id: 'gpt-5.4-mini', contextLength: 272_000, reasoning: { levels: ['low', 'medium', 'high', 'xhigh'] } },
    ]);
    const resetsAtMs = 1_795_000_000_000;
    expect(await rules?.quota?.(fields, accountIo())).toEqual([
      { name: '5 hours', remaining: 0.75, resetsAtMs },
      { name: '7 days', remaining: 0.6, resetsAtMs },
    ]);
    const renewed = await rules?.refresh?.(fields, accountIo());
    expect(renewed?.['refresh_token']).not.toBe(fields['refresh_token']);
    expect(vendor.complaints).toEqual([]);
    await expect(rules?.refresh?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    expect(vendor.complaints).toEqual(['POST auth.openai.com/oauth/token: a refresh token was used twice']);
  });
});
