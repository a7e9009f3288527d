import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logIn, loginIo } from '../../../test/accounts/log-in.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import { createKiloVendor, type KiloVendor } from '../../../test/support/vendors/kilo.ts';
import type { Choice, DeviceLogin, LoginIo, NewAccount } from '../../auth/login.ts';
import { account } from './account.ts';

let vendor: KiloVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createKiloVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  await internet.close();
});

const method = deviceMethod();
const accountIo = () => ({ fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(5000) });

async function enter(
  more: Partial<LoginIo>,
  decide = (code: string) => vendor.approveDevice?.(code, 'ann'),
): Promise<NewAccount> {
  const start = await method.begin({ ...loginIo(internet, vendor, method), ...more });
  decide(start.userCode);
  return start.finish();
}

describe('a login', () => {
  it('is that of the person, when nobody can be asked', async () => {
    const { recordId, fields, label, notes } = await logIn(internet, vendor, method, 'ann');
    expect([recordId, label, notes]).toEqual([
      'kilo-ann@example.test.json',
      'ann@example.test',
      ['its default model is kilo/auto'],
    ]);
    expect(fields).toEqual({
      type: 'kilo',
      kilocodeToken: expect.stringMatching(/^fake-kilo-ann-/),
      kilocodeOrganizationId: '',
      kilocodeModel: 'kilo/auto',
      email: 'ann@example.test',
    });
    expect(account.serve?.(fields)).toEqual({ secret: fields['kilocodeToken'], headers: {} });
  });

  it('asks who pays, and is one account for each', async () => {
    const asked: (readonly Choice[])[] = [];
    const choose = async (_question: string, choices: readonly Choice[]) => {
      asked.push(choices);
      return 'org-1';
    };
    const { recordId, fields } = await enter({ choose });
    expect(asked[0]?.map(({ value }) => value)).toEqual(['personal', 'org-1', 'org-2']);
    expect(recordId).toBe('kilo-ann@example.test-org-1.json');
    expect(fields['kilocodeModel']).toBe('anthropic/claude-sonnet-4.5');
    expect(account.serve?.(fields).headers).toEqual({ 'x-kilocode-organizationid': 'org-1' });
  });

  it('takes what was said beforehand', async () => {
    const choose = () => expect.unreachable();
    const of = async (organization: string) =>
      (await enter({ choose, options: { organization } })).fields['kilocodeOrganizationId'];
    expect(await of('Example Labs')).toBe('org-2');
    expect(await of('personal')).toBe('');
    await expect(of('org-9')).rejects.toThrow('no organisation org-9, but in: org-1, org-2');
  });

  it('can be denied', async () => {
    await expect(enter({}, (code) => vendor.denyDevice?.(code))).rejects.toMatchObject({ code: 'upstream_forbidden' });
  });
});

it('lists all models, those that cost something too', async () => {
  const { fields } = await logIn(internet, vendor, method, 'ann');
  expect(await account.listModels?.(fields, accountIo())).toEqual([
    { id: 'kilo/auto', displayName: 'Kilo Auto', contextLength: 200_000, maxOutputTokens: 64_000 },
    {
      id: 'anthropic/claude-sonnet-4.5',
      displayName: 'Claude Sonnet 4.5',
      contextLength: 200_000,
      maxOutputTokens: 64_000,
      capabilities: { tools: true, vision: true },
    },
    { id: 'free/model:free', displayName: 'Free', contextLength: 32_000, capabilities: {} },
  ]);
  vendor.revokeTokens();
  await expect(account.listModels?.(fields, accountIo())).rejects.toMatchObject({ code: 'upstream_unauthorized' });
});

function deviceMethod(): DeviceLogin {
  const found = account.logins?.find((login) => login.type === 'device');
  if (found === undefined) throw new Error('no device login');
  return found;
}
