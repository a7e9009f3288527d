import { expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import { clientCodecs } from './index.ts';

const told = { model: 'm', reset_time: '2026-01-02T03:04:05.000Z', reset_seconds: 90, provider: 'claude' };
const cooling = { model: 'm', resetsAtMs: Date.UTC(2026, 0, 2, 3, 4, 5), provider: 'claude' };
const error = new ProxyError('model_cooldown', 'cooling', { retryAfterMs: 89_001, cooling });

it('every dialect says which model is cooling down, and until when', () => {
  expect(clientCodecs.chat.encodeError(error)).toEqual({
    error: { message: 'cooling', type: 'rate_limit_error', param: null, code: 'model_cooldown', ...told },
  });
  expect(clientCodecs.responses.encodeError(error)).toEqual({
    error: { message: 'cooling', type: 'rate_limit_error', param: null, code: 'model_cooldown', ...told },
  });
  expect(clientCodecs.messages.encodeError(error)).toEqual({
    type: 'error',
    error: { type: 'rate_limit_error', message: 'cooling', details: told },
  });
  expect(clientCodecs.gemini.encodeError(error)).toEqual({
    error: {
      code: 429,
      message: 'cooling',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '89.001s' },
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'MODEL_COOLDOWN',
          domain: 'llmproxy',
          metadata: { ...told, reset_seconds: '90' },
        },
      ],
    },
  });
});

it('several providers are not named', () => {
  const several = new ProxyError('model_cooldown', 'x', { retryAfterMs: 1, cooling: { model: 'm', resetsAtMs: 0 } });
  expect(clientCodecs.chat.encodeError(several)).toMatchObject({ error: { reset_seconds: 1, model: 'm' } });
  expect(JSON.stringify(clientCodecs.chat.encodeError(several))).not.toContain('provider');
});
