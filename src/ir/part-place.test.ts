import { expect, test } from 'vitest';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { JsonObject } from './index.ts';
import { withClientPlaces } from './part-place.ts';

/** Where the client's body has what stands at each of these places of the hub. */
function placesOf(codec: typeof openaiChat, body: JsonObject, ...paths: readonly string[]): readonly string[] {
  const { messages } = codec.decodeRequest({ model: 'm', ...body }, {});
  const warnings = paths.map((path) => ({ path, reason: 'r' }));
  return withClientPlaces(warnings, messages).map(({ path }) => path);
}

const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });

test('Chat: calls, reasoning and texts of an assistant, and results in messages of their own', () => {
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', reasoning_content: 'hm', content: 'a', tool_calls: [call('x'), call('y')] },
    { role: 'tool', tool_call_id: 'x', content: [{ type: 'text', text: '1' }] },
    { role: 'tool', tool_call_id: 'y', content: '2' },
    { role: 'assistant', reasoning_content: 'hm', content: [{ type: 'text', text: 'b' }] },
  ];
  const hub = ['messages[1].content[0]', 'messages[1].content[1]', 'messages[1].content[3].arguments'];
  expect(placesOf(openaiChat, { messages }, ...hub)).toEqual([
    'messages[1].reasoning_content',
    'messages[1].content',
    'messages[1].tool_calls[1].arguments',
  ]);
  const results = ['messages[2].content[0].content[0]', 'messages[2].content[1]', 'messages[4].content[1]'];
  expect(placesOf(openaiChat, { messages }, ...results)).toEqual([
    'messages[2].content[0]',
    'messages[3]',
    'messages[4].content[0]',
  ]);
});

test('Responses: every call and every result is an item', () => {
  const item = (type: string, call_id: string) => ({ type, call_id, name: 'f', arguments: '{}', output: '1' });
  const input = [
    { role: 'user', content: 'hi' },
    { type: 'reasoning', id: 'rs', summary: [] },
    { role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
    item('function_call', 'x'),
    item('function_call_output', 'x'),
  ];
  const hub = ['input[1].content[0]', 'input[1].content[1].citations', 'input[1].content[2]', 'input[4].content[0]'];
  expect(placesOf(openaiResponses, { input }, ...hub)).toEqual([
    'input[1]',
    'input[2].content[0].citations',
    'input[3]',
    'input[4]',
  ]);
});

test('other places stay as they are', () => {
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }];
  const paths = ['sampling.topK', 'messages[0].content[0]', 'messages[7].content[0]', 'tools[0]'];
  expect(placesOf(openaiChat, { messages }, ...paths)).toEqual(paths);
});
