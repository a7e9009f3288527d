import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAntigravityVendor, type GoogleVendor } from '../../../test/support/vendors/google.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import type { NewAccount } from '../../auth/login.ts';
import type { AccountIo } from '../provider.ts';
import { account } from './account.ts';
import { login } from './login.ts';

let vendor: GoogleVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createAntigravityVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  await internet.close();
});

const NOW = Date.parse('2026-11-22T12:00:00Z');

function accountIo(): AccountIo {
  return {
    fetch: internet.fetch,
    nowMs: NOW,
    signal: AbortSignal.timeout(10_000),
    client: { secret: vendor.clientSecret },
  };
}

async function logIn(): Promise<NewAccount> {
  const io = {
    fetch: internet.fetch,
    now: () => NOW,
    signal: AbortSignal.timeout(10_000),
    client: { secret: vendor.clientSecret },
    progress: () => {},
    wait: async () => {},
    options: {},
  };
  const start = await login.begin(io, 'http://localhost:51121/oauth-callback', 'state-that-nobody-guesses');
  const back = new URL((await vendor.approve?.(start.url, 'ann')) ?? '');
  return start.finish(back.searchParams.get('code') ?? '');
}

describe('a login', () => {
  it('finds the project, and writes the record as the reference does', async () => {
    const { recordId, fields } = await logIn();
    expect(recordId).toBe('antigravity-ann@example.test.json');
    expect(fields).toMatchObject({
      type: 'antigravity',
      email: 'ann@example.test',
      project_id: 'made-for-ann',
      expires_in: 3599,
      timestamp: NOW,
      expired: '2026-11-22T12:59:59Z',
      access_token: expect.stringMatching(/^fake-ya29-ann/),
      refresh_token: expect.stringMatching(/^fake-refresh-ann/),
    });
    expect(JSON.stringify(fields)).not.toContain(vendor.clientSecret);
  });

  it("tells in Google's words who is not served", async () => {
    vendor.codeAssist.ineligible.add('ann');
    await expect(logIn()).rejects.toMatchObject({ code: 'upstream_forbidden' });
  });
});

describe('a renewal', () => {
  it('brings the project of a record that has none', async () => {
    const { fields } = await logIn();
    const { project_id: _, ...without } = fields;
    expect(account.serve?.(without)).toEqual({ secret: null });
    expect(await account.refresh?.(without, accountIo())).toMatchObject({ project_id: 'made-for-ann' });
  });

  it('reads what is left of the credits', async () => {
    const { fields } = await logIn();
    vendor.codeAssist.credits.set('ann', 250);
    expect(await account.refresh?.(fields, accountIo())).toMatchObject({
      timestamp: NOW,
      available_credits: [{ type: 'GOOGLE_ONE_AI', amount: 250, minimum: 10 }],
    });
  });
});

describe('credits', () => {
  const spending = { id: 'credits', parameters: { project: 'p', creditType: 'GOOGLE_ONE_AI' }, spendsCredits: true };
  const parts = (available: unknown): unknown =>
    account.serve?.({ project_id: 'p', ...(available === undefined ? {} : { available_credits: available }) }).parts;

  it('may be spent while nobody knows that there are none', () => {
    const usual = { id: '', parameters: { project: 'p' } };
    expect(parts(undefined)).toEqual([usual, spending]);
    expect(parts([{ type: 'GOOGLE_ONE_AI', amount: 10, minimum: 10 }])).toEqual([usual, spending]);
  });

  it.each([
    [[]],
    [[{ type: 'GOOGLE_ONE_AI', amount: 9, minimum: 10 }]],
    [[{ type: 'OTHER', amount: 99 }]],
    [[{ type: 'GOOGLE_ONE_AI', amount: 0 }]],
  ])('are not there: %j', (available) => expect(parts(available)).toBeUndefined());
});

it('tells the models, the quota and the credits of the account', async () => {
  const { fields } = await logIn();
  vendor.codeAssist.credits.set('ann', 250);
  const resetsAtMs = Date.parse('2030-01-01T00:00:00Z');
  const quota = await account.quota?.(fields, accountIo());
  expect(quota?.[0]).toEqual({ name: 'gemini-3-flash', remaining: 0.25, resetsAtMs });
  expect(quota?.at(-1)).toEqual({ name: 'credits (GOOGLE_ONE_AI)', unit: '250 left' });
  const models = await account.listModels?.(fields, accountIo());
  expect(models?.[0]).toMatchObject({
    id: 'gemini-3-flash',
    displayName: 'The gemini-3-flash',
    contextLength: 1_048_576,
  });
});
