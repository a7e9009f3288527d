import { expect, it } from 'vitest';
import { ProxyError, upstreamError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { decodeError, encodeError, errorStatus } from './errors.ts';

it.each<[JsonValue | undefined, JsonObject]>([
  [{ error: { status: 'ABORTED', message: 'm' } }, { status: 418, type: 'ABORTED', message: 'm' }],
  [[{ error: { message: 'm' } }], { status: 418, message: 'm' }],
  [{ error: {} }, { status: 418, message: 'the Gemini upstream answered with status 418' }],
  ['  <html>bad</html>\n', { status: 418, message: '<html>bad</html>' }],
  ['x'.repeat(600), { status: 418, message: 'x'.repeat(500) }],
  ['  ', { status: 418, message: 'the Gemini upstream answered with status 418' }],
  [{ error: 'x' }, { status: 418, message: 'the Gemini upstream answered with status 418' }],
  [undefined, { status: 418, message: 'the Gemini upstream answered with status 418' }],
  [
    { error: { message: 'm', details: [{}, { reason: 'R' }, { reason: 'S' }] } },
    { status: 418, code: 'R', message: 'm' },
  ],
  [
    { error: { message: 'm', details: [{ reason: 'API_KEY_INVALID' }] } },
    { status: 401, code: 'API_KEY_INVALID', message: 'm' },
  ],
])('%j', (body, expected) => expect(decodeError(418, body)).toStrictEqual(expected));

it.each([
  ['12h', 43_200_000],
  ['12m', 720_000],
  ['1m30s', 90_000],
  ['10.25s', 10_250],
  ['12.75ms', 13],
  ['1s250ms', 1250],
  ['', undefined],
  ['5', undefined],
  ['5s later', undefined],
  ['in 5s', undefined],
])('a delay of %s', (retryDelay, expected) => {
  expect(decodeError(429, { error: { message: 'm', details: [{ retryDelay }] } }).retryAfterMs).toBe(expected);
});

it('the first readable delay counts', () => {
  const details = [{ retryDelay: 'soon' }, { metadata: { quotaResetDelay: '2s' } }, { retryDelay: '9s' }];
  expect(decodeError(429, { error: { message: 'm', details } }).retryAfterMs).toBe(2000);
});

it.each([
  [400, 400],
  [429, 429],
  [599, 599],
  [399, 502],
  [600, 502],
  [450.5, 502],
  ['429', 502],
  [undefined, 502],
])('an error in a stream with code %s has status %i', (code, expected) => {
  expect(errorStatus({ error: { code } })).toBe(expected);
});

it('an error in a stream that is none has status 502', () => expect(errorStatus({ code: 429 })).toBe(502));

it.each<[ProxyError, number, string]>([
  [upstreamError({ status: 400, type: 'OUT_OF_RANGE', message: 'm' }), 400, 'OUT_OF_RANGE'],
  [upstreamError({ status: 400, type: 'invalid_request_error', message: 'm' }), 400, 'INVALID_ARGUMENT'],
  [upstreamError({ status: 404, type: 'other', message: 'm' }), 404, 'NOT_FOUND'],
  [upstreamError({ status: 500, message: 'm' }), 500, 'INTERNAL'],
  [upstreamError({ status: 503, type: 'DATA_LOSS', message: 'm' }), 503, 'DATA_LOSS'],
  [new ProxyError('internal', 'm', { status: 507 }), 507, 'INTERNAL'],
  [new ProxyError('internal', 'm', { status: 418 }), 418, 'INVALID_ARGUMENT'],
  [new ProxyError('upstream_timeout', 'm'), 504, 'DEADLINE_EXCEEDED'],
])('a client is told %s by status and name', (error, code, status) => {
  expect(encodeError(error)).toStrictEqual({ error: { code, message: 'm', status } });
});

it('and how long to wait', () => {
  expect(encodeError(new ProxyError('model_cooldown', 'm', { retryAfterMs: 1500 }))).toStrictEqual({
    error: {
      code: 429,
      message: 'm',
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }],
    },
  });
});
