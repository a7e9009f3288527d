import { afterEach, expect, it } from 'vitest';
import { MemoryRecords } from '../../test/support/memory-records.ts';
import { parseConfig } from '../config/parse.ts';
import { providers } from '../providers/index.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import { createTokenRenewal, type TokenRenewal } from './token-renewal.ts';

let runtime: Runtime;
let renewal: TokenRenewal;

afterEach(async () => {
  await renewal.close();
  await runtime.close();
});

it.each([
  ['a login', { refresh_token: 'refresh-1', access_token: 'access-1' }, 1],
  ['a login without a token yet', { refresh_token: 'refresh-1' }, 1],
  ['a plain key', { api_key: 'fake-key', auth_kind: 'api_key' }, 0],
  ['a plain key that does not say so', { api_key: 'fake-key' }, 0],
  ['one that is switched off', { refresh_token: 'refresh-1', disabled: true }, 0],
])('%s', (_, fields, renewed) => {
  const { config } = parseConfig({ text: 'log-level: silent' });
  const records = new MemoryRecords();
  runtime = openRuntime(config, {});
  renewal = createTokenRenewal({ records, manifests: providers, runtime, config: () => config, renewed: () => {} });
  for (const type of ['claude', 'codex']) {
    records.set(`${type}.json`, { type, ...fields });
    for (const record of records.list().records) renewal.put(record);
  }
  expect(renewal.statuses()).toHaveLength(2 * renewed);
});
