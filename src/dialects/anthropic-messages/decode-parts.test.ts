import { expect, test } from 'vitest';
import { decodeRequest } from './decode-request.ts';

function resultOf(content: unknown) {
  const result = { type: 'tool_result', tool_use_id: 't', content };
  const body = { model: 'm', messages: [{ role: 'user', content: [JSON.parse(JSON.stringify(result))] }] };
  return decodeRequest(body, {}).messages[0]?.content;
}

test('the object that a tool returned may stand for its text', () => {
  const read = (text: string) => [
    { type: 'tool-result', callId: 't', content: [{ type: 'text', text }], isError: false, kind: 'function' },
  ];
  expect(resultOf({ a: 1 })).toEqual(read('{"a":1}'));
  expect(resultOf('{"a":1}')).toEqual(read('{"a":1}'));
  expect(() => resultOf(1)).toThrow('messages[0].content[0].content');
});
