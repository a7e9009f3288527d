import { expect, test } from 'vitest';
import { answerError, answerOf, parsePastedAnswer } from './callback-answer.ts';

test.each([
  ['http://localhost:54545/callback?code=c-1&state=s-1', { code: 'c-1', state: 's-1' }],
  ['  "http://localhost:54545/callback?code=c%2F1&state=s-1"\n', { code: 'c/1', state: 's-1' }],
  ['<http://127.0.0.1/cb?state=s&code=c&scope=a+b>', { code: 'c', state: 's' }],
  ['http://localhost/cb?code=c#state', { code: 'c' }],
  ['http://localhost/cb#code=c&state=s', { code: 'c', state: 's' }],
  ['http://localhost/cb?code=c%23s', { code: 'c', state: 's' }],
  [
    'http://localhost/cb?error=access_denied&error_description=no+way&state=s',
    { error: 'access_denied', errorDescription: 'no way', state: 's' },
  ],
  ['app://callback?code=c&state=s', { code: 'c', state: 's' }],
  ['?code=c&state=s', { code: 'c', state: 's' }],
  ['code=c&state=s', { code: 'c', state: 's' }],
  ['/callback?code=c&state=s', { code: 'c', state: 's' }],
  ['localhost:1455/auth/callback?code=c&state=s', { code: 'c', state: 's' }],
  ['#code=c&state=s', { code: 'c', state: 's' }],
  ['error=server_error', { error: 'server_error' }],
  ['c0de.with-_~4/0A%2B=#st-ate', { code: 'c0de.with-_~4/0A%2B=', state: 'st-ate' }],
  ['just-a-long-code', { code: 'just-a-long-code' }],
  ['code-1#', { code: 'code-1' }],
])('%s', (text, answer) => {
  expect(parsePastedAnswer(text)).toEqual(answer);
});

test.each([
  '',
  '  ',
  'two words',
  'http://localhost/cb',
  'http://localhost/cb?state=s',
  'http://[',
  'a'.repeat(20_000),
  '<script>x</script>',
  'a-typo',
  '?code=&state=s',
])('is nothing of use: %s', (text) => {
  expect(() => parsePastedAnswer(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  if (text.length > 3) expect(() => parsePastedAnswer(text)).not.toThrow(text);
});

test('the state of the query wins over one in the code', () => {
  expect(answerOf(new URLSearchParams('code=c%23inner&state=outer'))).toEqual({ code: 'c', state: 'outer' });
  expect(answerOf(new URLSearchParams('code=%20&state='))).toEqual({});
});

test('what an answer without a code means', () => {
  expect(answerError({ code: 'c' })).toBeUndefined();
  expect(answerError({})).toMatchObject({ code: 'invalid_request' });
  expect(answerError({ error: 'access_denied', code: 'c' })).toMatchObject({ code: 'upstream_forbidden' });
  const error = answerError({ error: 'server_error', errorDescription: `bad\u001b[31m\u202e${'x'.repeat(300)}` });
  expect(error).toMatchObject({ code: 'upstream_rejected' });
  expect(error?.message).toMatch(/^the provider ended the login: server_error: bad \[31m.{1,200}\.\.\.$/);
  expect(error?.message).not.toContain('\u001b');
});
