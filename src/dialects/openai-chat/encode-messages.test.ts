import { describe, expect, test } from 'vitest';
import {
  collectWarnings,
  type JsonObject,
  type MediaPart,
  type Message,
  type Part,
  type ReasoningPart,
  type ToolCallPart,
  type ToolResultPart,
} from '../../ir/index.ts';
import type { EncodeQuirks } from '../codec.ts';
import { encodeMessages } from './encode-messages.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (id: string, more: object = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  kind: 'function',
  arguments: '{}',
  ...more,
});
const result = (callId: string, ...content: ToolResultPart['content']): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content,
  isError: false,
  kind: 'function',
});
const reasoning = (value: string, more: object = {}): ReasoningPart => ({
  type: 'reasoning',
  text: value,
  summary: false,
  redacted: false,
  ...more,
});
const turn = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'm' });
const image: MediaPart = { type: 'media', kind: 'image', source: { type: 'url', url: 'x' } };
const wireImage = { type: 'image_url', image_url: { url: 'x' } };
const wireText = (value: string): JsonObject => ({ type: 'text', text: value });
const wireCall = (id: string): JsonObject => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const tool = (id: string, content = ''): JsonObject => ({ role: 'tool', tool_call_id: id, content });
const called = (...ids: string[]): JsonObject => ({ role: 'assistant', content: null, tool_calls: ids.map(wireCall) });
const user = (content: string): JsonObject => ({ role: 'user', content });

function write(messages: readonly Message[], quirks: EncodeQuirks = {}) {
  const { warnings, warn } = collectWarnings();
  return { wire: encodeMessages(messages, quirks, warn), warnings };
}
const wire = (...messages: Message[]): JsonObject[] => write(messages).wire;

describe('turns of the assistant that follow each other', () => {
  test.each<[string, Message[], JsonObject[]]>([
    ['calls are one turn', [turn('assistant', call('a')), turn('assistant', call('b'))], [called('a', 'b')]],
    [
      'text before a call joins it',
      [turn('assistant', text('t')), turn('assistant', call('a'))],
      [{ ...called('a'), content: 't' }],
    ],
    [
      'text after a call joins it',
      [turn('assistant', call('a')), turn('assistant', text('t'))],
      [{ ...called('a'), content: 't' }],
    ],
    [
      'text after text does not',
      [turn('assistant', text('s')), turn('assistant', text('t'))],
      [
        { role: 'assistant', content: 's' },
        { role: 'assistant', content: 't' },
      ],
    ],
    [
      'reasoning joins what follows, once',
      [
        turn('assistant', reasoning('r')),
        turn('assistant', reasoning('s')),
        turn('assistant', text('t')),
        turn('assistant', text('u')),
      ],
      [
        { role: 'assistant', content: 't', reasoning_content: 'r\n\ns' },
        { role: 'assistant', content: 'u' },
      ],
    ],
    [
      'a turn with nothing in it is none of reasoning',
      [turn('assistant'), turn('assistant', text('t'))],
      [
        { role: 'assistant', content: '' },
        { role: 'assistant', content: 't' },
      ],
    ],
    [
      'text and reasoning are no reasoning alone',
      [turn('assistant', text('s'), reasoning('r')), turn('assistant', text('t'))],
      [
        { role: 'assistant', content: 's', reasoning_content: 'r' },
        { role: 'assistant', content: 't' },
      ],
    ],
    [
      'others between part them',
      [turn('assistant', call('a')), turn('user', result('a')), turn('assistant', call('b'))],
      [called('a'), tool('a'), called('b')],
    ],
    [
      'the joined turn does not reach over the user',
      [turn('assistant', reasoning('r')), turn('user', text('u')), turn('assistant', text('t'))],
      [{ role: 'assistant', content: '', reasoning_content: 'r' }, user('u'), { role: 'assistant', content: 't' }],
    ],
  ])('%s', (_, messages, expected) => {
    expect(wire(...messages)).toStrictEqual(expected);
  });

  test('the turns of the caller are not changed', () => {
    const first = turn('assistant', call('a'));
    wire(first, turn('assistant', call('b')));
    expect(first).toStrictEqual(turn('assistant', call('a')));
  });
});

describe('an assistant’s turn', () => {
  const own = { origin: 'openai-chat', value: 's' };
  const foreign = { origin: 'gemini', value: 's' };
  const google = (value: string): JsonObject => ({ google: { thought_signature: value } });
  const none = { reasoningField: 'none' } as const;

  test.each<[string, Part[], JsonObject]>([
    ['nothing', [], { content: '' }],
    ['refusal alone', [{ type: 'refusal', text: 'no' }], { content: null, refusal: 'no' }],
    [
      'refusal beside text',
      [text('a'), { type: 'refusal', text: 'no' }],
      { content: [wireText('a'), { type: 'refusal', refusal: 'no' }] },
    ],
    [
      'earlier audio',
      [{ type: 'opaque', dialect: 'openai-chat', value: { type: 'audio', audio: { id: 'x' } } }],
      { content: null, audio: { id: 'x' } },
    ],
    [
      'an own item of another kind',
      [{ type: 'opaque', dialect: 'openai-chat', value: { type: 'later' } }],
      { content: [{ type: 'later' }] },
    ],
    ['call', [call('a')], { content: null, tool_calls: [wireCall('a')] }],
    [
      'custom call',
      [call('a', { kind: 'custom', arguments: 'free' })],
      { content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'f', input: 'free' } }] },
    ],
    [
      'signed call',
      [call('a', { signature: own })],
      { content: null, tool_calls: [{ ...wireCall('a'), extra_content: google('s') }] },
    ],
    ['call that another signed', [call('a', { signature: foreign })], { content: null, tool_calls: [wireCall('a')] }],
    [
      'signed text; the last signature counts',
      [
        { type: 'text', text: 'a', signature: { ...own, value: 'r' } },
        { type: 'text', text: 'b', signature: own },
        text('c'),
      ],
      { content: [wireText('a'), wireText('b'), wireText('c')], extra_content: google('s') },
    ],
    [
      'text that only holds a signature',
      [text('a'), { type: 'text', text: '', signature: own }],
      { content: 'a', extra_content: google('s') },
    ],
    ['text that another signed', [{ type: 'text', text: 'a', signature: foreign }], { content: 'a' }],
    ['reasoning', [reasoning('r'), reasoning(''), text('a')], { content: 'a', reasoning_content: 'r' }],
    [
      'signed reasoning',
      [reasoning('r', { signature: own }), reasoning(''), reasoning('t'), text('a')],
      {
        content: 'a',
        reasoning_details: [
          { type: 'reasoning.text', text: 'r', signature: 's', index: 0 },
          { type: 'reasoning.text', text: 't', index: 1 },
        ],
        reasoning_content: 'r\n\nt',
      },
    ],
    [
      'reasoning that another signed, beside own',
      [reasoning('f', { signature: foreign, summary: true, id: 'x' }), reasoning('', { signature: own }), text('a')],
      {
        content: 'a',
        reasoning_details: [
          { type: 'reasoning.summary', summary: 'f', index: 0 },
          { type: 'reasoning.text', text: '', signature: 's', index: 1 },
        ],
        reasoning_content: 'f',
      },
    ],
    [
      'reasoning that another signed',
      [reasoning('f', { signature: foreign }), text('a')],
      { content: 'a', reasoning_content: 'f' },
    ],
  ])('%s', (_, parts, expected) => {
    expect(write([turn('assistant', ...parts)])).toStrictEqual({
      wire: [{ role: 'assistant', ...expected }],
      warnings: [],
    });
  });

  test('its name comes first', () => {
    const [written] = wire({ ...turn('assistant', text('a')), name: 'bob' });
    expect(written).toStrictEqual({ role: 'assistant', name: 'bob', content: 'a' });
  });

  test('hidden reasoning of another is lost', () => {
    const hidden = reasoning('', { signature: foreign, redacted: true });
    const warnings = [
      { path: 'm', reason: 'hidden reasoning of another provider: only the provider that made it can read it' },
    ];
    const said = [{ role: 'assistant', content: 'a' }];
    expect(write([turn('assistant', hidden, text('a'))])).toStrictEqual({ wire: said, warnings });
    expect(write([turn('assistant', hidden, text('a'))], none)).toStrictEqual({ wire: said, warnings });
    expect(write([turn('assistant', hidden)])).toStrictEqual({ wire: [], warnings });
  });

  test('a part that has no place is told with its own', () => {
    expect(write([turn('assistant', text('a'), image)])).toStrictEqual({
      wire: [{ role: 'assistant', content: 'a' }],
      warnings: [
        {
          path: 'm.content[1]',
          reason: 'image in a assistant message: Chat Completions takes media from the user only',
        },
      ],
    });
  });

  test('a server that rejects reasoning gets no signatures either', () => {
    const parts = [
      reasoning('r', { signature: own }),
      { type: 'text', text: 'a', signature: own } as const,
      call('c', { signature: own }),
    ];
    expect(write([turn('assistant', ...parts)], none).wire).toStrictEqual([{ ...called('c'), content: 'a' }]);
  });

  test('where custom tools are not known their calls are wrapped, others are not', () => {
    const calls = [call('a', { kind: 'custom', arguments: 'free' }), call('b')];
    expect(write([turn('assistant', ...calls)], { noCustomTools: true }).wire).toStrictEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"input":"free"}' } },
          wireCall('b'),
        ],
      },
    ]);
  });
});

describe('results', () => {
  const note = '[The media of this result follows in the next user message.]';
  const moved = (id: string): JsonObject => wireText(`[Media from the result of tool call ${id}:]`);

  test.each<[string, Part[], JsonObject[]]>([
    ['nothing', [result('a')], [tool('a')]],
    ['a failure without words', [{ ...result('a'), isError: true }], [tool('a', '[tool error]\n')]],
    [
      'an item that only its dialect knows',
      [result('a', { type: 'opaque', dialect: 'gemini', value: { b: 1 } })],
      [tool('a', '{"b":1}')],
    ],
    [
      'media go to the user’s message behind',
      [result('a', image), text('and'), result('b', { type: 'text', text: 'x' })],
      [tool('a', note), tool('b', 'x'), { role: 'user', content: [moved('a'), wireImage, wireText('and')] }],
    ],
  ])('%s', (_, parts, expected) => {
    const turns = [turn('assistant', call('a'), call('b')), turn('user', ...parts)];
    expect(wire(...turns).slice(1)).toStrictEqual(expected);
  });

  test('texts stay apart, and media that cannot be moved are told', () => {
    const video: MediaPart = { type: 'media', kind: 'video', source: { type: 'file-id', id: 'file-1' } };
    const parts = [result('a', { type: 'text', text: 'x' }, { type: 'text', text: 'y' }, video)];
    expect(write([turn('assistant', call('a')), turn('user', ...parts)])).toStrictEqual({
      wire: [called('a'), { role: 'tool', tool_call_id: 'a', content: [wireText('x'), wireText('y')] }],
      warnings: [
        {
          path: 'm.content[0].content[2]',
          reason: 'video by file-id: Chat Completions takes it only inline or by URL',
        },
      ],
    });
  });

  test('stand right behind their calls', () => {
    const turns = [
      turn('assistant', call('a'), call('b')),
      turn('user', result('b', image)),
      turn('system', text('s')),
      turn('user', result('a')),
      turn('user', text('u')),
      turn('user', result('a')),
      turn('assistant', text('t')),
    ];
    expect(wire(...turns)).toStrictEqual([
      called('a', 'b'),
      tool('b', note),
      tool('a'),
      { role: 'user', content: [moved('b'), wireImage] },
      { role: 'system', content: 's' },
      user('u'),
      tool('a'),
      { role: 'assistant', content: 't' },
    ]);
  });

  test('what was held back is not lost when calls stay open', () => {
    const open = [turn('assistant', call('a')), turn('user', text('u'))];
    expect(wire(...open)).toStrictEqual([called('a'), user('u')]);
    expect(wire(...open, turn('assistant', text('t')), turn('user', text('v')))).toStrictEqual([
      { ...called('a') },
      user('u'),
      { role: 'assistant', content: 't' },
      user('v'),
    ]);
  });

  test('the name of the user goes with the rest', () => {
    const message = { ...turn('user', result('a'), text('u')), name: 'eve' };
    expect(wire(turn('assistant', call('a')), message).slice(1)).toStrictEqual([
      tool('a'),
      { role: 'user', content: 'u', name: 'eve' },
    ]);
  });
});

test.each(['system', 'developer', 'user'] as const)('a %s has a name, and paths of its parts', (role) => {
  const message = { ...turn(role, text('a'), { type: 'opaque', dialect: 'gemini', value: {} }), name: 'eve' };
  expect(write([message])).toStrictEqual({
    wire: [{ role, content: 'a', name: 'eve' }],
    warnings: [{ path: 'm.content[1]', reason: 'an item of gemini that Chat Completions does not know' }],
  });
});

test('messages of which others know all already are left out', () => {
  const carried: Part = { type: 'opaque', dialect: 'openai-responses', value: {}, carried: true };
  expect(wire(turn('developer', carried, carried), turn('user', carried, text('u')))).toStrictEqual([user('u')]);
});
