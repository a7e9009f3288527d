import { expect, test } from 'vitest';
import { emptyUsage, type GenerationRequest, type GenerationResponse, type JsonObject } from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { Codec, ReplyContext } from './codec.ts';
import { codecs } from './index.ts';

const codecOf = (id: string): Codec => {
  const codec = codecs.get(id);
  if (codec === undefined) throw new Error(`no dialect ${id}`);
  return codec;
};
const anthropicMessages = codecOf('anthropic-messages');
const openaiResponses = codecOf('openai-responses');

const request: GenerationRequest = {
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'How are you?' }], path: 'messages[0]' }],
  tools: [],
  sampling: {},
  extensions: { 'openai-chat': { stream_options: { include_usage: true } } },
};
const context: ReplyContext = { model: 'm', request, nowS: 1, newId: (prefix) => `${prefix}new`, framing: 'sse' };
const response: GenerationResponse = {
  id: 'r',
  model: 'm',
  candidates: [
    {
      content: [
        { type: 'reasoning', text: 'Hm.', summary: false, redacted: false },
        { type: 'text', text: 'Fine, and you?' },
        { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{"a":1}' },
      ],
      finishReason: 'tool-calls',
    },
  ],
  usage: emptyUsage,
  extensions: {},
};

const whole = ({ encodeResponse }: Codec): JsonObject => encodeResponse(response, context).value;
function streamed(codec: Codec): string {
  const encoder = codec.createStreamEncoder(context);
  return replayResponse(response)
    .map((event) => encoder.push(event))
    .join('');
}

test.each([
  ['Chat', codecOf('openai-chat')],
  ['Gemini', codecOf('gemini')],
])('%s: no usage where the upstream told none', (_name, codec) => {
  expect(JSON.stringify(whole(codec))).not.toMatch(/usage/i);
  expect(streamed(codec)).not.toMatch(/usage/i);
});

test('Claude: the estimate of the start stays, and the output is one too', () => {
  const counts = { input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 6 };
  expect(whole(anthropicMessages)['usage']).toMatchObject(counts);
  const text = streamed(anthropicMessages);
  expect(JSON.parse(/data: (.*message_start.*)/.exec(text)?.[1] ?? '').message.usage.input_tokens).toBe(3);
  expect(JSON.parse(/data: (.*message_delta.*)/.exec(text)?.[1] ?? '').usage).toMatchObject(counts);
});

test('Responses: an estimate, as clients decide by it when to sum up', () => {
  const counts = {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 9,
  };
  expect(whole(openaiResponses)['usage']).toEqual(counts);
  expect(
    JSON.parse(/data: (.*response\.completed.*)/.exec(streamed(openaiResponses))?.[1] ?? '').response.usage,
  ).toEqual(counts);
});

test('Responses: what generated nothing did cost nothing', () => {
  const nothing = { ...response, candidates: [] };
  expect(openaiResponses.encodeResponse(nothing, context).value['usage']).toMatchObject({ total_tokens: 0 });
  const encoder = openaiResponses.createStreamEncoder(context);
  const text = replayResponse(nothing)
    .map((event) => encoder.push(event))
    .join('');
  expect(text).toContain('"total_tokens":0');
});
