import { describe, expect, it } from 'vitest';
import { type ErrorCode, invalidRequest, ProxyError, upstreamError } from '../../errors.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeError, decodeStreamError, encodeError } from './errors.ts';

describe('encodeError', () => {
  it.each<[number, string]>([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [425, 'api_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [524, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('%i is %s', (status, type) => {
    const error = upstreamError({ status, message: 'words', type: 'server_error' });
    expect(encodeError(error)).toStrictEqual({ type: 'error', error: { type, message: 'words' } });
  });

  it.each<[ErrorCode, string]>([
    ['unauthorized', 'authentication_error'],
    ['forbidden', 'permission_error'],
    ['not_found', 'not_found_error'],
    ['body_too_large', 'request_too_large'],
    ['model_cooldown', 'rate_limit_error'],
    ['internal', 'api_error'],
    ['no_credential', 'api_error'],
    ['upstream_timeout', 'timeout_error'],
    ['upstream_stream_truncated', 'api_error'],
    ['method_not_allowed', 'invalid_request_error'],
    ['client_closed', 'invalid_request_error'],
  ])('%s of the proxy itself is %s', (code, type) => {
    expect(encodeError(new ProxyError(code, 'words'))).toStrictEqual({
      type: 'error',
      error: { type, message: 'words' },
    });
  });

  it('speaks of stored conversations only where one was asked for', () => {
    expect(encodeError(new ProxyError('internal', 'no', { path: 'thread' })).error).toStrictEqual({
      type: 'api_error',
      message: 'no',
    });
    expect(encodeError(invalidRequest('model', 'no')).error).not.toHaveProperty('details');
  });

  it('says once that the prompt is too long', () => {
    const error = upstreamError({ status: 400, message: 'the prompt is too long', code: 'context_length_exceeded' });
    expect(encodeError(error)).toMatchObject({ error: { message: 'the prompt is too long' } });
    const plain = upstreamError({ status: 400, message: 'bad' });
    expect(encodeError(plain)).toMatchObject({ error: { message: 'bad' } });
  });

  it("keeps Claude's own type", () => {
    const error = upstreamError({ status: 500, message: 'words', type: 'overloaded_error' });
    expect(encodeError(error)).toMatchObject({ error: { type: 'overloaded_error' } });
  });

  it('says of a full context what makes Claude clients compact', () => {
    const error = upstreamError({ status: 400, message: 'too many tokens', code: 'context_length_exceeded' });
    expect(encodeError(error)).toMatchObject({ error: { message: 'prompt is too long: too many tokens' } });
  });

  it.each([[{ type: 'create' }], [{ type: 'continue', previous_message_id: 'x' }], ['anything']])(
    'refuses a stored conversation in the form that makes SDKs send all of it: %j',
    (thread) => {
      const read = (): unknown => decodeRequest({ model: 'm', messages: [], thread }, {});
      expect(read).toThrow(
        invalidRequest('thread', 'conversations stored by the server are not supported here; send the whole history'),
      );
      expect(encodeError(invalidRequest('thread', 'no'))).toMatchObject({
        error: { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } },
      });
    },
  );

  it('takes a request that says in so many words that it has no stored conversation', () => {
    expect(decodeRequest({ model: 'm', messages: [], thread: null }, {}).messages).toStrictEqual([]);
  });
});

describe('decodeError', () => {
  it.each([
    [
      { type: 'error', error: { type: 'rate_limit_error', message: 'slow' }, request_id: 'r' },
      { type: 'rate_limit_error', message: 'slow' },
    ],
    [
      { error: { message: 'bad', type: 'invalid_request_error', code: 'unsupported_value', param: 'n' } },
      { type: 'invalid_request_error', code: 'unsupported_value', param: 'n', message: 'bad' },
    ],
    [{ error: 'plain' }, { message: 'plain' }],
    [{ message: 'top' }, { message: 'top' }],
    [' text ', { message: 'text' }],
    ['  ', { message: 'the upstream answered with status 418 and no message' }],
    [{ message: '', error: { message: '' } }, { message: 'the upstream answered with status 418 and no message' }],
    [{ error: { message: 1, type: 2, code: 3, param: 4 }, message: 'outer' }, { message: 'outer' }],
    [{ error: { code: 'c' } }, { code: 'c', message: 'c' }],
    [{ type: 'error', message: 'top' }, { message: 'top' }],
    [
      { error: { message: 'm', details: { error_code: 'thread_unsupported_request' } } },
      { code: 'thread_unsupported_request', message: 'm' },
    ],
    [{ error: { message: 'm', code: 'c', details: { error_code: 'd' } } }, { code: 'c', message: 'm' }],
    [{ error: { message: 'm', details: 'd' } }, { message: 'm' }],
    [undefined, { message: 'the upstream answered with status 418 and no message' }],
    [[], { message: 'the upstream answered with status 418 and no message' }],
  ])('%j', (body, expected) => {
    expect(decodeError(418, body)).toStrictEqual({ status: 418, ...expected });
  });

  it.each(['Fast mode requires usage credits', 'The limit of your fast requests is reached', 'no fast-mode left'])(
    'knows a limit of fast mode alone: %s',
    (message) => {
      const info = decodeError(429, { type: 'error', error: { type: 'rate_limit_error', message } });
      expect(info).toStrictEqual({ status: 429, type: 'rate_limit_error', message, limitOf: 'request' });
      expect(upstreamError(info)).toMatchObject({ scope: 'request', retryable: true });
    },
  );

  it.each(['breakfast mode', 'too fast', 'steadfast requests'])('is not misled by %s', (message) => {
    expect(decodeError(429, { error: { message } })).toStrictEqual({ status: 429, message });
  });

  it('takes the status of an in-stream error from its type', () => {
    const event = (type: string) => ({ type: 'error', error: { type, message: 'm' } });
    expect(decodeStreamError(event('rate_limit_error')).status).toBe(429);
    expect(decodeStreamError(event('toString')).status).toBe(500);
    expect(decodeStreamError({ type: 'error', error: { message: 'm' } })).toStrictEqual({ status: 500, message: 'm' });
  });
});

it.each([
  [{}, 'model'],
  [{ model: 'm' }, 'messages'],
  [{ model: 'm', messages: [{ role: 'tool', content: '' }] }, 'messages[0].role'],
  [{ model: 'm', messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ model: 'm', messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
  [{ model: 'm', messages: [], stop_sequences: [1] }, 'stop_sequences[0]'],
  [{ model: 'm', messages: [], tools: [{ input_schema: {} }] }, 'tools[0].name'],
  [{ model: 'm', messages: [], thinking: { type: 'x' } }, 'thinking.type'],
])('a wrong request names its path: %j', (body, path) => {
  expect(() => decodeRequest(body, {})).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
