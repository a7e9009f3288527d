import { describe, expect, it } from 'vitest';
import { invalidRequest, upstreamError } from '../../errors.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeError, decodeStreamError, encodeError } from './errors.ts';

describe('encodeError', () => {
  it.each<[number, string]>([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('%i is %s', (status, type) => {
    const error = upstreamError({ status, message: 'words', type: 'server_error' });
    expect(encodeError(error)).toEqual({ type: 'error', error: { type, message: 'words' } });
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
    expect(decodeRequest({ model: 'm', messages: [], thread: null }, {}).messages).toEqual([]);
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
    [undefined, { message: 'the upstream answered with status 418 and no message' }],
    [[], { message: 'the upstream answered with status 418 and no message' }],
  ])('%j', (body, expected) => {
    expect(decodeError(418, body)).toEqual({ status: 418, ...expected });
  });

  it.each(['Fast mode requires usage credits', 'The limit of your fast requests is reached', 'no fast-mode left'])(
    'knows a limit of fast mode alone: %s',
    (message) => {
      const info = decodeError(429, { type: 'error', error: { type: 'rate_limit_error', message } });
      expect(info).toEqual({ status: 429, type: 'rate_limit_error', message, limitOf: 'request' });
      expect(upstreamError(info)).toMatchObject({ scope: 'request', retryable: true });
    },
  );

  it.each(['breakfast mode', 'too fast', 'steadfast requests'])('is not misled by %s', (message) => {
    expect(decodeError(429, { error: { message } })).toEqual({ status: 429, message });
  });

  it('takes the status of an in-stream error from its type', () => {
    const event = (type: string) => ({ type: 'error', error: { type, message: 'm' } });
    expect(decodeStreamError(event('rate_limit_error')).status).toBe(429);
    expect(decodeStreamError(event('toString')).status).toBe(500);
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
