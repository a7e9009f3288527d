import { describe, expect, it } from 'vitest';
import { invalidRequest, ProxyError, upstreamError } from '../../errors.ts';
import {
  decodeCountTokensRequest,
  decodeCountTokensResponse,
  encodeCountTokensRequest,
  encodeCountTokensResponse,
} from './count-tokens.ts';
import { gemini } from './index.ts';

describe('errors from upstream', () => {
  it.each([
    ['34.074824224s', 34_075],
    ['2s', 2000],
    ['1h2m3.5s', 3_723_500],
    ['250ms', 250],
    ['soon', undefined],
  ])('reads RetryInfo %s', (retryDelay, retryAfterMs) => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
    ];
    const body = { error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details } };
    expect(gemini.decodeError(429, body)).toEqual({
      status: 429,
      type: 'RESOURCE_EXHAUSTED',
      message: 'quota',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });

  it('reads quotaResetDelay and the reason', () => {
    const details = [{ reason: 'RATE_LIMIT_EXCEEDED', metadata: { quotaResetDelay: '373.8ms' } }];
    expect(gemini.decodeError(429, { error: { message: 'q', details } })).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      retryAfterMs: 374,
    });
  });

  it('blames the key, not the request, for API_KEY_INVALID', () => {
    const details = [{ reason: 'API_KEY_INVALID' }];
    const info = gemini.decodeError(400, { error: { code: 400, message: 'API key not valid.', details } });
    expect(upstreamError(info)).toMatchObject({ code: 'upstream_unauthorized', scope: 'credential' });
  });

  it.each([[undefined], ['<html>bad</html>'], [[]], [{ error: 'x' }], [null], [3]])('never throws for %j', (body) => {
    expect(gemini.decodeError(500, body).message).not.toBe('');
  });
});

describe('errors to clients', () => {
  it('name the google.rpc status, the field and the time to wait', () => {
    expect(gemini.encodeError(invalidRequest('contents', 'is required'))).toEqual({
      error: {
        code: 400,
        message: 'contents: is required',
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'contents', description: 'contents: is required' }],
          },
        ],
      },
    });
    const limited = new ProxyError('model_cooldown', 'wait', { retryAfterMs: 1500 });
    expect(gemini.encodeError(limited)).toMatchObject({
      error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '1.5s' }] },
    });
  });

  it('round-trip the time to wait', () => {
    const error = new ProxyError('model_cooldown', 'wait', { retryAfterMs: 61_250 });
    expect(gemini.decodeError(429, gemini.encodeError(error)).retryAfterMs).toBe(61_250);
  });
});

describe('countTokens', () => {
  it('writes and reads both bodies', () => {
    expect(encodeCountTokensResponse(7)).toEqual({ totalTokens: 7 });
    expect(decodeCountTokensResponse({ totalTokens: 7 })).toBe(7);
    const contents = [{ parts: [{ text: 'a' }] }];
    const read = { contents, systemInstruction: { parts: [] }, tools: [], cachedContent: 'c' };
    const body = { ...read, tool_config: {}, generationConfig: {}, safety_settings: [] };
    expect(encodeCountTokensRequest(body, 'm', true)).toEqual(read);
    expect(encodeCountTokensRequest(body, 'm', false)).toEqual({
      generateContentRequest: { model: 'models/m', ...read },
    });
    expect(decodeCountTokensRequest({ generateContentRequest: { model: 'models/m', contents } })).toEqual({
      model: 'models/m',
      contents,
    });
    expect(decodeCountTokensRequest({ contents })).toEqual({ contents });
  });
});
