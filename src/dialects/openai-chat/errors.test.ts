import { expect, test } from 'vitest';
import { type ErrorCode, invalidRequest, ProxyError, upstreamError } from '../../errors.ts';
import { openaiChat as codec } from './index.ts';

test.each([
  ['unauthorized', 'authentication_error', 'invalid_api_key', null],
  ['model_not_found', 'invalid_request_error', 'model_not_found', 'model'],
  ['model_cooldown', 'rate_limit_error', 'model_cooldown', null],
  ['body_too_large', 'invalid_request_error', 'body_too_large', null],
  ['internal', 'server_error', 'internal', null],
] satisfies [ErrorCode, string, string, string | null][])('%s', (name, type, code, param) => {
  const error = codec.encodeError(new ProxyError(name, 'text'));
  expect(error).toStrictEqual({ error: { message: 'text', type, param, code } });
});

test('a wrong field is named', () => {
  expect(codec.encodeError(invalidRequest('messages[0].role', 'bad'))).toStrictEqual({
    error: { message: 'messages[0].role: bad', type: 'invalid_request_error', param: 'messages[0].role', code: null },
  });
});

test('an upstream error takes this dialect’s type and keeps its own code', () => {
  const foreign = upstreamError({ status: 429, type: 'RESOURCE_EXHAUSTED', message: 'quota' });
  expect(codec.encodeError(foreign)).toMatchObject({
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  });
  const own = upstreamError({ status: 400, type: 'x', code: 'context_length_exceeded', message: 'long' });
  expect(codec.encodeError(own)).toMatchObject({
    error: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  });
});

test.each([
  [{ error: { message: 'a', type: 't', code: 'c', param: 'p' } }, { message: 'a', type: 't', code: 'c', param: 'p' }],
  [[{ error: { message: 'a', status: 'INVALID_ARGUMENT', code: 400 } }], { message: 'a', type: 'INVALID_ARGUMENT' }],
  [{ error: 'a' }, { message: 'a' }],
  [{ message: 'a' }, { message: 'a' }],
  [{ detail: 'a' }, { message: 'a' }],
  [{ detail: [{ loc: ['body', 'n'], msg: 'a' }] }, { message: 'body.n: a' }],
  [' a ', { message: 'a' }],
  ['<html>secret</html>', { message: 'HTTP 400 with a page of HTML' }],
  [undefined, { message: 'HTTP 400' }],
  [{}, { message: 'HTTP 400' }],
])('reads %j', (body, expected) => {
  expect(codec.decodeError(400, body)).toStrictEqual({ status: 400, ...expected });
});

test('an error in a successful answer is an error', () => {
  expect(() => codec.decodeResponse({ error: { message: 'busy', code: 503 } })).toThrow(
    expect.objectContaining({ code: 'upstream_failed', status: 503 }),
  );
  expect(() => codec.decodeResponse({ choices: 'x' })).toThrow(
    expect.objectContaining({ code: 'upstream_invalid_response' }),
  );
});

test('the tail of a stream cut short is not complete', () => {
  const chunk =
    'data: {"choices":[{"delta":{"content":"data: [DONE] \\"finish_reason\\":\\"stop\\""},"finish_reason":null}]}\n\n';
  expect(codec.readStreamTail(chunk, chunk)).toStrictEqual({ complete: false });
  expect(codec.readStreamTail('', `${chunk}data: [DONE]\n\n`)).toStrictEqual({ complete: true });
  expect(codec.readStreamTail('', 'data: {"choices":[{"delta":{},"finish_reason": "stop"}]}')).toStrictEqual({
    complete: true,
    missing: 'data: [DONE]\n\n',
  });
});

test('the last usage counts', () => {
  const early = '"usage":{"prompt_tokens":1,"completion_tokens":1}';
  const late = '"usage" : {"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}';
  expect(codec.readResponseUsage(`{${early}} {${late}} {"usage":null}`)).toMatchObject({
    inputTokens: 1,
    cachedReadTokens: 4,
    outputTokens: 2,
  });
  expect(codec.readResponseUsage('{"usage":{"prompt_tokens":5')).toBeUndefined();
});
