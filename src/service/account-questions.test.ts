import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors.ts';
import type { ModelInfo } from '../models/model-info.ts';
import { type AccountRules, defineProvider, type Manifest } from '../providers/provider.ts';
import { type AccountModels, createAccountModels } from './account-models.ts';
import type { AskedAccount } from './account-polls.ts';
import { type AccountQuota, createAccountQuotas } from './account-quota.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const acme = (account: Partial<AccountRules>): Manifest =>
  defineProvider({
    id: 'acme',
    label: 'Acme',
    kind: 'direct',
    auth: [],
    baseUrl: 'https://api.acme.example',
    endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
    models: [{ id: 'one', contextLength: 1000, displayName: 'One' }, { id: 'two' }],
    account: { types: ['acme'], refreshLeadMs: 0, ...account },
  });

function account(recordId: string, rules: Partial<AccountRules>, fields: object = {}): AskedAccount {
  const manifest = acme(rules);
  const { account: made } = manifest;
  if (made === undefined) throw new Error('it has no rules');
  return { recordId, fields: { access_token: recordId, ...fields }, manifest, rules: made, fetch, client: undefined };
}

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => void vi.useRealTimers());

const common = { clock: { now: () => Date.now() }, random: () => 0.5 };
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the models of accounts', () => {
  let models: AccountModels;
  let used: Set<string>;
  const changed = vi.fn();
  const failed = vi.fn();
  beforeEach(() => {
    used = new Set();
    changed.mockReset();
    failed.mockReset();
    models = createAccountModels({ ...common, isUsed: (id) => used.has(id), changed, failed });
  });
  afterEach(() => models.close());

  it('are asked for after the start, and again hours later while somebody uses the account', async () => {
    const listModels = vi.fn(async (): Promise<ModelInfo[]> => [{ id: 'one', contextLength: 5 }, { id: 'new' }]);
    models.put(account('a', { listModels }));
    await pass(HOUR_MS);
    expect(listModels).not.toHaveBeenCalled();
    models.start();
    await pass(1000);
    expect(models.of('a')).toEqual([{ id: 'one', contextLength: 5, displayName: 'One' }, { id: 'new' }]);
    expect(changed.mock.calls).toEqual([['a']]);
    await pass(20 * HOUR_MS);
    expect(listModels).toHaveBeenCalledTimes(1);
    used.add('a');
    await pass(7 * HOUR_MS);
    expect(listModels).toHaveBeenCalledTimes(2);
    // The same again is no change.
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('are asked for at once when somebody has logged in', async () => {
    models.start();
    await pass(HOUR_MS);
    models.put(account('late', { listModels: async () => [{ id: 'two' }] }));
    await pass(1000);
    expect(models.of('late')).toEqual([{ id: 'two' }]);
  });

  it('stay those of the catalogue when the provider cannot say, and are asked for again', async () => {
    const listModels = vi.fn().mockRejectedValueOnce(new ProxyError('upstream_failed', 'down')).mockResolvedValue([]);
    models.put(account('a', { listModels }));
    used.add('a');
    models.start();
    await pass(1000);
    expect(models.of('a')).toBeUndefined();
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ recordId: 'a' }), expect.any(ProxyError));
    await pass(2 * MINUTE_MS);
    expect(listModels).toHaveBeenCalledTimes(2);
    expect(models.of('a')).toBeUndefined();
    expect(changed).not.toHaveBeenCalled();
  });

  it('are asked for with the new token after a failure', async () => {
    const listModels = vi.fn(async ({ access_token: token }: AskedAccount['fields']) => {
      if (token === 'a') throw new ProxyError('upstream_unauthorized', 'spent');
      return [{ id: 'two' }];
    });
    models.put(account('a', { listModels }));
    models.start();
    used.add('a');
    await pass(1000);
    models.put(account('a', { listModels }, { access_token: 'renewed' }));
    await pass(1000);
    expect(models.of('a')).toEqual([{ id: 'two' }]);
  });

  it('are one list for all accounts that have the same', async () => {
    for (const id of ['a', 'b', 'c']) models.put(account(id, { listModels: async () => [{ id: 'two' }] }));
    models.start();
    await pass(1000);
    expect(models.of('b')).toBe(models.of('a'));
    expect(models.of('c')).toBe(models.of('a'));
    models.remove('a');
    expect(models.of('a')).toBeUndefined();
  });

  it('outlive a restart, and are asked for when it is time again', async () => {
    const ofHoursAgo = Date.now() + 14 * 24 * HOUR_MS - 4 * HOUR_MS;
    const row = {
      key: 'a',
      value: [{ id: 'theirs', contextLength: 7 }, 'nonsense'],
      expiresAtMs: ofHoursAgo,
      shiftMs: 0,
    };
    used.add('a');
    models.put(account('a', { listModels: async () => [{ id: 'two' }] }));
    models.source.restore([row, { ...row, key: 'gone' }, { ...row, key: 'b', value: 'nonsense' }]);
    expect(models.of('a')).toEqual([{ id: 'theirs', contextLength: 7 }]);
    expect(models.of('gone')).toBeUndefined();
    expect(changed.mock.calls).toEqual([['a']]);
    models.start();
    await pass(HOUR_MS);
    expect(models.source.changed()).toEqual([]);
    await pass(HOUR_MS + MINUTE_MS);
    expect(models.of('a')).toEqual([{ id: 'two' }]);
    expect(models.source.changed()).toEqual([{ key: 'a', value: [{ id: 'two' }], expiresAtMs: expect.any(Number) }]);
    expect(models.source.changed()).toEqual([]);
    models.remove('a');
    expect(models.source.changed()).toEqual([{ key: 'a', value: undefined, expiresAtMs: expect.any(Number) }]);
  });

  it('are not asked for of an account that is gone, or at the end', async () => {
    const answers: ((models: ModelInfo[]) => void)[] = [];
    const listModels = vi.fn(() => new Promise<ModelInfo[]>((done) => answers.push(done)));
    models.put(account('a', { listModels }));
    models.start();
    await pass(1000);
    models.remove('a');
    answers[0]?.([{ id: 'two' }]);
    await pass(1000);
    expect(changed).not.toHaveBeenCalled();
    models.put(account('b', { listModels }));
    models.close();
    await pass(HOUR_MS);
    expect(listModels).toHaveBeenCalledTimes(1);
  });

  it('take the plan into account, and are not asked for where nobody can say', async () => {
    const catalogue = (plan: string | undefined): ModelInfo[] => [
      { id: 'one', maxOutputTokens: plan === 'pro' ? 9 : 1 },
    ];
    models.put(account('a', { models: catalogue, listModels: async () => [{ id: 'one' }] }, { plan_type: 'pro' }));
    models.put(account('b', {}));
    models.start();
    await pass(1000);
    expect(models.of('a')).toEqual([{ id: 'one', maxOutputTokens: 9 }]);
    expect(models.of('b')).toBeUndefined();
  });
});

describe('what is left of plans', () => {
  it('is asked for while the account is used, at most every ten minutes', async () => {
    const told: AccountQuota[] = [];
    let isUsed = false;
    const quota = vi.fn(async () => [{ name: '5 hours', remaining: 0.25 }]);
    const quotas = createAccountQuotas({
      ...common,
      isUsed: () => isUsed,
      told: (one) => told.push(one),
      failed: () => {},
    });
    quotas.put(account('a', { quota }));
    quotas.put(account('b', {}));
    quotas.start();
    await pass(HOUR_MS);
    expect(quota).not.toHaveBeenCalled();
    isUsed = true;
    await pass(2 * MINUTE_MS);
    expect(told).toEqual([
      {
        recordId: 'a',
        provider: 'acme',
        askedAtMs: expect.any(Number),
        readings: [{ name: '5 hours', remaining: 0.25 }],
      },
    ]);
    expect(quotas.all).toEqual(told);
    await pass(10 * MINUTE_MS);
    expect(quota).toHaveBeenCalledTimes(1);
    await pass(45 * MINUTE_MS);
    expect(quota).toHaveBeenCalledTimes(5);
    quotas.remove('a');
    expect(quotas.all).toEqual([]);
    quotas.close();
  });
});
