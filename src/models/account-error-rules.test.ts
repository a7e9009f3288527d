import { expect, test } from 'vitest';
import type { Credential, ErrorRule } from '../credentials/credential.ts';
import { withAccountRules } from './account-models.ts';

const rule = (status: number): ErrorRule => ({ status, texts: ['a'], patterns: [], action: 'stop' });
const account: Credential = {
  id: 'p:1',
  provider: 'p',
  kind: 'account',
  secret: 'fake-token',
  label: 'me',
  source: 'test',
  headers: {},
  priority: 0,
  weight: 1,
  excludedModels: [],
};
const accounts = { aliases: new Map(), excluded: new Map(), errorRules: new Map([['p', [rule(1)]]]) };

test("an account's own rules come before those of its provider's accounts; keys have their own only", () => {
  expect(withAccountRules({ ...account, errorRules: [rule(2)] }, accounts).errorRules).toEqual([rule(2), rule(1)]);
  expect(withAccountRules(account, accounts).errorRules).toEqual([rule(1)]);
  expect(withAccountRules({ ...account, provider: 'q' }, accounts)).not.toHaveProperty('errorRules');
  expect(withAccountRules({ ...account, kind: 'api-key' }, accounts)).not.toHaveProperty('errorRules');
});
