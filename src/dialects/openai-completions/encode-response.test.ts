import { expect, it } from 'vitest';
import { ProxyError, upstreamError } from '../../errors.ts';
import { type Candidate, emptyUsage, type FinishReason, type JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeFinishReason, encodeLogprobs, encodeUsage } from './encode-choice.ts';
import { encodeError } from './encode-error.ts';
import { encodeResponse } from './encode-response.ts';

const context: ReplyContext = {
  model: 'm',
  request: { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 5,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};

it('what the upstream does not say is made up of what is known here', () => {
  const encoded = encodeResponse({ id: '', model: 'up', candidates: [], usage: emptyUsage, extensions: {} }, context);
  expect(encoded).toStrictEqual({
    value: {
      id: 'cmpl-new',
      object: 'text_completion',
      created: 5,
      model: 'm',
      choices: [],
    },
    warnings: [],
  });
});

it('a choice is all text; what is none is lost with a warning', () => {
  const content: Candidate['content'] = [
    { type: 'text', text: 'a' },
    { type: 'reasoning', text: 'hidden', summary: false, redacted: false },
    { type: 'refusal', text: 'b' },
    { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{}' },
  ];
  const candidates: Candidate[] = [
    { content: [], finishReason: 'stop' },
    { content, finishReason: 'refusal' },
  ];
  const { value, warnings } = encodeResponse(
    { id: 'r', model: 'up', createdAtS: 9, candidates, usage: emptyUsage, extensions: {} },
    context,
  );
  expect(value).toMatchObject({ id: 'r', created: 9 });
  expect(value['choices']).toStrictEqual([
    { text: '', index: 0, logprobs: null, finish_reason: 'stop' },
    { text: 'ab', index: 1, logprobs: null, finish_reason: 'content_filter' },
  ]);
  expect(warnings).toStrictEqual([
    { path: 'choices[1].content[1]', reason: 'a completion is text; it cannot hold a reasoning' },
    { path: 'choices[1].content[3]', reason: 'a completion is text; it cannot hold a tool-call' },
  ]);
});

it.each<[FinishReason, string]>([
  ['stop', 'stop'],
  ['tool-calls', 'stop'],
  ['pause', 'stop'],
  ['other', 'stop'],
  ['length', 'length'],
  ['content-filter', 'content_filter'],
  ['refusal', 'content_filter'],
  ['error', 'error'],
])('%s is %s', (reason, expected) => expect(encodeFinishReason(reason)).toBe(expected));

it('token entries are parallel lists, with offsets from where the text starts', () => {
  const top = [{ token: 'x', logprob: -2 }, 'not an entry', { token: 'y' }, {}];
  const entries = [
    { token: 'ab', logprob: -1, top_logprobs: top },
    5,
    { logprob: -3, top_logprobs: 'x' },
    { token: 'cde' },
    { token: 'f' },
  ];
  const expected = {
    tokens: ['ab', '', 'cde', 'f'],
    token_logprobs: [-1, -3, null, null],
    top_logprobs: [{ x: -2, y: null, '': null }, {}, {}, {}],
  };
  expect(encodeLogprobs(entries)).toStrictEqual({ ...expected, text_offset: [0, 2, 2, 5] });
  expect(encodeLogprobs(entries, 7)).toStrictEqual({ ...expected, text_offset: [7, 9, 9, 12] });
  expect(encodeLogprobs(undefined)).toBeNull();
});

it('usage counts the cache into the prompt', () => {
  const usage = { inputTokens: 1, cachedReadTokens: 2, cacheWriteTokens: 3, outputTokens: 4, reasoningTokens: 1 };
  expect(encodeUsage(usage)).toStrictEqual({
    prompt_tokens: 6,
    completion_tokens: 4,
    total_tokens: 10,
    prompt_tokens_details: { cached_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 1 },
  });
});

it.each<[ProxyError, JsonObject]>([
  [
    new ProxyError('unauthorized', 'm'),
    { message: 'm', type: 'authentication_error', param: null, code: 'invalid_api_key' },
  ],
  [new ProxyError('forbidden', 'm'), { message: 'm', type: 'permission_error', param: null, code: 'forbidden' }],
  [
    new ProxyError('model_cooldown', 'm'),
    { message: 'm', type: 'rate_limit_error', param: null, code: 'model_cooldown' },
  ],
  [new ProxyError('internal', 'm'), { message: 'm', type: 'server_error', param: null, code: 'internal' }],
  [
    new ProxyError('invalid_request', 'm', { path: 'prompt' }),
    { message: 'm', type: 'invalid_request_error', param: 'prompt', code: 'invalid_request' },
  ],
  [
    new ProxyError('internal', 'm', { status: 499 }),
    { message: 'm', type: 'invalid_request_error', param: null, code: 'internal' },
  ],
  [
    upstreamError({ status: 400, message: 'm', code: 'odd', param: 'stop' }),
    { message: 'm', type: 'invalid_request_error', param: 'stop', code: 'odd' },
  ],
])('%s is told as OpenAI does', (error, expected) => {
  expect(encodeError(error)).toStrictEqual({ error: expected });
});
