import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { loginWorld, refused } from '../../test/support/login-io.ts';
import { normalPem, readServiceAccount, serviceAccountTokens } from './service-account.ts';

// Made for this run; it opens nothing.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const json = {
  type: 'service_account',
  client_email: 'robot@project.example',
  private_key: pkcs8,
  project_id: 'project-1',
  private_key_id: 'key-1',
};

describe('the key', () => {
  test.each([
    ['as Google writes it', pkcs8, pkcs8],
    ['PKCS#1', pkcs1, pkcs1],
    ['CRLF', pkcs8.replaceAll('\n', '\r\n'), pkcs8],
    ['escaped newlines', pkcs8.replaceAll('\n', '\\n'), pkcs8],
    ['escaped CRLF, in quotes', `"${pkcs8.replaceAll('\n', '\\r\\n')}"`, pkcs8],
    ['one line', pkcs8.replaceAll('\n', ' '), pkcs8],
    ['indented, with words around it', `key:\n  ${pkcs8.replaceAll('\n', '\n    ')} end`, pkcs8],
    ['colours of a terminal', `\u001b[32m${pkcs8.trim()}\u001b[0m`, pkcs8],
  ])('%s', (_, written, read) => {
    expect(normalPem(written)).toBe(read);
    expect(readServiceAccount({ ...json, private_key: written }).privateKey).toBe(read);
  });

  test.each([
    ['no key at all', 'hello', /no PEM key/],
    ['an empty one', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', /no PEM key/],
    ['a damaged one', pkcs8.replace(/\n[^\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA'), /cannot be read|no RSA/],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /no RSA key/,
    ],
  ])('%s is refused', (_, written, words) => {
    expect(() => readServiceAccount({ ...json, private_key: written })).toThrow(words);
    expect(() => readServiceAccount({ ...json, private_key: written })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

test('what the file must have', () => {
  expect(readServiceAccount(json)).toEqual({
    clientEmail: 'robot@project.example',
    privateKey: pkcs8,
    privateKeyId: 'key-1',
    projectId: 'project-1',
    tokenUri: 'https://oauth2.googleapis.com/token',
  });
  expect(() => readServiceAccount({ ...json, type: 'authorized_user' })).toThrow('its type is not service_account');
  expect(() => readServiceAccount({ ...json, client_email: ' ' })).toThrow('no client_email');
  expect(() => readServiceAccount({ ...json, private_key: undefined })).toThrow('no private_key');
  expect(() => readServiceAccount({ ...json, token_uri: 'http://evil.test/token' })).toThrow('no https URL');
  expect(readServiceAccount({ ...json, token_uri: 'http://127.0.0.1:1/t' }).tokenUri).toBe('http://127.0.0.1:1/t');
});

test('a signed assertion is exchanged for a token', async () => {
  const { io, sent } = loginWorld([{ access_token: 'access-1', expires_in: 3599 }]);
  const nowMs = Math.floor(Date.now() / 1000) * 1000;
  const account = readServiceAccount(json);
  const fields = await serviceAccountTokens(account, ['scope-a', 'scope-b'], {
    fetch: io.fetch,
    signal: io.signal,
    nowMs,
  });
  expect(fields).toEqual({
    access_token: 'access-1',
    expired: new Date(nowMs + 3_599_000).toISOString().replace('.000', ''),
    last_refresh: new Date(nowMs).toISOString().replace('.000', ''),
  });
  const { assertion = '', ...members } = sent[0]?.members ?? {};
  expect(members).toEqual({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey);
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
  expect(payload).toEqual({
    iss: 'robot@project.example',
    aud: 'https://oauth2.googleapis.com/token',
    scope: 'scope-a scope-b',
    iat: nowMs / 1000,
    exp: nowMs / 1000 + 3600,
  });
});

test('a refusal is told without the assertion', async () => {
  const { io } = loginWorld([refused('invalid_grant')]);
  const account = readServiceAccount({ ...json, private_key_id: '', private_key: pkcs1 });
  await expect(
    serviceAccountTokens(account, [], { fetch: io.fetch, signal: io.signal, nowMs: 0 }),
  ).rejects.toMatchObject({ code: 'upstream_unauthorized' });
});
