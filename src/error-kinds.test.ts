import { describe, expect, test } from 'vitest';
import { delayInMessage, errorKindOf, errorKinds, openAiName, statusOfKind } from './error-kinds.ts';
import { upstreamError } from './errors.ts';

/** Status, code, type, message -> kind, and the status that the client gets. */
const failures: readonly (readonly [number, string, string, string, string, number])[] = [
  [400, '', '', 'x', 'invalid-request', 400],
  [401, '', 'invalid_request_error', 'Incorrect API key', 'unauthorized', 401],
  [402, '', '', 'x', 'billing', 402],
  [403, '', '', 'x', 'forbidden', 403],
  [403, 'HTML_PAGE_403', '', 'x', 'blocked', 502],
  [404, '', '', 'x', 'not-found', 404],
  [404, 'model_not_found', '', 'x', 'model-not-found', 404],
  [400, 'model_not_found', '', 'x', 'model-not-found', 404],
  [408, '', '', 'x', 'timeout', 408],
  [409, '', '', 'x', 'conflict', 409],
  [413, '', '', 'x', 'too-large', 413],
  [418, '', '', 'x', 'invalid-request', 418],
  [422, '', '', 'x', 'invalid-request', 422],
  [425, '', '', 'x', 'failed', 425],
  [429, '', '', 'x', 'rate-limit', 429],
  [429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your quota', 'billing', 429],
  [429, '', 'usage_limit_reached', 'The usage limit has been reached', 'usage-limit', 429],
  [429, 'rate_limit_exceeded', 'invalid_request_error', 'too many tokens in the request', 'rate-limit', 429],
  [499, '', '', 'x', 'failed', 502],
  [500, '', '', 'x', 'failed', 500],
  [502, '', '', 'x', 'failed', 502],
  [503, '', '', 'x', 'failed', 503],
  [503, '', 'UNAVAILABLE', 'The model is overloaded', 'failed', 503],
  [503, 'server_is_overloaded', '', 'x', 'overloaded', 503],
  [502, '', 'service_unavailable_error', 'x', 'overloaded', 529],
  [504, '', '', 'x', 'timeout', 504],
  [520, '', '', 'x', 'failed', 520],
  [524, '', '', 'x', 'timeout', 524],
  [529, '', '', 'x', 'overloaded', 529],
  [530, '', '', 'x', 'failed', 530],
  [599, '', '', 'x', 'failed', 599],
  // What is wrong with the request says so whatever the status.
  [500, 'context_length_exceeded', '', 'x', 'context-too-long', 400],
  [413, 'context_length_exceeded', '', 'x', 'context-too-long', 413],
  [400, '', 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'context-too-long', 400],
  [400, '', 'INVALID_ARGUMENT', 'The input token count (1048577) exceeds the maximum number', 'context-too-long', 400],
  [400, '', '', "This model's maximum context length is 8192 tokens", 'context-too-long', 400],
  [500, '', 'invalid_request_error', 'messages: bad', 'invalid-request', 400],
  [502, 'invalid_value', '', 'x', 'invalid-request', 400],
  [500, '', 'INVALID_ARGUMENT', 'x', 'invalid-request', 400],
  [502, 'cyber_policy', '', 'x', 'policy', 400],
  [400, 'thinking_signature_invalid', '', 'x', 'signature', 400],
  [404, 'previous_response_not_found', '', 'x', 'previous-response', 404],
  [502, 'previous_response_not_found', '', 'x', 'previous-response', 400],
  [502, 'message_too_big', '', 'x', 'too-large', 413],
  [400, '', 'invalid_request_error', 'Your credit balance is too low to access the API', 'billing', 402],
  [403, '', 'insufficient_quota', 'x', 'billing', 402],
  [502, '', 'overloaded_error', 'x', 'overloaded', 529],
  [502, '', '', 'The selected model is at capacity', 'rate-limit', 429],
  [502, '', 'RESOURCE_EXHAUSTED', 'x', 'rate-limit', 429],
  // An account that does not have the model; others may.
  [400, '', '', "The 'gpt-x' model is not supported when using Codex with a ChatGPT account.", 'model-not-found', 404],
  [422, '', '', 'Unsupported model: x', 'model-not-found', 404],
  [400, 'model_not_supported', '', 'The requested model is not supported.', 'model-not-found', 404],
  [403, 'model_not_found', 'invalid_request_error', 'Project has no access to model', 'model-not-found', 404],
  [404, '', 'not_found_error', 'model: claude-none', 'model-not-found', 404],
  [404, '', 'NOT_FOUND', 'models/none is not found for API version v1beta', 'model-not-found', 404],
  [404, '', '', 'The model `x` does not exist or you do not have access to it.', 'model-not-found', 404],
  [400, '', '', 'This is not available for your plan', 'model-not-found', 404],
  [503, '', '', 'The model is unavailable', 'failed', 503],
  [400, '', '', "'logprobs' is not supported with this model", 'invalid-request', 400],
  [400, '', '', 'The model does not support tools', 'invalid-request', 400],
  [400, '', '', 'invalid_grant', 'unauthorized', 401],
  [401, '', '', 'invalid_grant: token has been revoked', 'unauthorized', 401],
  [500, '', '', 'invalid_grant', 'failed', 500],
  [403, 'unauthenticated:bad-credentials', '', 'x', 'unauthorized', 401],
  [403, '', '', 'could not be validated [WKE=unauthenticated:bad-credentials]', 'unauthorized', 401],
  [429, 'subscription:free-usage-exhausted', '', 'x', 'usage-limit', 429],
  [429, '', '', 'subscription:free-usage-exhausted', 'usage-limit', 429],
];

test.each(failures)('%i %s %s %s: %s, told as %i', (status, code, type, message, kind, told) => {
  expect(errorKindOf({ status, code, type, message })).toBe(kind);
  const error = upstreamError({ status, code, type, message });
  expect(error).toMatchObject({ kind, status: told, message });
});

test('only what the request is to blame for is not tried again', () => {
  const final = Object.entries(errorKinds).filter(([, row]) => row.code === 'upstream_rejected');
  expect(final.map(([kind]) => kind)).toEqual([
    'context-too-long',
    'policy',
    'signature',
    'previous-response',
    'too-large',
    'not-found',
    'conflict',
    'invalid-request',
  ]);
  expect(upstreamError({ status: 409, message: 'x' })).toMatchObject({ retryable: false, scope: 'request' });
  expect(upstreamError({ status: 425, message: 'x' })).toMatchObject({ retryable: true, scope: 'provider' });
  expect(upstreamError({ status: 402, message: 'x' })).toMatchObject({ retryable: true, scope: 'credential' });
});

test('a plan that is used up is the whole account; a free one comes back within a day', () => {
  const codex = { status: 429, type: 'usage_limit_reached', message: 'x' };
  expect(upstreamError({ ...codex, retryAfterMs: 5000 })).toMatchObject({ scope: 'credential', retryAfterMs: 5000 });
  expect(upstreamError({ ...codex, limitOf: 'request' })).toMatchObject({ scope: 'request' });
  const free = { status: 429, code: 'subscription:free-usage-exhausted', message: 'x' };
  expect(upstreamError(free)).toMatchObject({ scope: 'credential', retryAfterMs: 86_400_000 });
  expect(upstreamError({ ...free, retryAfterMs: 7000 }).retryAfterMs).toBe(7000);
  expect(upstreamError({ ...free, retryAtS: 7 }).retryAfterMs).toBeUndefined();
  expect(upstreamError({ status: 400, code: 'model_not_found', message: 'x' })).toMatchObject({
    code: 'upstream_model_unavailable',
    retryable: true,
    scope: 'model',
  });
});

test('a kind keeps the statuses that fit it', () => {
  expect([400, 413, 422, 500].map((status) => statusOfKind('context-too-long', status))).toEqual([400, 413, 422, 400]);
  expect([400, 417, 498, 499, 500].map((status) => statusOfKind('invalid-request', status))).toEqual([
    400, 417, 498, 400, 400,
  ]);
  expect([425, 500, 599, 499, 600].map((status) => statusOfKind('failed', status))).toEqual([425, 500, 599, 502, 502]);
});

test.each([
  ['rate_limit_error', 'rate_limit_error'],
  ['cyber_policy', 'cyber_policy'],
  ['integer_above_max_value', 'integer_above_max_value'],
  ['overloaded_error', undefined],
  ['api_error', undefined],
  ['RESOURCE_EXHAUSTED', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is for OpenAI clients %j', (name, told) => {
  expect(openAiName(name)).toBe(told);
});

describe('the delay in a message', () => {
  test.each([
    ['Please try again in 1.5s.', 1500],
    ['Please try again in 1m2s.', 62_000],
    ['Please try again in 250ms.', 250],
    ['Please retry in 34.074824224s.', 34_075],
    ['Your quota will reset after 1h2m3s.', 3_723_000],
    ['Try again after 20 seconds', 20_000],
    ['try again in 2 minutes', 120_000],
    ['Please try again later.', undefined],
    ['after 5 tries', undefined],
    ['again in 5 messages', undefined],
    ['try again in 5.5.5s', undefined],
  ])('%s', (message, ms) => {
    expect(delayInMessage(message)).toBe(ms);
  });

  test('is heard where waiting helps, unless something surer was said', () => {
    const message = 'try again in 3s';
    expect(upstreamError({ status: 429, message }).retryAfterMs).toBe(3000);
    expect(upstreamError({ status: 503, message }).retryAfterMs).toBe(3000);
    expect(upstreamError({ status: 400, message }).retryAfterMs).toBeUndefined();
    expect(upstreamError({ status: 429, message, retryAfterMs: 9 }).retryAfterMs).toBe(9);
  });
});
