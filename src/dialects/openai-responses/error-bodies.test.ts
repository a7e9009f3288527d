import { describe, expect, test } from 'vitest';
import { ProxyError, upstreamError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const { decodeError, encodeError } = openaiResponses;

describe('an upstream error in its own words', () => {
  test.each<[JsonValue | undefined, JsonObject]>([
    [undefined, { message: 'upstream answered 500' }],
    [7, { message: 'upstream answered 500' }],
    [['x'], { message: 'upstream answered 500' }],
    ['', { message: 'upstream answered 500' }],
    ['  \n ', { message: 'upstream answered 500' }],
    [' <html>', { message: 'upstream answered 500' }],
    [' over capacity\n', { message: 'over capacity' }],
    ['x'.repeat(501), { message: 'x'.repeat(500) }],
    [{}, { message: 'upstream answered 500' }],
    [{ error: 'plain' }, { message: 'plain' }],
    [{ detail: 'told' }, { message: 'told' }],
    [{ error: { code: 'c1' } }, { message: 'c1', code: 'c1' }],
    [{ error: { message: 'm' }, detail: 'told' }, { message: 'm' }],
    [{ error: {}, detail: 'told' }, { message: 'told' }],
    [
      { message: 'bare', type: 'error', code: 'c', param: 'p' },
      { message: 'bare', code: 'c', param: 'p' },
    ],
    [{ error: { message: 'm', type: 't', param: 'p' } }, { message: 'm', type: 't', param: 'p' }],
    [{ error: { message: 'm', error_type: 't' } }, { message: 'm', type: 't' }],
    [{ error: { message: 'm', code: 7, param: null } }, { message: 'm' }],
    [{ error: { message: 'm', resets_in_seconds: 2, resets_at: 9 } }, { message: 'm', retryAfterMs: 2000 }],
    [{ error: { message: 'm', resets_in_seconds: -2 } }, { message: 'm', retryAfterMs: 0 }],
    [{ error: { message: 'm', resets_at: 9 } }, { message: 'm', retryAtS: 9 }],
  ])('%j', (body, expected) => {
    expect(decodeError(500, body)).toStrictEqual({ status: 500, ...expected });
  });
});

function thrownBy(event: JsonObject): ProxyError {
  try {
    openaiResponses.createStreamDecoder().push({ event: undefined, data: JSON.stringify({ type: 'error', ...event }) });
  } catch (thrown) {
    if (thrown instanceof ProxyError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('the status of an error amid a stream', () => {
  test.each<[JsonObject, number]>([
    [{ status: 400 }, 400],
    [{ status: 599 }, 599],
    [{ status: 399 }, 502],
    [{ status: 600 }, 502],
    [{ status: 450.5 }, 502],
    [{ status: '429' }, 502],
    [{ status_code: 503 }, 503],
    [{ error: { status: 404 } }, 404],
    [{ error: { status_code: 429 } }, 429],
    [{ status: 200, error: { status: 429 } }, 429],
    [{ error: { code: 'rate_limit_exceeded' } }, 429],
    [{ error: { code: 'later', type: 'overloaded_error' } }, 529],
    [{ error: { error_type: 'permission_error' } }, 403],
    [{ error: { message: 'The selected model is at capacity.' } }, 429],
    [{ error: { message: 'm' } }, 502],
  ])('%j', (event, status) => {
    expect(thrownBy(event).upstream?.status).toBe(status);
  });
});

const gateway = (code: ConstructorParameters<typeof ProxyError>[0]): ProxyError => new ProxyError(code, 'm');
const upstream = (status: number, more: JsonObject = {}): ProxyError =>
  upstreamError({ status, message: 'm', ...more });

describe('an error for a client', () => {
  test.each<[ProxyError, string, string]>([
    [upstream(400), 'invalid_request_error', 'invalid_request_error'],
    [upstream(401), 'authentication_error', 'invalid_api_key'],
    [upstream(403), 'permission_error', 'insufficient_quota'],
    [upstream(404), 'invalid_request_error', 'model_not_found'],
    [upstream(408), 'server_error', 'request_timeout'],
    [upstream(429), 'rate_limit_error', 'rate_limit_exceeded'],
    [upstream(500), 'server_error', 'server_error'],
    [upstream(503), 'server_error', 'server_error'],
    [gateway('not_found'), 'invalid_request_error', 'not_found'],
    [gateway('model_not_found'), 'invalid_request_error', 'model_not_found'],
    [gateway('previous_response_not_found'), 'invalid_request_error', 'previous_response_not_found'],
    [gateway('model_cooldown'), 'rate_limit_error', 'model_cooldown'],
    [upstream(400, { code: 'invalid_value', type: 'image_error' }), 'image_error', 'invalid_value'],
  ])('%o', (error, type, code) => {
    const body = encodeError(error) as { error: JsonObject };
    expect([body.error['type'], body.error['code']]).toStrictEqual([type, code]);
  });

  test('names the field: the gateway knows it better than the upstream', () => {
    const param = (error: ProxyError): unknown => (encodeError(error) as { error: JsonObject }).error['param'];
    expect(param(upstream(400))).toBe(null);
    expect(param(upstream(400, { param: 'input' }))).toBe('input');
    expect(param(new ProxyError('invalid_request', 'm', { path: 'tools' }))).toBe('tools');
  });
});
