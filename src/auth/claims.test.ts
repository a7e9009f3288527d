import { expect, test } from 'vitest';
import { textClaim, unverifiedClaims } from './claims.ts';

const jwt = (payload: unknown) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sig`;

test('claims of a token that is one', () => {
  const claims = unverifiedClaims(jwt({ email: ' ada@example.test ', plan: '', n: 1 }));
  expect(claims).toMatchObject({ n: 1 });
  expect(['email', 'plan', 'n', 'none'].map((name) => textClaim(claims, name))).toEqual([
    'ada@example.test',
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([undefined, '', 'opaque', 'a.b.c', 'e30..', jwt([1]), jwt('x')])('%s has none', (token) => {
  expect(unverifiedClaims(token)).toEqual({});
});
