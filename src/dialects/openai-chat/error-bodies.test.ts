import { describe, expect, test } from 'vitest';
import { type ErrorCode, ProxyError, type UpstreamErrorInfo, upstreamError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { bodyError, decodeError, encodeError, signatureRefusals } from './errors.ts';

describe('what an upstream says', () => {
  test.each<[JsonValue | undefined, Omit<UpstreamErrorInfo, 'status'>]>([
    [{ error: { message: 'a', type: 't' } }, { message: 'a', type: 't' }],
    [{ error: { message: 'a', type: '', status: 's', code: 5, param: null } }, { message: 'a', type: 's' }],
    [{ error: { message: 'a', type: 't', status: 's' } }, { message: 'a', type: 't' }],
    [{ error: { code: 'c', param: 'p' } }, { message: 'HTTP 418', code: 'c', param: 'p' }],
    [{ error: { message: '' }, message: 'outer' }, { message: 'outer' }],
    [{ error: { message: '' }, detail: 'outer', message: 'late' }, { message: 'outer' }],
    [{ error: 'inner', detail: 'd' }, { message: 'inner' }],
    [
      { error: '', message: 'm', type: 't', code: 'c' },
      { message: 'm', type: 't', code: 'c' },
    ],
    [{ detail: { message: 'd' } }, { message: 'd' }],
    [{ detail: { message: 5 } }, { message: 'HTTP 418' }],
    [{ detail: 5 }, { message: 'HTTP 418' }],
    [
      { detail: ['a', '', 5, { msg: 'b' }, { loc: ['x', 0], msg: 'c' }, { loc: ['y'] }] },
      { message: 'a; b; x.0: c; y: ' },
    ],
    [{ detail: [] }, { message: 'HTTP 418' }],
    [[{ error: { message: 'a' } }, { error: { message: 'b' } }], { message: 'a' }],
    [[], { message: 'HTTP 418' }],
    [5, { message: 'HTTP 418' }],
    [null, { message: 'HTTP 418' }],
    ['', { message: 'HTTP 418' }],
    [' \n', { message: 'HTTP 418' }],
    ['  <!doctype html>', { message: 'HTTP 418 with a page of HTML' }],
    ['a < b', { message: 'a < b' }],
    ['x'.repeat(501), { message: 'x'.repeat(500) }],
  ])('%j', (body, info) => {
    expect(decodeError(418, body)).toStrictEqual({ status: 418, ...info });
  });
});

describe('an error where the answer should be', () => {
  const status = (body: JsonObject): number | undefined => bodyError(body)?.upstream?.status;

  test.each<[JsonValue, number]>([
    ['text', 502],
    [true, 502],
    [{}, 502],
    [{ code: 400 }, 400],
    [{ code: 599 }, 599],
    [{ code: 399 }, 502],
    [{ code: 600 }, 502],
    [{ code: 450.5 }, 502],
    [{ code: '404' }, 404],
    [{ status: 503 }, 503],
    [{ code: 'x', status: '503' }, 503],
    [{ code: 401, status: 503 }, 401],
    [{ type: 'rate_limit_error' }, 429],
    [{ code: 'rate_limit_exceeded' }, 429],
    [{ type: 'overloaded_error' }, 529],
    [{ code: 'insufficient_quota' }, 429],
    [{ type: 'authentication_error' }, 401],
    [{ code: 'invalid_api_key' }, 401],
    [{ type: 'permission_error' }, 403],
    [{ type: 'invalid_request_error' }, 400],
    [{ code: 'context_length_exceeded' }, 400],
    [{ type: 'server_error', code: 'x' }, 502],
  ])('%j has the status %d', (error, expected) => {
    expect(status({ error })).toBe(expected);
  });

  test.each<[JsonObject]>([
    [{}],
    [{ error: null }],
    [{ error: false }],
    [{ message: 'hello' }],
    [{ message: 'a', choices: [], code: 1 }],
    [{ choices: [], object: 'error' }],
    [{ code: 1, status: 2, type: 'x' }],
    [{ message: '', code: 1 }],
    [{ detail: '' }],
  ])('%j is none', (body) => {
    expect(bodyError(body)).toBeUndefined();
  });

  test.each<[JsonObject, number, string]>([
    [{ object: 'error', message: 'a' }, 502, 'a'],
    [{ type: 'error', message: 'a' }, 502, 'a'],
    [{ type: 'error' }, 502, 'HTTP 502'],
    [{ message: 'a', code: 400 }, 400, 'a'],
    [{ message: 'a', status: 401 }, 401, 'a'],
    [{ message: 'a', type: 'rate_limit_error' }, 429, 'a'],
    [{ detail: 'a' }, 502, 'a'],
    [{ detail: [{ msg: 'a' }] }, 502, 'a'],
    [{ error: { message: 'a', code: 400 }, choices: [] }, 400, 'a'],
  ])('%j', (body, expected, message) => {
    expect(bodyError(body)?.upstream).toMatchObject({ status: expected, message });
  });
});

describe('what a client is told', () => {
  const told = (error: ProxyError): object => encodeError(error)['error'];
  const own = (code: ErrorCode, status: number): ProxyError => new ProxyError(code, 'text', { status });

  test.each<[ProxyError, string, string | null, string | null]>([
    [own('internal', 401), 'authentication_error', 'internal', null],
    [own('internal', 402), 'insufficient_quota', 'internal', null],
    [own('internal', 403), 'permission_error', 'internal', null],
    [own('internal', 404), 'invalid_request_error', 'internal', null],
    [own('internal', 429), 'rate_limit_error', 'internal', null],
    [own('internal', 499), 'invalid_request_error', 'internal', null],
    [own('internal', 500), 'server_error', 'internal', null],
    [own('unauthorized', 401), 'authentication_error', 'invalid_api_key', null],
    [own('unauthorized', 402), 'insufficient_quota', 'insufficient_quota', null],
    [own('unauthorized', 403), 'permission_error', 'insufficient_quota', null],
    [own('unauthorized', 429), 'rate_limit_error', 'rate_limit_exceeded', null],
    [own('unauthorized', 400), 'invalid_request_error', null, null],
    [own('unauthorized', 503), 'server_error', 'internal_server_error', null],
    [own('model_not_found', 404), 'invalid_request_error', 'model_not_found', 'model'],
    [own('invalid_request', 400), 'invalid_request_error', null, null],
    [
      new ProxyError('model_not_found', 'text', { path: 'models[1]' }),
      'invalid_request_error',
      'model_not_found',
      'models[1]',
    ],
    [
      new ProxyError('upstream_failed', 'text', {
        path: 'ours',
        upstream: { status: 400, message: 'x', param: 'theirs', code: 'context_length_exceeded' },
      }),
      'invalid_request_error',
      'context_length_exceeded',
      'theirs',
    ],
    [upstreamError({ status: 403, message: 'text' }), 'permission_error', 'insufficient_quota', null],
    [upstreamError({ status: 404, message: 'text' }), 'invalid_request_error', 'model_not_found', null],
  ])('%s', (error, type, code, param) => {
    expect(told(error)).toStrictEqual({ message: 'text', type, param, code });
  });
});

test.each([
  ['invalid_encrypted_content', true],
  ['an invalid_encrypted_content', false],
  ['invalid_encrypted_contents', false],
  ['The encrypted content rs_1 could not be verified.', true],
  ['The encrypted content of\nit could not be decrypted', true],
  ['Could not decrypt the\nprovided encrypted_content', true],
  ['Invalid `signature` in `thinking` block', true],
  ['invalid signature in thinking block', true],
  ['Invalid `data` in `redacted_thinking` block', true],
  ['Invalid signature in text block', false],
  ['Corrupted thought signature.', true],
  ['invalid thoughtsignature', true],
  ['Thought signature is not valid', true],
  ['thought_signature is invalid', true],
  ['thought signature is missing', false],
])('%j is a signature refused: %s', (message, refused) => {
  expect(signatureRefusals.some((pattern) => pattern.test(message))).toBe(refused);
});
