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
