import { expect, test } from 'vitest';
import { credential, target } from '../../test/support/pipeline-harness.ts';
import { upstreamHeaders } from './upstream-headers.ts';

const headersOf = (secret: string | undefined): Record<string, string> => {
  const { secret: _, ...account } = credential('c1');
  const own = secret === undefined ? account : { ...account, secret };
  return upstreamHeaders({ ...target('http://127.0.0.1:9'), credential: own }, {}, 'ua');
};

test('the credential’s secret is sent as its provider wants it', () => {
  expect(headersOf('fake-secret')).toEqual({
    'user-agent': 'ua',
    'content-type': 'application/json',
    authorization: 'Bearer fake-secret',
  });
});

test.each([undefined, ''])('without a secret (%j) there is no header for it', (secret) => {
  expect(headersOf(secret)).toEqual({ 'user-agent': 'ua', 'content-type': 'application/json' });
});
