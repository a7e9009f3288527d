import { describe, expect, it } from 'vitest';
import { emptyUsage, type JsonObject } from '../../ir/index.ts';
import { decodeResponse } from './decode-response.ts';

const text = { type: 'text', text: 'a' };
const call = { type: 'tool_use', id: 'i', name: 'n', input: {} };
const decode = (fields: JsonObject) => decodeResponse({ content: [text], stop_reason: 'end_turn', ...fields });
const answer = { id: '', model: '', usage: emptyUsage, extensions: {} };
const candidate = { content: [text], finishReason: 'stop' };

it.each<[JsonObject, object]>([
  [{}, {}],
  [
    { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude' },
    { id: 'msg_1', model: 'claude' },
  ],
  [{ stop_reason: null }, { candidates: [{ ...candidate, finishReason: 'other' }] }],
  [{ stop_sequence: null }, {}],
  [{ stop_reason: 'stop_sequence', stop_sequence: '' }, { candidates: [{ ...candidate, stopSequence: '' }] }],
  [{ usage: { service_tier: 'standard' } }, { serviceTier: 'default' }],
  [{ usage: { service_tier: 'batch' } }, { serviceTier: 'batch' }],
  [{ usage: null }, {}],
  [
    {
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 3,
        output_tokens: 4,
        output_tokens_details: { thinking_tokens: 5 },
        thinking_tokens: 6,
      },
    },
    { usage: { inputTokens: 1, cacheWriteTokens: 2, cachedReadTokens: 3, outputTokens: 4, reasoningTokens: 5 } },
  ],
  [{ usage: { thinking_tokens: 6 } }, { usage: { ...emptyUsage, reasoningTokens: 6 } }],
  [{ usage: { input_tokens: '1', output_tokens_details: null } }, {}],
  [{ container: { id: 'c' } }, { extensions: { 'anthropic-messages': { container: { id: 'c' } } } }],
  [{ usage: { speed: 'fast' } }, { extensions: { 'anthropic-messages': { usage: { speed: 'fast' } } } }],
  [
    { stop_reason: 'model_context_window_exceeded' },
    {
      candidates: [{ ...candidate, finishReason: 'length' }],
      extensions: { 'anthropic-messages': { stop_reason: 'model_context_window_exceeded' } },
    },
  ],
])('%j', (fields, expected) => {
  expect(decode(fields)).toStrictEqual({ ...answer, candidates: [candidate], ...expected });
});

it.each([
  ['end_turn', 'tool-calls'],
  ['later', 'tool-calls'],
  ['max_tokens', 'length'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
])('a call with stop_reason %s ends as %s', (stop_reason, finishReason) => {
  const content = [{ type: 'tool-call', id: 'i', name: 'n', kind: 'function', arguments: '{}' }];
  expect(decode({ content: [call], stop_reason }).candidates).toStrictEqual([{ content, finishReason }]);
});

it('a call among other parts decides', () => {
  expect(decode({ content: [text, call] }).candidates[0]?.finishReason).toBe('tool-calls');
});

it('signatures of the upstream are its own, whatever they look like', () => {
  const content = [{ type: 'thinking', thinking: 'r', signature: 'llmproxy.gemini.g' }];
  expect(decode({ content }).candidates[0]?.content).toStrictEqual([
    {
      type: 'reasoning',
      text: 'r',
      summary: false,
      redacted: false,
      signature: { origin: 'anthropic-messages', value: 'llmproxy.gemini.g' },
    },
  ]);
});

describe('what is no message', () => {
  it.each<[JsonObject, RegExp]>([
    [{ content: undefined }, /^the upstream's answer is not a Claude message: content: is required/],
    [{ content: ['a'] }, /content\[0\]: must be an object/],
    [{ content: [text, { type: 'text' }] }, /content\[1\]\.text: is required/],
    [{ stop_sequence: 1 }, /message: stop_sequence: must be a string/],
    [{ usage: 1 }, /message: usage: must be an object/],
    [{ usage: { service_tier: 1 } }, /message: usage\.service_tier: must be a string/],
    [{ id: 1 }, /message: id: must be a string/],
    [{ model: 1 }, /message: model: must be a string/],
  ])('%j', (fields, message) => {
    const error = {
      code: 'upstream_invalid_response',
      message: expect.stringMatching(message),
      cause: expect.objectContaining({ code: 'invalid_request' }),
    };
    expect(() => decode(fields)).toThrow(expect.objectContaining(error));
  });

  it('is thrown when it is an error', () => {
    const error = { type: 'error', error: { type: 'rate_limit_error', message: 'slow' } };
    expect(() => decodeResponse(error)).toThrow(expect.objectContaining({ status: 429, message: 'slow' }));
  });
});
