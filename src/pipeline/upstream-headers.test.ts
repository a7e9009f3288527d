import { expect, test } from 'vitest';
import { credential, target } from '../../test/support/pipeline-harness.ts';
import type { Credential } from '../credentials/credential.ts';
import { upstreamHeaders } from './upstream-headers.ts';

const withKey = (secret: string | undefined): Credential => ({ ...credential('c1'), secret });
const headersOf = (own: Credential): Record<string, string> =>
  upstreamHeaders({ ...target('http://127.0.0.1:9'), credential: own }, {}, 'ua');

test('the credential’s secret is sent as its provider wants it', () => {
  expect(headersOf(withKey('fake-secret'))).toEqual({
    'user-agent': 'ua',
    'content-type': 'application/json',
    authorization: 'Bearer fake-secret',
  });
});

test.each([withKey(undefined), withKey('')])('without a secret there is no header for it', (own) => {
  expect(headersOf(own)).toEqual({ 'user-agent': 'ua', 'content-type': 'application/json' });
});

test('an account sends its token as its provider wants it, and what it needs besides, beside what the client asks for', () => {
  const base = target('http://127.0.0.1:9');
  const provider = {
    ...base.provider,
    account: {
      types: ['test'],
      header: { type: 'header', name: 'X-Token' } as const,
      headers: { 'X-Beta': 'login-1' },
      refreshLeadMs: 0,
    },
    quirks: { forwardHeaders: ['x-beta'] },
  };
  const sent = (own: Credential, client: Record<string, string>): Record<string, string> =>
    upstreamHeaders({ ...base, provider, credential: own }, client, 'ua');
  const account = { ...withKey('fake-token'), kind: 'account' as const };
  expect(sent(account, {})).toEqual({
    'user-agent': 'ua',
    'content-type': 'application/json',
    'x-token': 'fake-token',
    'x-beta': 'login-1',
  });
  expect(sent(account, { 'x-beta': 'a, b' })['x-beta']).toBe('a, b,login-1');
  expect(sent(account, { 'x-beta': 'a,login-1' })['x-beta']).toBe('a,login-1');
  expect(sent(withKey('fake-key'), { 'x-beta': 'a' })).toMatchObject({
    authorization: 'Bearer fake-key',
    'x-beta': 'a',
  });
});
