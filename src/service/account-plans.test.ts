/** From a provider's word about an account to what strategies, clients and operators see of it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../config/parse.ts';
import { accountCredential } from '../credentials/account-record.ts';
import { defineProvider, type Manifest } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import { type AccountQuestions, createAccountQuestions } from './account-questions.ts';
import { openRuntime, type Runtime } from './runtime.ts';

const RESET_MS = Date.UTC(2026, 0, 2);
const MINUTE_MS = 60_000;

const listModels = vi.fn(async () => [{ id: 'one' }, { id: 'two' }]);
const quota = vi.fn(async () => [
  { name: 'plan', remaining: 0.5, resetsAtMs: RESET_MS },
  { name: 'one', used: 9, limit: 10, resetsAtMs: RESET_MS },
  { name: 'endless', remaining: 0, unlimited: true, resetsAtMs: RESET_MS },
  { name: 'without an end', remaining: 0 },
  { name: 'over', remaining: 0, resetsAtMs: 1 },
  { name: 'unknown', resetsAtMs: RESET_MS },
]);
const acme: Manifest = defineProvider({
  id: 'acme',
  label: 'Acme',
  kind: 'direct',
  auth: [],
  baseUrl: 'https://api.acme.example',
  endpoints: [{ dialect: 'openai-chat', path: '/chat' }],
  models: [],
  account: { types: ['acme'], refreshLeadMs: 0, listModels, quota },
});

let runtime: Runtime;
let questions: AccountQuestions;
const relisted = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  for (const mock of [listModels, quota, relisted]) mock.mockClear();
  const { config } = parseConfig({ text: 'log-level: silent' });
  runtime = openRuntime(config, {});
  questions = createAccountQuestions({ manifests: [acme], runtime, config: () => config, relisted });
  questions.start();
});
afterEach(async () => {
  questions.close();
  vi.useRealTimers();
  await runtime.close();
});

function put(fields: object): ReturnType<typeof accountCredential> {
  const record: CredentialRecord = {
    id: 'a.json',
    revision: '1',
    modifiedAtMs: 0,
    fields: { type: 'acme', ...fields },
  };
  const reading = accountCredential(record, [acme]);
  questions.put(record, reading);
  return reading;
}

function firstOf(reading: ReturnType<typeof accountCredential>) {
  if (reading.state !== 'ready') throw new Error(`it is ${reading.state}`);
  return reading.credentials[0];
}

it('what is left counts for the strategies, and is told to operators, once somebody uses the account', async () => {
  const credential = firstOf(put({ access_token: 'fake-token' }));
  const target = (model: string) => ({ credential, provider: acme, model, info: undefined, forceMapping: false });
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(questions.modelsOf('a.json')).toEqual([{ id: 'one' }, { id: 'two' }]);
  expect(relisted.mock.calls).toEqual([['a.json']]);
  expect(quota).not.toHaveBeenCalled();
  runtime.manager.begun(target('two'));
  runtime.manager.succeeded(target('two'));
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(runtime.manager.headroom(target('two'))).toEqual({ leftFraction: 0.5, resetsAtMs: RESET_MS });
  expect(runtime.manager.headroom(target('one'))?.leftFraction).toBeCloseTo(0.1);
  expect(runtime.manager.quotas().map(({ name, model }) => [name, model])).toEqual([
    ['plan', undefined],
    ['one', 'one'],
  ]);
  expect(questions.quotas).toEqual([
    { recordId: 'a.json', provider: 'acme', askedAtMs: expect.any(Number), readings: await quota() },
  ]);
});

it.each([
  ['is switched off', { access_token: 'fake-token', disabled: true }],
  ['is a plain key', { api_key: 'fake-key' }],
  ['has no token', {}],
  ['is for another server', { access_token: 'fake-token', base_url: 'https://llm.elsewhere.example' }],
  ['has a proxy that nobody understands', { access_token: 'fake-token', proxy_url: 'nonsense://x' }],
])('nobody is asked about an account that %s, and what was known of it is forgotten', async (_, fields) => {
  put({ access_token: 'fake-token' });
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  put(fields);
  expect(questions.modelsOf('a.json')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(24 * 60 * MINUTE_MS);
  expect(listModels).toHaveBeenCalledTimes(1);
});

it('an account at another address of its provider is asked about', async () => {
  put({ access_token: 'fake-token', base_url: 'https://eu.acme.example' });
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(listModels).toHaveBeenCalledTimes(1);
});
