import { expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const cacheControl = { ttl: '1h' };

function decode(input: readonly JsonObject[], more: JsonObject = {}) {
  return openaiResponses.decodeRequest({ model: 'm', input, ...more }, {});
}

it('a mark on a part, on a message and on an output', () => {
  const { messages } = decode([
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'a', ...mark },
        { type: 'input_text', text: 'b' },
      ],
    },
    { role: 'user', content: 'c', ...mark },
    { type: 'function_call_output', call_id: 'c1', output: 'd', ...mark },
  ]);
  const a = { type: 'text', text: 'a', cacheControl };
  const c = { type: 'text', text: 'c', cacheControl };
  expect(messages.map(({ content }) => content)).toStrictEqual([
    [a, { type: 'text', text: 'b' }],
    [c],
    [
      {
        type: 'tool-result',
        callId: 'c1',
        content: [{ type: 'text', text: 'd' }],
        isError: false,
        kind: 'function',
        cacheControl,
      },
    ],
  ]);
});

it('a mark on an image; none on a refusal', () => {
  const image = { type: 'input_image', image_url: 'https://images.test/a.png', ...mark };
  const { messages } = decode([
    { role: 'user', content: [image] },
    { role: 'assistant', content: [{ type: 'refusal', refusal: 'no', ...mark }] },
  ]);
  const source = { type: 'url', url: 'https://images.test/a.png' };
  expect(messages[0]?.content).toStrictEqual([{ type: 'media', kind: 'image', source, cacheControl }]);
  expect(messages[1]?.content).toStrictEqual([{ type: 'refusal', text: 'no' }]);
});

it('a mark on a tool', () => {
  const tool = { type: 'function', name: 'f', ...mark };
  expect(decode([], { tools: [tool] }).tools).toMatchObject([{ name: 'f', cacheControl }]);
});

it('all of them go back to this dialect as they came', () => {
  const input = [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a', ...mark }], ...mark },
    { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c1', output: 'd', ...mark },
  ];
  const request = decode(input);
  expect(
    openaiResponses.encodeRequest(request, { model: 'm', stream: false, quirks: {} }).value['input'],
  ).toStrictEqual(input);
});
