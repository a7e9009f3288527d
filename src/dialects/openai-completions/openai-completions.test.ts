import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProxyError } from '../../errors.ts';
import type { GenerationEvent, GenerationResponse, JsonObject } from '../../ir/index.ts';
import { emptyUsage } from '../../ir/index.ts';
import { isJsonObject } from '../../ir/json.ts';
import { replayResponse } from '../../ir/replay.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiCompletions as codec } from './index.ts';

const usage = { ...emptyUsage, inputTokens: 3, cachedReadTokens: 2, outputTokens: 4 };
const response: GenerationResponse = {
  id: 'r1',
  model: 'upstream',
  createdAtS: 9,
  candidates: [
    {
      content: [
        { type: 'reasoning', text: 'hidden', summary: false, redacted: false },
        { type: 'text', text: 'Hi "you"' },
      ],
      finishReason: 'length',
      logprobs: [
        { token: 'Hi', logprob: -0.5, top_logprobs: [{ token: 'Hi', logprob: -0.5 }] },
        { token: ' "you"', logprob: -1, top_logprobs: [] },
      ],
    },
  ],
  usage,
  extensions: {},
};
const logprobs = {
  tokens: ['Hi', ' "you"'],
  token_logprobs: [-0.5, -1],
  top_logprobs: [{ Hi: -0.5 }, {}],
  text_offset: [0, 2],
};

function context(body: JsonObject): ReplyContext {
  const request = codec.decodeRequest({ model: 'm', prompt: 'p', ...body }, {});
  return { model: 'm', request, nowS: 5, newId: (prefix) => `${prefix}new`, framing: 'sse' };
}

function stream(events: readonly GenerationEvent[], body: JsonObject): string[] {
  const encoder = codec.createStreamEncoder(context(body));
  const text = events.map((event) => encoder.push(event)).join('');
  return text.split('\n\n').filter((line) => line !== '');
}

describe('openai-completions', () => {
  test('a prompt is a user message', () => {
    const body = { model: 'm', prompt: ['Say hi'], max_tokens: 5, stop: '.', logprobs: 2, logit_bias: { '50': -100 } };
    expect(codec.decodeRequest(body, {})).toEqual({
      model: 'm',
      stream: false,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hi' }], path: 'prompt' }],
      tools: [],
      sampling: { maxOutputTokens: 5, stop: ['.'], logprobs: true, topLogprobs: 2 },
      extensions: { 'openai-chat': { logit_bias: { '50': -100 } } },
    });
  });

  test('only ProxyError escapes from arbitrary bodies', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (prompt, stop, rest) => {
        const body = { model: 'm', prompt, stop, ...(isJsonObject(rest) && rest) } as JsonObject;
        try {
          codec.decodeRequest(body, {});
        } catch (error) {
          expect(error).toBeInstanceOf(ProxyError);
        }
      }),
    );
  });

  test('an answer is a text_completion', () => {
    expect(codec.encodeResponse(response, context({})).value).toEqual({
      id: 'r1',
      object: 'text_completion',
      created: 9,
      model: 'm',
      choices: [{ text: 'Hi "you"', index: 0, logprobs, finish_reason: 'length' }],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 4,
        total_tokens: 9,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  });

  test('usage that nobody told is not written as zeros', () => {
    const lines = stream(replayResponse({ ...response, usage: emptyUsage }), {
      stream_options: { include_usage: true },
    });
    expect(lines.join('')).not.toContain('"usage"');
  });

  test('a stream ends with usage, where asked for, and [DONE]', () => {
    const lines = stream(replayResponse(response), { stream_options: { include_usage: true } });
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice(6)));
    expect(lines.at(-1)).toBe('data: [DONE]');
    expect(chunks.map((chunk) => chunk.choices)).toEqual([
      [{ text: 'Hi "you"', index: 0, logprobs, finish_reason: null }],
      [{ text: '', index: 0, logprobs: null, finish_reason: 'length' }],
      [],
    ]);
    expect(chunks[2].usage.total_tokens).toBe(9);
    expect(stream(replayResponse(response), {})).toHaveLength(3);
  });

  test('a broken stream ends with an error and without [DONE]', () => {
    const encoder = codec.createStreamEncoder(context({}));
    const text = encoder.fail(new ProxyError('upstream_timeout', 'too slow'));
    expect(JSON.parse(text.slice(6))).toEqual({
      error: { message: 'too slow', type: 'server_error', param: null, code: 'upstream_timeout' },
    });
  });
});
