import { expect, it } from 'vitest';
import { providers } from '../providers/index.ts';
import { accountCredential } from './account-record.ts';
import type { Credential } from './credential.ts';

function read(fields: Record<string, unknown>): readonly Credential[] {
  const record = { id: 'a.json', fields: { email: 'ann@example.test', ...fields }, revision: 'r', modifiedAtMs: 0 };
  const reading = accountCredential(record, providers);
  if (reading.state !== 'ready') throw new Error(JSON.stringify(reading));
  return reading.credentials;
}

it('what spends credits comes after everything that a user sets', () => {
  const [usual, spending] = read({ type: 'antigravity', access_token: 'fake', project_id: 'p', priority: -5 });
  expect(usual).toMatchObject({ label: 'ann@example.test', priority: -5, parameters: { project: 'p' } });
  expect(usual).not.toHaveProperty('spendsCredits');
  expect(spending).toMatchObject({ label: 'ann@example.test [credits]', spendsCredits: true });
  expect(spending?.priority).toBeLessThan(-5);
  expect(spending?.id).toMatch(new RegExp(`^${usual?.id}\\.[0-9a-f]{6}$`));
});

it('a plain key is of the provider that has the name, an account of the one that has the type', () => {
  const keys = read({ type: 'gemini', api_key: 'fake-key' });
  expect(keys).toMatchObject([{ provider: 'gemini', kind: 'api-key', secret: 'fake-key' }]);
  const account = { type: 'gemini', project_id: 'p-1,p-2', token: { access_token: 'fake' } };
  expect(read(account)).toMatchObject([
    { provider: 'gemini-cli', kind: 'account', parameters: { project: 'p-1' }, label: 'ann@example.test [p-1]' },
    { provider: 'gemini-cli', kind: 'account', parameters: { project: 'p-2' }, label: 'ann@example.test [p-2]' },
  ]);
});
