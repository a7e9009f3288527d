import { expect, test } from 'vitest';
import { hideSecrets, secretsAmong } from './hide-secrets.ts';

test.each([
  ['as it is', 'key fake/a+b is bad', 'key *** is bad'],
  ['in JSON', String.raw`{"key":"fake\/a+b"}`, '{"key":"***"}'],
  ['in a URL', 'key=fake%2Fa%2Bb', 'key=***'],
  ['on several lines', ' a\n\nfake/a+b ', 'a ***'],
])('a secret %s is not shown', (_form, text, expected) => {
  expect(hideSecrets(text, ['fake/a+b'])).toBe(expected);
});

test('in a form a space is a plus', () => {
  expect(hideSecrets('secret=fake+1', ['fake 1'])).toBe('secret=***');
});

test('a secret in another one leaves nothing of that one', () => {
  expect(hideSecrets('fake-1-fake-2', ['fake-1', 'fake-1-fake-2'])).toBe('***');
});

test('words are no secrets, however short the secret', () => {
  expect(hideSecrets('a bad request', ['', 'a', 'bad'])).toBe('a bad request');
});

test('a long text is cut behind its secrets', () => {
  expect(hideSecrets(`${'x'.repeat(195)}fake-secret`, ['fake-secret'])).toBe(`${'x'.repeat(195)}***`);
  expect(hideSecrets('x'.repeat(300), [])).toBe(`${'x'.repeat(200)}...`);
});

test('what is called a token, a key or a cookie is one', () => {
  const headers = { authorization: 'Bearer fake-1', cookie: 'a=fake-2; b=fake-3=', accept: 'application/json' };
  expect(secretsAmong(headers)).toEqual(expect.arrayContaining(['Bearer fake-1', 'fake-1', 'fake-2', 'fake-3=']));
  expect(secretsAmong(headers)).not.toContain('Bearer');
  expect(secretsAmong({ refreshToken: 'r', client_secret: 's', grant_type: 'refresh_token', token_type: 'b' })).toEqual(
    ['r', 's'],
  );
  expect(secretsAmong({ token: { nested: 1 }, code: 'c' })).toEqual(['c']);
});
