import { describe, expect, it } from 'vitest';
import { ProxyError, upstreamError } from '../../errors.ts';
import type { JsonValue } from '../../ir/index.ts';
import { kiro } from './index.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('what an error says', () => {
  it.each<[number, JsonValue | undefined, object]>([
    [400, { message: 'Improperly formed request.', reason: null }, { message: 'Improperly formed request.' }],
    [500, undefined, { message: 'the upstream answered with status 500 and no message' }],
    [500, ' plain ', { message: 'plain' }],
    [
      500,
      { __type: 'a.b#InternalServerException:http://x' },
      { type: 'InternalServerException', message: 'the upstream answered with InternalServerException and no message' },
    ],
    [429, { _type: 'ThrottlingException', Message: 'slow' }, { type: 'ThrottlingException', message: 'slow' }],
    [404, { error: { message: 'inner' } }, { message: 'inner' }],
    [400, { message: 'm', reason: 'SOME_REASON' }, { message: 'm', code: 'SOME_REASON' }],
    [400, { message: 'Input is too long.' }, { message: 'Input is too long.', code: 'context_length_exceeded' }],
    [
      400,
      { message: 'm', reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD' },
      { message: 'm', code: 'context_length_exceeded' },
    ],
    [400, { message: 'm', reason: 'INVALID_MODEL_ID' }, { message: 'm', code: 'model_not_found' }],
    [403, { message: 'denied' }, { message: 'denied' }],
    [
      403,
      { message: 'm', reason: 'TEMPORARILY_SUSPENDED' },
      { message: 'm', code: 'TEMPORARILY_SUSPENDED', retryAfterMs: DAY_MS },
    ],
    [
      403,
      { message: 'Your account has been suspended' },
      { message: 'Your account has been suspended', retryAfterMs: DAY_MS },
    ],
  ])('%i %j', (status, body, expected) => {
    expect(kiro.decodeError(status, body)).toEqual({ status, ...expected });
  });

  it.each([
    ['The bearer token included in the request is invalid.'],
    ['The security token included in the request is expired'],
    ['invalid access token'],
  ])('a token is at fault: %s', (message) => {
    expect(kiro.decodeError(403, { message })).toEqual({ status: 401, message });
    expect(kiro.decodeError(400, { message })).toEqual({ status: 400, message });
  });

  it.each<[number, JsonValue]>([
    [402, {}],
    [429, { reason: 'MONTHLY_REQUEST_COUNT' }],
    [400, { message: 'You have reached the limit for this month' }],
  ])('the allowance is spent: %i %j', (status, body) => {
    const info = kiro.decodeError(status, body);
    expect(info).toMatchObject({
      status: 402,
      code: 'usage_limit_reached',
      limitOf: 'credential',
      limitName: 'plan',
      retryAfterMs: 60 * 60_000,
    });
    const error = upstreamError(info);
    expect([error.code, error.status, error.scope]).toEqual(['upstream_rate_limited', 429, 'credential']);
  });
});

it.each([
  ['ThrottlingException', 'upstream_rate_limited'],
  ['TooManyRequestsException', 'upstream_rate_limited'],
  ['LimitExceededException', 'upstream_rate_limited'],
  ['ServiceQuotaExceededException', 'upstream_rate_limited'],
  ['AccessDeniedException', 'upstream_forbidden'],
  ['ForbiddenException', 'upstream_forbidden'],
  ['UnauthorizedException', 'upstream_unauthorized'],
  ['ExpiredTokenException', 'upstream_unauthorized'],
  ['UnrecognizedClientException', 'upstream_unauthorized'],
  ['InvalidTokenException', 'upstream_unauthorized'],
  ['ResourceNotFoundException', 'upstream_rejected'],
  ['ConflictException', 'upstream_rejected'],
  ['ValidationException', 'upstream_rejected'],
  ['BadRequestException', 'upstream_rejected'],
  ['SerializationException', 'upstream_rejected'],
  ['InvalidRequestException', 'upstream_rejected'],
  ['ServiceUnavailableException', 'upstream_failed'],
  ['OverloadedException', 'upstream_failed'],
  ['TimeoutException', 'upstream_timeout'],
  ['InternalServerException', 'upstream_failed'],
])('%s in an answer of status 200', (name, code) => {
  const thrown = (): unknown => {
    try {
      return kiro.decodeResponse({ __type: `x#${name}`, message: 'm' });
    } catch (error) {
      return error instanceof ProxyError ? error.code : error;
    }
  };
  expect(thrown()).toBe(code);
});

it('JSON instead of a stream is no answer', () => {
  expect(() => kiro.decodeResponse({ message: 'oops' })).toThrow('oops');
  expect(() => kiro.decodeResponse({ ok: true })).toThrow('the upstream answered with JSON instead of a stream');
});

it('nothing is read from bytes that go through: none do', () => {
  expect(kiro.readStreamTail('', '')).toEqual({ complete: false });
  expect(kiro.readResponseUsage('{}')).toBeUndefined();
  expect(kiro.answerBegins.test('{"content":"x"}')).toBe(true);
  expect(kiro.answerBegins.test('{"usage":1}')).toBe(false);
});
