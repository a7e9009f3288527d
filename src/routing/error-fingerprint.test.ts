import { expect, test } from 'vitest';
import { ProxyError, upstreamError } from '../errors.ts';
import { fingerprintOf } from './error-fingerprint.ts';

const print = (message: string, more: { status?: number; code?: string; type?: string } = {}): string | undefined =>
  fingerprintOf(upstreamError({ status: 500, message, ...more }));

const BAD_SCHEMA = 'Invalid schema for function weather: unsupported keyword oneOf';

test('ids, numbers and times do not tell failures apart', () => {
  const one = print(
    'messages.3.content.0: tool_use id toolu_01ABCdef has no result block (request req_011CQx, 12:30:01)',
  );
  const two = print(
    'messages.7.content.1: tool_use id toolu_99ZYXwvu has no result block (request req_999AAb, 13:00:59)',
  );
  expect(one).toBe(two);
  expect(one).toBeTypeOf('string');
});

test('words, status and code do', () => {
  const one = print(BAD_SCHEMA);
  expect(one).toBeTypeOf('string');
  expect(print(BAD_SCHEMA, { status: 501 })).not.toBe(one);
  expect(print(BAD_SCHEMA, { code: 'bad_schema' })).not.toBe(one);
  expect(print(BAD_SCHEMA, { code: 'c', type: 't' })).toBe(print(BAD_SCHEMA, { code: 'c', type: 'u' }));
  expect(print(BAD_SCHEMA.replace('oneOf', 'anyOf'))).not.toBe(one);
  expect(print(`  ${BAD_SCHEMA.toUpperCase()}`)).toBe(one);
});

test.each([
  'Internal server error',
  '',
  'HTTP status 500',
  'An internal error has occurred. Please retry or report in https://www.google.com/123',
  'The server had an error processing your request. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if you keep seeing this error. (Please include the request ID req_1a2b in your email.)',
  'Upstream request failed',
  'Test: HTTP 500 with a page of HTML',
  'no available account could take this request for the model now',
  'every credential is resting until some quota resets',
  'Post to backend worker seven: dial tcp: lookup inference.internal: no such host',
])('a message that says nothing of the request has none: %s', (message) => {
  expect(print(message)).toBeUndefined();
});

test.each([401, 402, 403, 408, 429, 502, 503, 504, 520, 529, 400])('%i never counts', (status) => {
  const error = upstreamError({ status, message: BAD_SCHEMA, ...(status === 503 && { code: 'slow_down' }) });
  expect(fingerprintOf(error)).toBeUndefined();
});

test('neither does what no upstream said', () => {
  expect(fingerprintOf(new ProxyError('upstream_unreachable', BAD_SCHEMA))).toBeUndefined();
});
