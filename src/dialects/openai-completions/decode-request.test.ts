import { expect, it } from 'vitest';
import type { JsonObject, JsonValue, Sampling } from '../../ir/index.ts';
import { clientPath } from './client-path.ts';
import { decodeRequest } from './decode-request.ts';

const base = { model: 'm', prompt: 'p' };
const decode = (fields: JsonObject, context = {}) => decodeRequest({ ...base, ...fields }, context);
const plain = {
  model: 'm',
  stream: false,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'p' }], path: 'prompt' }],
  tools: [],
  sampling: {},
  extensions: {},
};

it('a bare request says nothing but its prompt', () => expect(decode({})).toStrictEqual(plain));

it.each<[JsonObject, JsonObject]>([
  [{ user: 'u' }, { user: 'u' }],
  [{ stream: true }, { stream: true }],
  [{ suffix: '', echo: false, best_of: 1 }, {}],
  [{ suffix: null, echo: null, best_of: null, n: null, stop: null, user: null }, {}],
  [
    { stream_options: { include_usage: true } },
    { extensions: { 'openai-completions': { stream_options: { include_usage: true } } } },
  ],
  [
    { logit_bias: { 5: 1 }, later: 1, stream_options: {} },
    {
      extensions: { 'openai-chat': { logit_bias: { 5: 1 }, later: 1 }, 'openai-completions': { stream_options: {} } },
    },
  ],
])('%j', (fields, expected) => expect(decode(fields)).toStrictEqual({ ...plain, ...expected }));

it('what the URL says wins', () => {
  expect(decode({ stream: true }, { model: 'of-the-url', stream: false })).toStrictEqual({
    ...plain,
    model: 'of-the-url',
  });
  expect(decodeRequest({ prompt: 'p' }, { model: 'of-the-url', stream: true })).toStrictEqual({
    ...plain,
    model: 'of-the-url',
    stream: true,
  });
});

it.each<[JsonObject, Sampling]>([
  [{ max_tokens: 1 }, { maxOutputTokens: 1 }],
  [{ temperature: 2 }, { temperature: 2 }],
  [{ top_p: 3 }, { topP: 3 }],
  [{ top_k: 4 }, { topK: 4 }],
  [{ seed: 5 }, { seed: 5 }],
  [{ presence_penalty: 6 }, { presencePenalty: 6 }],
  [{ frequency_penalty: 7 }, { frequencyPenalty: 7 }],
  [{ n: 2, best_of: 2 }, { candidateCount: 2 }],
  [{ logprobs: 0 }, { topLogprobs: 0, logprobs: true }],
  [{ stop: 's' }, { stop: ['s'] }],
  [{ stop: ['s', 't'] }, { stop: ['s', 't'] }],
])('%j is sampling', (fields, sampling) => expect(decode(fields)).toStrictEqual({ ...plain, sampling }));

it.each<[JsonObject, string]>([
  [{ prompt: null }, 'prompt: is required and must be a string or an array of one string'],
  [{ prompt: 5 }, 'prompt: is required and must be a string or an array of one string'],
  [{ prompt: ['a', 'b'] }, 'prompt: must hold exactly one prompt'],
  [{ prompt: [] }, 'prompt: must hold exactly one prompt'],
  [{ prompt: [1, 2] }, 'prompt: token arrays are not supported; send text'],
  [{ prompt: [[1, 2]] }, 'prompt: token arrays are not supported; send text'],
  [{ prompt: ['a', 2] }, 'prompt: token arrays are not supported; send text'],
  [{ suffix: 'x' }, 'suffix: is not supported'],
  [{ suffix: 5 }, 'suffix: must be a string'],
  [{ echo: true }, 'echo: is not supported'],
  [{ echo: 'x' }, 'echo: must be true or false'],
  [{ best_of: 2 }, 'best_of: is not supported unless it equals n'],
  [{ best_of: 'x' }, 'best_of: must be a number'],
  [{ n: 'x' }, 'n: must be a number'],
  [{ best_of: 1, n: 2 }, 'best_of: is not supported unless it equals n'],
  [{ stop: ['a', 1] }, 'stop[1]: must be a string'],
  [{ stop: 5 }, 'stop: must be an array'],
  [{ model: null }, 'model: is required and must be a string'],
  [{ stream: 'x' }, 'stream: must be true or false'],
  [{ user: 5 }, 'user: must be a string'],
  [{ max_tokens: 'x' }, 'max_tokens: must be a number'],
])('%j is refused', (fields, message) => {
  const path = message.slice(0, message.indexOf(':'));
  expect(() => decode(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', path, message }));
});

it('a prompt may stand alone in an array, and be empty', () => {
  const texts = (prompt: JsonValue) => decode({ prompt }).messages.flatMap(({ content }) => content);
  expect(texts(['a'])).toStrictEqual([{ type: 'text', text: 'a' }]);
  expect(texts('')).toStrictEqual([{ type: 'text', text: '' }]);
});

it.each([
  ['sampling.maxOutputTokens', 'max_tokens'],
  ['sampling.stop', 'stop'],
  ['sampling.topLogprobs', 'logprobs'],
  ['sampling.candidateCount', 'n'],
  ['prompt', 'prompt'],
])('a warning of %s is of %s', (path, expected) => expect(clientPath(path)).toBe(expected));
