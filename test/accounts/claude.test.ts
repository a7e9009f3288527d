/** Claude accounts: what is written down of them, what they say of their plan, and the text in front of their requests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportedFile, NewAccount } from '../../src/auth/login.ts';
import { claude } from '../../src/providers/claude/index.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type AnthropicVendor, createAnthropicVendor } from '../support/vendors/anthropic.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { accountHome } from './account-gateway.ts';
import { logIn } from './log-in.ts';

let vendor: AnthropicVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createAnthropicVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  await internet.close();
  cleanUp();
});

const rules = claude.account;
const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(20_000) });
const loginIo = () => ({ ...accountIo(), now: Date.now, client: undefined, progress: () => {}, options: {} });

async function logInBy(index: number, who = 'ann'): Promise<NewAccount> {
  const method = rules?.logins?.[index];
  if (method === undefined) throw new Error('no such login');
  return logIn(internet, vendor, method, who);
}

describe('a login', () => {
  it('with the browser is written down as other programs write it', async () => {
    expect(await logInBy(0)).toEqual({
      recordId: 'claude-ann@example.test.json',
      fields: {
        type: 'claude',
        id_token: '',
        access_token: expect.stringContaining('fake-oat-ann'),
        refresh_token: expect.stringContaining('fake-ort-ann'),
        email: 'ann@example.test',
        account_uuid: 'fake-account-ann',
        organization_uuid: 'fake-organization-ann',
        organization_name: "ann's Organization",
        plan: 'max',
        expired: expect.stringMatching(/Z$/),
        last_refresh: expect.stringMatching(/Z$/),
      },
      label: 'ann@example.test',
      notes: ['Plan: max.', "Organisation: ann's Organization."],
    });
    expect(vendor.complaints).toEqual([]);
  });

  it('of a team stands beside the personal one of the same person', async () => {
    vendor.plans.set('ann', 'claude_team');
    const { recordId, fields } = await logInBy(0);
    expect(recordId).toMatch(/^claude-ann@example\.test-[0-9a-f]{8}\.json$/);
    expect(fields['plan']).toBe('team');
  });

  it('whose profile may not be read is known from the exchange', async () => {
    vendor.hidesProfile = true;
    const { recordId, fields } = await logInBy(0);
    expect([recordId, fields['email'], fields['plan']]).toEqual([
      'claude-ann@example.test.json',
      'ann@example.test',
      undefined,
    ]);
  });

  it('with a setup token needs nothing but the token', async () => {
    const { recordId, fields, notes } = await logInBy(1);
    expect(recordId).toMatch(/^claude-setup-token-[0-9a-f]{8}\.json$/);
    expect(fields).toEqual({ type: 'claude', id_token: '', access_token: 'sk-ant-oat01-fake-ann-0123456789' });
    expect(notes).toEqual([expect.stringContaining('cannot be renewed')]);
    expect(await rules?.quota?.(fields, accountIo())).toEqual([]);
    expect((await logInBy(1, 'bob')).recordId).not.toBe(recordId);
    const secret = rules?.logins?.[1];
    if (secret?.type !== 'secret') throw new Error('no such login');
    for (const text of ['', 'sk-ant-api03-x0123456789', 'nonsense'])
      await expect(secret.finish(loginIo(), text)).rejects.toThrow(/begin with sk-ant-oat/);
    // Terminals break long lines.
    expect((await secret.finish(loginIo(), ' sk-ant-oat01-fake-\nann-0123456789\n')).recordId).toBe(recordId);
  });
});

describe('the login of Claude Code', () => {
  const login = {
    accessToken: 'fake-access',
    refreshToken: 'fake-refresh',
    expiresAt: 1_800_000_000_000,
    scopes: ['user:inference'],
    subscriptionType: 'pro',
  };
  const person = {
    emailAddress: 'ann@example.test',
    accountUuid: 'a',
    organizationUuid: 'o',
    organizationName: 'Example',
  };
  const credentials = (value: unknown): ImportedFile => ({
    path: '/home/ann/.claude/.credentials.json',
    text: JSON.stringify(value),
  });
  const settings = (value: unknown): ImportedFile => ({ path: '/home/ann/.claude.json', text: JSON.stringify(value) });
  const read = (...files: ImportedFile[]) => rules?.imports?.[0]?.read(files, loginIo());

  it('is looked for where Claude Code keeps it', () => {
    const files = (env: Record<string, string>) =>
      rules?.imports?.[0]?.files({ home: '/home/ann', env, platform: 'linux' });
    expect(files({})).toEqual(['/home/ann/.claude/.credentials.json', '/home/ann/.claude.json']);
    expect(files({ CLAUDE_CONFIG_DIR: '/own' })).toEqual(['/own/.credentials.json', '/own/.claude.json']);
  });

  it('is taken over, and nobody is asked', async () => {
    expect(await read(credentials({ claudeAiOauth: login }), settings({ oauthAccount: person }))).toEqual([
      {
        recordId: 'claude-ann@example.test.json',
        fields: {
          type: 'claude',
          id_token: '',
          access_token: 'fake-access',
          refresh_token: 'fake-refresh',
          expired: '2027-01-15T08:00:00Z',
          email: 'ann@example.test',
          account_uuid: 'a',
          organization_uuid: 'o',
          organization_name: 'Example',
          plan: 'pro',
        },
        label: 'ann@example.test',
        notes: ['Plan: pro.', 'Organisation: Example.', expect.stringContaining('share one login')],
      },
    ]);
  });

  it('without a name is asked whose it is', async () => {
    const { fields } = await logInBy(0, 'bob');
    const own = { ...login, accessToken: fields['access_token'], subscriptionType: null, expiresAt: 0 };
    expect(await read(credentials({ claudeAiOauth: own }))).toMatchObject([
      { recordId: 'claude-bob@example.test.json', fields: { plan: 'max' } },
    ]);
    vendor.expireTokens();
    expect(await read(credentials({ claudeAiOauth: own }))).toMatchObject([
      { recordId: expect.stringMatching(/^claude-[0-9a-f]{8}\.json$/) },
    ]);
  });

  it('in the keychain of a Mac is left there, and the person told how to take it out', async () => {
    await expect(read(settings({ oauthAccount: person }))).rejects.toThrow(/security find-generic-password/);
  });

  it('may be absent, an API key, or unreadable', async () => {
    expect(await read(settings({}))).toEqual([]);
    expect(await read(credentials({ claudeAiOauth: null }), settings({}))).toEqual([]);
    const broken = read({ path: '/x/.credentials.json', text: 'sk-secret' });
    await expect(broken).rejects.toThrow('/x/.credentials.json: is no file of Claude Code');
    await expect(broken).rejects.not.toThrow(/sk-secret/);
  });
});

it('tells what is left of the plan, and of what is paid beyond it', async () => {
  const { fields } = await logInBy(0);
  expect(await rules?.quota?.(fields, accountIo())).toEqual([
    { name: '5 hours', remaining: 0.75, resetsAtMs: Date.parse('2026-12-01T10:00:00.528Z') },
    { name: '7 days', remaining: 0.6, resetsAtMs: Date.parse('2026-12-05T10:00:00Z') },
    { name: '7 days, Sonnet', remaining: 1 },
    { name: 'extra usage', unit: 'cents', limit: 5000, used: 1250, remaining: 0.75 },
  ]);
});

it('renews its token once; a spent one is the end', async () => {
  const { fields } = await logInBy(0);
  expect(await rules?.refresh?.(fields, accountIo())).toMatchObject({ refresh_token: expect.any(String) });
  await expect(rules?.refresh?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  expect(vendor.complaints).toEqual(['POST platform.claude.com/v1/oauth/token: a refresh token was used twice']);
});

describe('what goes out', () => {
  it('is what the client says, with the prefix that its user has written and no other', async () => {
    const home = accountHome(makeFolder(), internet.env);
    const account = await logInBy(0);
    await home.records.write(account.recordId, { ...account.fields, system_prefix: 'You work for Ann.' });
    const gateway = await home.start();
    const origin = await gateway.process.listening();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
    const ask = (path: string, body: object) =>
      fetch(`${origin}${path}`, {
        method: 'POST',
        headers: { ...headers, 'anthropic-beta': 'context-1m-2025-08-07', 'user-agent': 'my-agent/1' },
        body: JSON.stringify({
          model: vendor.model,
          max_tokens: 9,
          messages: [{ role: 'user', content: 'hi' }],
          ...body,
        }),
      });
    expect((await ask('/v1/messages', { system: 'Be kind.' })).status).toBe(200);
    expect((await ask('/v1/chat/completions', {})).status).toBe(200);
    const count = await ask('/v1/messages/count_tokens', { max_tokens: undefined });
    expect(await count.json()).toEqual({ input_tokens: 42 });
    await gateway.stop();
    const block = (text: string) => ({ type: 'text', text });
    expect(vendor.asked).toMatchObject([
      { system: [block('You work for Ann.'), block('Be kind.')], messages: [{ role: 'user', content: 'hi' }] },
      { system: [block('You work for Ann.')] },
    ]);
    expect(vendor.asked[0]).not.toHaveProperty('metadata');
    expect(vendor.agents).toEqual(['my-agent/1', 'my-agent/1']);
    expect(vendor.complaints).toEqual([]);
  });
});
