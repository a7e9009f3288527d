import { expect, it } from 'vitest';
import { maskSecret } from './mask-secret.ts';

it.each([
  ['sk-ant-api03-abcdefghijkl', 'sk-a...ijkl'],
  ['12345678', '12...78'],
  ['short', '...'],
  ['', '...'],
])('masks %s', (secret, masked) => {
  expect(maskSecret(secret)).toBe(masked);
});
