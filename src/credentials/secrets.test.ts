import { expect, test } from 'vitest';
import type { Credential } from './credential.ts';
import { secretsOf } from './secrets.ts';

const credential: Credential = {
  id: 'x:1',
  provider: 'x',
  kind: 'api-key',
  secret: 'fake-secret-1',
  label: 'fake',
  source: 'test',
  headers: {},
  priority: 0,
  weight: 1,
  excludedModels: [],
};

test('the key, secret-looking headers and the password of the proxy', () => {
  const headers = {
    'X-Tenant-Token': 'fake tenant token',
    Authorization: 'Bearer fake-bearer-1',
    'X-Api-Key': '$x-client-key',
    'HTTP-Referer': 'https://example.com',
  };
  const found = secretsOf({ ...credential, headers, proxyUrl: 'http://me:fake%2Fpassword@127.0.0.1:1' });
  expect(found).toEqual(['fake-secret-1', 'fake tenant token', 'fake-bearer-1', 'fake/password']);
});

test('words are no secrets, and nothing is none', () => {
  const { secret: _, ...rest } = credential;
  expect(secretsOf({ ...rest, secret: 'none', proxyUrl: 'direct' })).toEqual([]);
  expect(secretsOf({ ...rest, secret: undefined })).toEqual([]);
});
