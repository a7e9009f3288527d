import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, Message, Part } from '../../ir/index.ts';
import { decodeMessages, signLastText } from './decode-messages.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
/** The one message that `wire` is. */
const read = (wire: JsonObject): Message[] => decodeMessages([wire]);
const path = 'messages[0]';

describe('turns', () => {
  test.each<[JsonObject, Omit<Message, 'path'>]>([
    [
      { role: 'system', content: 'a' },
      { role: 'system', content: [text('a')] },
    ],
    [
      { role: 'developer', content: [{ type: 'text', text: 'a' }] },
      { role: 'developer', content: [text('a')] },
    ],
    [
      { role: 'user', content: ['a', 'b'], name: 'eve' },
      { role: 'user', content: [text('a'), text('b')], name: 'eve' },
    ],
    [
      { role: 'user', content: null },
      { role: 'user', content: [] },
    ],
    [{ role: 'user' }, { role: 'user', content: [] }],
    [
      { role: 'user', content: 'a', cache_control: { type: 'ephemeral' } },
      { role: 'user', content: [{ type: 'text', text: 'a', cacheControl: {} }] },
    ],
    [
      { role: 'assistant', content: 'a', cache_control: { type: 'ephemeral', ttl: '5m' } },
      { role: 'assistant', content: [{ type: 'text', text: 'a', cacheControl: { ttl: '5m' } }] },
    ],
    [
      { role: 'assistant', content: '', refusal: 'no', name: 'bob' },
      { role: 'assistant', content: [{ type: 'refusal', text: 'no' }], name: 'bob' },
    ],
    [
      { role: 'assistant', content: 'a', refusal: '', tool_calls: [], audio: null },
      { role: 'assistant', content: [text('a')] },
    ],
    [
      { role: 'assistant', audio: { id: 'audio_1' } },
      {
        role: 'assistant',
        content: [{ type: 'opaque', dialect: 'openai-chat', value: { type: 'audio', audio: { id: 'audio_1' } } }],
      },
    ],
    [
      { role: 'assistant', content: 'a', reasoning_content: 'hm' },
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'hm', summary: false, redacted: false }, text('a')],
      },
    ],
    [
      { role: 'assistant', content: 'a', extra_content: { google: { thought_signature: 'sig' } } },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'a', signature: { origin: 'openai-chat', value: 'sig' } }],
      },
    ],
    [
      { role: 'assistant', function_call: { name: 'f', arguments: '{}' } },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'call_legacy_0', name: 'f', kind: 'function', arguments: '{}' }],
      },
    ],
  ])('%j', (wire, message) => {
    expect(read(wire)).toStrictEqual([{ ...message, path }]);
  });

  test('a message’s signature is the last text’s', () => {
    const signature = { origin: 'openai-chat', value: 'sig' };
    const refusal: Part = { type: 'refusal', text: 'no' };
    expect(signLastText([text('a'), text('b'), refusal], 'sig')).toStrictEqual([
      text('a'),
      { type: 'text', text: 'b', signature },
      refusal,
    ]);
    expect(signLastText([refusal], 'sig')).toStrictEqual([refusal]);
    expect(signLastText([text('a')], undefined)).toStrictEqual([text('a')]);
  });
});

describe('calls', () => {
  test.each<[JsonObject, object]>([
    [
      { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { id: 'c', name: 'f', kind: 'function', arguments: '{"a":1}' },
    ],
    [
      { id: 'c', function: { name: 'f', arguments: { a: 1 } } },
      { id: 'c', name: 'f', kind: 'function', arguments: '{"a":1}' },
    ],
    [
      { id: 'c', function: { name: 'f' } },
      { id: 'c', name: 'f', kind: 'function', arguments: '' },
    ],
    [
      { function: { name: 'f', arguments: null } },
      { id: 'call_missing_0_0', name: 'f', kind: 'function', arguments: '' },
    ],
    [
      { id: 'c', type: 'custom', custom: { name: 'f', input: 'free' } },
      { id: 'c', name: 'f', kind: 'custom', arguments: 'free' },
    ],
    [
      {
        id: 'c',
        function: { name: 'f', arguments: '' },
        extra_content: { google: { thought_signature: 'sig' } },
        cache_control: { type: 'ephemeral' },
      },
      {
        id: 'c',
        name: 'f',
        kind: 'function',
        arguments: '',
        signature: { origin: 'openai-chat', value: 'sig' },
        cacheControl: {},
      },
    ],
  ])('%j', (call, part) => {
    expect(read({ role: 'assistant', tool_calls: [call] })).toStrictEqual([
      { role: 'assistant', content: [{ type: 'tool-call', ...part }], path },
    ]);
  });

  test('results that follow each other are one turn; those of custom calls say so', () => {
    const call = (id: string, type: 'function' | 'custom'): JsonObject =>
      type === 'custom'
        ? { id, type, custom: { name: 'f', input: '' } }
        : { id, type, function: { name: 'f', arguments: '' } };
    const messages = decodeMessages([
      { role: 'assistant', tool_calls: [call('a', 'function'), call('b', 'custom')] },
      { role: 'tool', tool_call_id: 'a', content: '[tool error]\nbad', name: 'f' },
      { role: 'tool', tool_call_id: 'b', content: 'ok', cache_control: { type: 'ephemeral' } },
      { role: 'user', content: 'and' },
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: '[tool error]\n' }, 'more'] },
    ]);
    expect(messages.slice(1)).toStrictEqual([
      {
        role: 'user',
        content: [
          { type: 'tool-result', callId: 'a', name: 'f', content: [text('bad')], isError: true, kind: 'function' },
          {
            type: 'tool-result',
            callId: 'b',
            content: [text('ok')],
            isError: false,
            kind: 'custom',
            cacheControl: {},
          },
        ],
        path: 'messages[1]',
      },
      { role: 'user', content: [text('and')], path: 'messages[3]' },
      {
        role: 'user',
        content: [{ type: 'tool-result', callId: 'a', content: [text('more')], isError: true, kind: 'function' }],
        path: 'messages[4]',
      },
    ]);
  });

  test('a result of the older API answers the last call of its name', () => {
    const call = (name: string): JsonObject => ({ role: 'assistant', function_call: { name, arguments: {} } });
    const result = (name: string): JsonObject => ({ role: 'function', name, content: 'r' });
    const parts = decodeMessages([call('f'), call('f'), result('f'), result('g')]).flatMap(({ content }) => content);
    const answer = { content: [text('r')], isError: false, kind: 'function' };
    expect(parts).toStrictEqual([
      { type: 'tool-call', id: 'call_legacy_0', name: 'f', kind: 'function', arguments: '{}' },
      { type: 'tool-call', id: 'call_legacy_1', name: 'f', kind: 'function', arguments: '{}' },
      { type: 'tool-result', callId: 'call_legacy_1', name: 'f', ...answer },
      { type: 'tool-result', callId: 'call_legacy_g', name: 'g', ...answer },
    ]);
  });

  test('a tool may return media and what only this dialect knows', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.com/i.png' } };
    expect(decodeMessages([{ role: 'tool', tool_call_id: 'a', content: [image, { type: 'x' }] }])).toStrictEqual([
      {
        role: 'user',
        content: [
          {
            type: 'tool-result',
            callId: 'a',
            content: [
              { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/i.png' } },
              { type: 'opaque', dialect: 'openai-chat', value: { type: 'x' } },
            ],
            isError: false,
            kind: 'function',
          },
        ],
        path,
      },
    ]);
  });
});

describe('refused', () => {
  const assistant = (more: JsonObject): JsonObject => ({ role: 'assistant', ...more });
  const calls = (...tool_calls: JsonValue[]): JsonObject => assistant({ tool_calls });
  const missing = 'is required and must be a string';

  test.each<[JsonValue, string]>([
    [1, 'messages[0]: must be an object'],
    [{}, `messages[0].role: ${missing}`],
    [{ role: 'robot' }, 'messages[0].role: "robot" is not a role; use system, developer, user, assistant or tool'],
    [{ role: 'user', name: 1 }, 'messages[0].name: must be a string'],
    [{ role: 'user', content: 1 }, 'messages[0].content: must be a string or an array of parts'],
    [assistant({ refusal: 1 }), 'messages[0].refusal: must be a string'],
    [assistant({ audio: 1 }), 'messages[0].audio: must be an object'],
    [assistant({ tool_calls: {} }), 'messages[0].tool_calls: must be an array'],
    [calls(1), 'messages[0].tool_calls[0]: must be an object'],
    [calls({ id: 1, function: { name: 'f' } }), 'messages[0].tool_calls[0].id: must be a string'],
    [calls({ id: 'a', function: 1 }), 'messages[0].tool_calls[0].function: must be an object'],
    [calls({ id: 'a' }), `messages[0].tool_calls[0].function.name: ${missing}`],
    [calls({ id: 'a', type: 'custom' }), `messages[0].tool_calls[0].custom.name: ${missing}`],
    [
      calls({ id: 'a', function: { name: 'f', arguments: 1 } }),
      'messages[0].tool_calls[0].function.arguments: must be a string',
    ],
    [
      calls({ id: 'a', type: 'custom', custom: { name: 'f', input: 1 } }),
      'messages[0].tool_calls[0].custom.input: must be a string',
    ],
    [assistant({ function_call: 1 }), 'messages[0].function_call: must be an object'],
    [assistant({ function_call: {} }), `messages[0].function_call.name: ${missing}`],
    [
      assistant({ function_call: { name: 'f', arguments: 1 } }),
      'messages[0].function_call.arguments: must be a string',
    ],
    [{ role: 'tool', content: 'x' }, `messages[0].tool_call_id: ${missing}`],
    [{ role: 'tool', tool_call_id: 1 }, 'messages[0].tool_call_id: must be a string'],
    [{ role: 'tool', call_id: 1 }, 'messages[0].call_id: must be a string'],
    [{ role: 'tool', tool_call_id: 'a', name: 1 }, 'messages[0].name: must be a string'],
    [
      { role: 'tool', tool_call_id: 'a', content: ['x', { type: 'refusal', refusal: 'no' }] },
      'messages[0].content[1].type: "refusal" cannot stand in a tool message',
    ],
    [
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 1 }] },
      'messages[0].content[0].text: must be a string',
    ],
    [{ role: 'function' }, `messages[0].name: ${missing}`],
  ])('%j', (wire, message) => {
    expect(() => decodeMessages([wire])).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});
