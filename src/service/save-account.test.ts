import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryRecords } from '../../test/support/memory-records.ts';
import type { AccountFields } from '../auth/login.ts';
import { accountId } from '../credentials/account-record.ts';
import { type SavedAccount, saveAccount } from './save-account.ts';

let records: MemoryRecords;
beforeEach(() => {
  records = new MemoryRecords();
});

const ID = 'claude-a@b.example.json';
const login = { type: 'claude', email: 'a@b.example', access_token: 'access-2', refresh_token: 'refresh-2' };

function save(fields: AccountFields, recordId = ID, proxyUrl?: string): Promise<SavedAccount> {
  return saveAccount({
    records,
    provider: 'claude',
    account: { recordId, fields, label: 'a@b.example', notes: ['hi'] },
    proxyUrl,
  });
}

test('a new account', async () => {
  expect(await save(login)).toEqual({
    recordId: ID,
    credentialId: accountId('claude', ID),
    provider: 'claude',
    label: 'a@b.example',
    notes: ['hi'],
    isNew: true,
    record: expect.objectContaining({ id: ID, fields: login }),
  });
  expect(records.get(ID)).toEqual(login);
});

test('an account that is known keeps what the user set, and what is unknown here', async () => {
  const own = {
    disabled: true,
    prefix: 'p',
    proxy_url: 'http://proxy.test',
    priority: 3,
    note: 'n',
    headers: { a: 'b' },
    weight: 2,
    future: { x: 1 },
  };
  records.set(ID, { ...login, access_token: 'access-1', refresh_token: 'refresh-1', ...own });
  expect(await save({ ...login, disabled: false, note: 'of the provider' })).toMatchObject({
    recordId: ID,
    isNew: false,
  });
  expect(records.get(ID)).toEqual({ ...login, ...own });
});

test('the proxy that the person names now replaces the one before, however it was spelled', async () => {
  records.set(ID, { ...login, 'proxy-url': 'http://old.test' });
  await save(login, ID, 'direct');
  expect(records.get(ID)).toEqual({ ...login, proxy_url: 'direct' });
  await save(login, 'claude-new.json', 'http://proxy.test');
  expect(records.get('claude-new.json')).toMatchObject({ proxy_url: 'http://proxy.test' });
});

describe('two accounts never share a record', () => {
  test.each([
    ['another organisation', { organization_uuid: 'org-1' }, { organization_uuid: 'org-2' }],
    ['another e-mail', {}, { email: 'c@b.example' }],
    ['another kind', {}, { type: 'codex' }],
    ['another subject', { sub: '1' }, { sub: '2' }],
  ])('%s', async (_, known, fresh) => {
    records.set(ID, { ...login, ...known, access_token: 'access-1' });
    const first = await save({ ...login, ...fresh });
    expect(first).toMatchObject({
      isNew: true,
      recordId: expect.stringMatching(/^claude-a@b\.example-[0-9a-f]{8}\.json$/),
    });
    expect(records.get(ID)).toMatchObject({ access_token: 'access-1' });
    expect(await save({ ...login, ...fresh, access_token: 'access-3' })).toMatchObject({
      isNew: false,
      recordId: first.recordId,
    });
    expect(records.get(first.recordId)).toMatchObject({ access_token: 'access-3' });
  });

  test('not even when the second name is taken by a third', async () => {
    records.set(ID, { ...login, sub: '1' });
    const { recordId } = await save({ ...login, sub: '2' });
    records.set(recordId, { ...login, sub: '3' });
    await expect(save({ ...login, sub: '2' })).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('case, and members that one of them lacks, make no other account', async () => {
    records.set(ID, { ...login, email: 'A@B.example', organization_uuid: 'org-1' });
    expect(await save({ ...login, account_uuid: 'u' })).toMatchObject({ recordId: ID, isNew: false });
  });
});

describe('one account under two names', () => {
  const codex = { ...login, type: 'codex', account_id: 'acc-1' };

  test('is renewed where it is: the plan is part of the name', async () => {
    records.set('codex-a@b.example-plus.json', { ...codex, note: 'mine', access_token: 'access-1' });
    expect(await save(codex, 'codex-a@b.example-pro.json')).toMatchObject({
      recordId: 'codex-a@b.example-plus.json',
      isNew: false,
    });
    expect(records.list().records).toHaveLength(1);
    expect(records.get('codex-a@b.example-plus.json')).toEqual({ ...codex, note: 'mine' });
  });

  test.each([
    ['a colleague of the same team', { email: 'c@b.example' }],
    ['another project', { project_id: 'p-2' }],
    ['another provider', { type: 'other' }],
    ['another account', { account_id: 'acc-2' }],
  ])('%s is another one', async (_, own) => {
    records.set('codex-old.json', { ...codex, project_id: 'p-1' });
    expect(await save({ ...codex, ...own }, 'codex-new.json')).toMatchObject({
      recordId: 'codex-new.json',
      isNew: true,
    });
  });

  test('the same e-mail alone proves nothing', async () => {
    records.set('kimi-1.json', login);
    expect(await save(login, 'kimi-2.json')).toMatchObject({ recordId: 'kimi-2.json', isNew: true });
  });
});

describe('somebody else writes at the same time', () => {
  function interfere(times: number): void {
    const write = records.write.bind(records);
    records.write = (id, fields, expected) => {
      if (times-- > 0) records.set(id, { ...login, access_token: 'theirs', note: `theirs ${times}` });
      return write(id, fields, expected);
    };
  }

  test('nothing of theirs is lost', async () => {
    interfere(2);
    expect(await save(login)).toMatchObject({ isNew: false });
    expect(records.get(ID)).toEqual({ ...login, note: 'theirs 0' });
  });

  test('without end: given up', async () => {
    interfere(1000);
    await expect(save(login)).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('a full disk is told', async () => {
    records.isFull = true;
    await expect(save(login)).rejects.toThrow('no space left on device');
  });
});

describe("another program's login that was taken over before", () => {
  const old = { ...login, access_token: 'access-1', refresh_token: 'refresh-1', expired: '2026-01-01T00:00:00Z' };
  const renewed = { ...login, expired: '2026-01-01T08:00:00Z', note: 'mine' };
  const takeOver = (fields: AccountFields, recordId = ID, proxyUrl?: string): Promise<SavedAccount> =>
    saveAccount({
      records,
      provider: 'claude',
      account: { recordId, fields, label: 'a@b.example' },
      proxyUrl,
      isTakenOver: true,
    });

  test('never puts its spent token in the place of the newer one', async () => {
    records.set(ID, renewed);
    expect(await takeOver(old, ID, 'direct')).toMatchObject({
      isNew: false,
      notes: [expect.stringContaining('newer tokens stay')],
    });
    expect(records.get(ID)).toEqual({ ...renewed, proxy_url: 'direct' });
  });

  test('is taken over again when it is the newer one, or nobody knows', async () => {
    records.set(ID, { ...old, note: 'mine' });
    await takeOver({ ...login, expired: renewed.expired });
    expect(records.get(ID)).toEqual(renewed);
    await takeOver({ ...login, refresh_token: 'refresh-3' });
    expect(records.get(ID)).toMatchObject({ refresh_token: 'refresh-3' });
  });

  test('stays one account while it has one refresh token, whatever it is called', async () => {
    const nameless = { type: 'qwen', email: 'qwen-1', access_token: 'access-1', refresh_token: 'refresh-1' };
    records.set('qwen-1.json', nameless);
    const again = { ...nameless, email: 'qwen-2' };
    expect(await takeOver(again, 'qwen-2.json')).toMatchObject({ recordId: 'qwen-1.json', isNew: false });
    expect(records.list().records).toHaveLength(1);
    const another = { ...again, refresh_token: 'refresh-2' };
    expect(await takeOver(another, 'qwen-2.json')).toMatchObject({ recordId: 'qwen-2.json', isNew: true });
  });
});
