import { expect, test } from 'vitest';
import { jwtClaims } from './jwt-claims.ts';

test('reads the claims of a token, and none of anything else', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  expect(jwtClaims(`${part({ alg: 'none' })}.${part({ email: 'ä@example.test', n: 1 })}.sig`)).toEqual({
    email: 'ä@example.test',
    n: 1,
  });
  for (const token of [undefined, '', 7, 'opaque', 'a.b.c', `${part({})}.${part([1])}.x`])
    expect(jwtClaims(token)).toEqual({});
});
