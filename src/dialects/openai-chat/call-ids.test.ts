import { expect, test } from 'vitest';
import { decodeMessages } from './decode-messages.ts';

const call = (id: unknown, name = 't'): object => ({ id, type: 'function', function: { name, arguments: '{}' } });
const turn = (...calls: object[]): object => ({ role: 'assistant', tool_calls: calls });
const result = (content: unknown, id?: unknown): object => ({ role: 'tool', tool_call_id: id, content });

/** The ids of all calls, and what each result answers. */
function read(...wire: object[]): { calls: string[]; results: { [callId: string]: unknown }[] } {
  // cast: JSON gives JSON
  const messages = decodeMessages(JSON.parse(JSON.stringify(wire)) as never);
  const parts = messages.flatMap(({ content }) => content);
  return {
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
    results: parts.flatMap((part) =>
      part.type === 'tool-result'
        ? [{ [part.callId]: part.content.map((item) => (item.type === 'text' ? item.text : item.type)) }]
        : [],
    ),
  };
}

test.each([undefined, null, ''])('a call with the id %j is named by its place, and the result finds it', (id) => {
  expect(read(turn(call(id), call('c2')), result('one', id), result('two', 'c2'))).toStrictEqual({
    calls: ['call_missing_0_0', 'c2'],
    results: [{ call_missing_0_0: ['one'] }, { c2: ['two'] }],
  });
});

test('results without ids answer the waiting calls of the last turn in order', () => {
  expect(
    read(turn(call('old')), turn(call('a'), call('b'), call('c')), result('for b', 'b'), result('1'), result('2')),
  ).toStrictEqual({ calls: ['old', 'a', 'b', 'c'], results: [{ b: ['for b'] }, { a: ['1'] }, { c: ['2'] }] });
});

test('a name that a client uses itself is not given again', () => {
  expect(read(turn(call('call_missing_1_0')), turn(call(''))).calls).toStrictEqual([
    'call_missing_1_0',
    'call_missing_1_0_',
  ]);
});

test('a result without an id that no call waits for is refused', () => {
  expect(() => read({ role: 'user', content: 'hi' }, result('x'))).toThrow(/^messages\[1\].tool_call_id: is required/);
  expect(() => read(turn(call('a')), result('1'), result('2'))).toThrow(/^messages\[2\].tool_call_id/);
  expect(() => read(turn(call('a')), { role: 'user', content: 'hi' }, result('1'))).toThrow(/^messages\[2\]/);
});

test.each([
  [{ a: 1 }, '{"a":1}'],
  [5, '5'],
  [false, 'false'],
  [[{ a: 1 }], '[{"a":1}]'],
  [[['x']], '[["x"]]'],
])('content that is data, %j, is sent as its JSON', (content, text) => {
  expect(read(turn(call('c')), result(content, 'c')).results).toStrictEqual([{ c: [text] }]);
});

test.each([
  [null, []],
  ['', []],
  [[], []],
  ['text', ['text']],
  [
    ['a', { type: 'text', text: 'b' }],
    ['a', 'b'],
  ],
])('content that is content, %j, is read', (content, texts) => {
  expect(read(turn(call('c')), result(content, 'c')).results).toStrictEqual([{ c: texts }]);
});

test('the id may have the name of the Responses API', () => {
  const answer = (content: string, more: object): object => ({ role: 'tool', content, ...more });
  const calls = turn(call('a'), call('b'));
  expect(read(calls, answer('B', { call_id: 'b' }), answer('A', { call_id: 'a' })).results).toStrictEqual([
    { b: ['B'] },
    { a: ['A'] },
  ]);
  expect(read(calls, answer('B', { tool_call_id: 'b', call_id: 'a' })).results).toStrictEqual([{ b: ['B'] }]);
});
