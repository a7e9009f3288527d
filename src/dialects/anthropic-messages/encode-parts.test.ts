/** The parts of a conversation as Claude gets them back. */
import { describe, expect, it } from 'vitest';
import type { Message, MutableJsonObject, Part, ServerToolPart } from '../../ir/index.ts';
import { encodeRequest } from './encode-request.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const hi: Message = { role: 'user', content: [text('hi')], path: 'messages[0]' };

function encode(...messages: Message[]) {
  const request = { model: 'm', stream: false, messages, tools: [], sampling: {}, extensions: {} };
  return encodeRequest(request, { model: 'claude', stream: false, quirks: {} });
}

const blocks = (role: Message['role'], ...content: Part[]): unknown => {
  const { value, warnings } = encode(hi, { role: 'assistant', content: [text('yes')], path: 'm' }, hi, {
    role,
    content: [...content, text('end')],
    path: 'messages[3]',
  });
  expect(warnings).toEqual([]);
  const turns: unknown = value['messages'];
  const last: { content: MutableJsonObject[] } | undefined = Array.isArray(turns) ? turns.at(-1) : undefined;
  return last?.content.slice(role === 'user' ? 1 : 0, -1);
};

const search: ServerToolPart = {
  type: 'server-tool',
  tool: 'web-search',
  phase: 'call',
  id: 's',
  queries: ['q'],
  origin: 'gemini',
};
const own = { origin: 'anthropic-messages', value: { type: 'server_tool_use' } };

describe.each(['user', 'assistant'] as const)('of the %s', (role) => {
  it.each<[Part, object[]]>([
    [text('a'), [{ type: 'text', text: 'a' }]],
    [text(' \n'), []],
    [
      { type: 'text', text: 'a', cacheControl: { ttl: '5m' } },
      [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '5m' } }],
    ],
    [
      { type: 'text', text: 'a', citations: { dialect: 'anthropic-messages', items: [] } },
      [{ type: 'text', text: 'a' }],
    ],
    [
      { type: 'text', text: 'a', citations: { dialect: 'anthropic-messages', items: [{ x: 1 }] } },
      [{ type: 'text', text: 'a', citations: [{ x: 1 }] }],
    ],
    [search, [{ type: 'text', text: '[Web search: "q"]' }]],
    [{ ...search, ...own }, [{ type: 'server_tool_use' }]],
    [{ ...search, value: own.value }, [{ type: 'text', text: '[Web search: "q"]' }]],
    [{ ...search, origin: own.origin }, [{ type: 'text', text: '[Web search: "q"]' }]],
    [{ type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later' } }, [{ type: 'later' }]],
  ])('%j', (part, expected) => expect(blocks(role, part)).toStrictEqual(expected));
});

it('a refusal is text of the assistant', () => {
  expect(blocks('assistant', { type: 'refusal', text: 'No.' })).toStrictEqual([{ type: 'text', text: 'No.' }]);
});

it('a call of the user is none', () => {
  const call: Part = { type: 'tool-call', id: 'c', name: 'n', kind: 'function', arguments: '{}' };
  const { value, warnings } = encode({ ...hi, content: [text('hi'), call] });
  expect(value['messages']).toStrictEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
  expect(warnings).toEqual([
    { path: 'messages[0].content[1]', reason: 'a tool-call part can only stand in an assistant message' },
  ]);
});

it.each<[string, 'function' | 'custom', object]>([
  ['{"a":1}', 'function', { a: 1 }],
  ['', 'function', {}],
  [' \n', 'function', {}],
  ['', 'custom', { input: '' }],
  ['{"a":1}', 'custom', { input: '{"a":1}' }],
])('arguments %j of a %s', (args, kind, input) => {
  const call: Part = { type: 'tool-call', id: 'c', name: 'n', kind, arguments: args, cacheControl: {} };
  const result: Part = { type: 'tool-result', callId: 'c', content: [], isError: false, kind };
  const { value, warnings } = encode(
    hi,
    { role: 'assistant', content: [call], path: 'messages[1]' },
    { role: 'user', content: [result], path: 'messages[2]' },
  );
  expect(value['messages']).toStrictEqual([
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c', name: 'n', input, cache_control: { type: 'ephemeral' } }],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c' }] },
  ]);
  expect(warnings).toEqual([]);
});

describe('turns', () => {
  const say = (role: Message['role'], ...texts: string[]): Message => ({ role, content: texts.map(text), path: 'm' });
  const wire = (role: string, ...texts: string[]) => ({ role, content: texts.map(text) });

  it('white space at the end goes only where an answer was begun', () => {
    expect(encode(say('user', 'a '), say('assistant', 'b '), say('user', 'c ')).value['messages']).toStrictEqual([
      wire('user', 'a '),
      wire('assistant', 'b '),
      wire('user', 'c '),
    ]);
    expect(encode(say('user', 'a '), say('assistant', 'b ', 'c ')).value['messages']).toStrictEqual([
      wire('user', 'a '),
      wire('assistant', 'b ', 'c'),
    ]);
  });

  it('instructions amid the conversation say something, or nothing at all', () => {
    expect(encode(say('user', 'a'), say('system', ' ')).value['messages']).toStrictEqual([wire('user', 'a')]);
    const marked: Message = {
      role: 'system',
      content: [{ type: 'text', text: 'b', cacheControl: { ttl: '1h' } }, text('c')],
      path: 'm',
    };
    expect(encode(say('user', 'a'), marked).value['messages']).toStrictEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          {
            type: 'text',
            text: '<system-reminder>\nb\n\nc\n</system-reminder>',
            cache_control: { type: 'ephemeral', ttl: '1h' },
          },
        ],
      },
    ]);
    expect(encode(say('user', 'a'), say('developer', 'b')).value['messages']).toStrictEqual([
      wire('user', 'a', '<system-reminder>\nb\n</system-reminder>'),
    ]);
  });

  it('what is no text is no instruction', () => {
    const part: Part = { type: 'opaque', dialect: 'openai-responses', value: {} };
    const { warnings } = encode({ role: 'system', content: [part], path: 'messages[0]' }, hi);
    expect(warnings).toEqual([
      { path: 'messages[0].content[0]', reason: 'Claude takes only text as instructions, not opaque' },
    ]);
  });
});
