import { describe, expect, it } from 'vitest';
import type { GenerationRequest, Message, Part } from '../../ir/index.ts';
import { encodeRequest } from './encode-request.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (id: string, args = '{}', name = 'ls'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: args,
});
const result = (callId: string, value: string): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: value }],
  isError: false,
  kind: 'function',
});

function encode(turns: readonly (readonly [Message['role'], ...Part[]])[], more: Partial<GenerationRequest> = {}) {
  const messages = turns.map(([role, ...content], index) => ({ role, content, path: `messages[${index}]` }));
  return encodeRequest(
    { model: 'm', stream: false, messages, tools: [], sampling: {}, extensions: {}, ...more },
    { model: 'claude', stream: false, quirks: {} },
  );
}

describe('turns', () => {
  it('makes leading instructions the system prompt and wraps later ones in place', () => {
    const { value, warnings } = encode([
      ['system', text('A')],
      ['developer', text('B')],
      ['user', text('hi')],
      ['assistant', text('hello')],
      ['developer', text('C'), text('D')],
      ['user', text('go on')],
    ]);
    expect(value['system']).toEqual([
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B' },
    ]);
    expect(value['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>\nC\n\nD\n</system-reminder>' },
          { type: 'text', text: 'go on' },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('merges turns, puts calls last and results first', () => {
    const { value } = encode([
      ['user', text('hi')],
      ['assistant', call('a')],
      ['assistant', text('looking'), call('b')],
      ['user', text('steer')],
      ['user', result('a', '1')],
      ['user', result('b', '2')],
    ]);
    expect(value['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'text' }, { id: 'a' }, { id: 'b' }] },
      { role: 'user', content: [{ tool_use_id: 'a' }, { tool_use_id: 'b' }, { text: 'steer' }] },
    ]);
  });

  it('drops blank text and empty turns, and lets the user begin', () => {
    const { value } = encode([
      ['user', text(' \n')],
      ['assistant', text('hello  ')],
    ]);
    expect(value['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: '(continued)' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
    ]);
  });

  it('sends a user turn when there are instructions only', () => {
    const { value } = encode([['system', text('A')]]);
    expect(value['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: '(continued)' }] }]);
  });
});

describe('tool calls', () => {
  it('cleans ids alike on call and result, without two becoming one', () => {
    const { value } = encode([
      ['user', text('hi')],
      ['assistant', call('fc:1|x'), call('fc_1_x'), call('')],
      ['user', result('fc_1_x', '2'), result('fc:1|x', '1'), result('', '3')],
    ]);
    expect(value['messages']).toMatchObject([
      {},
      { content: [{ id: 'fc_1_x' }, { id: 'fc_1_x_2' }, { id: '_' }] },
      { content: [{ tool_use_id: 'fc_1_x_2' }, { tool_use_id: 'fc_1_x' }, { tool_use_id: '_' }] },
    ]);
  });

  it('sends arguments that are not an object as {} and says so', () => {
    const { value, warnings } = encode([
      ['user', text('hi')],
      ['assistant', call('a', '{"x":'), call('b', '[1]'), call('c', '')],
      ['user', result('a', '1'), result('b', '2'), result('c', '3')],
    ]);
    expect(value['messages']).toMatchObject([{}, { content: [{ input: {} }, { input: {} }, { input: {} }] }, {}]);
    expect(warnings.map((warning) => warning.path)).toEqual([
      'messages[1].content[0].arguments',
      'messages[1].content[1].arguments',
    ]);
  });

  it('writes custom calls as {input}', () => {
    const custom: Part = { type: 'tool-call', id: 'a', name: 'patch', kind: 'custom', arguments: '*** Begin' };
    const { value } = encode([
      ['user', text('hi')],
      ['assistant', custom],
      ['user', result('a', 'done')],
    ]);
    expect(value['messages']).toMatchObject([{}, { content: [{ input: { input: '*** Begin' } }] }, {}]);
  });

  it('renames what Claude refuses everywhere', () => {
    const tool = { type: 'function', name: 'fs.read', path: 'tools[0]' } as const;
    const other = { type: 'function', name: 'fs_read', path: 'tools[1]' } as const;
    const { value } = encode(
      [
        ['user', text('hi')],
        ['assistant', call('a', '{}', 'fs.read')],
        ['user', result('a', 'done')],
      ],
      { tools: [tool, other], toolChoice: { type: 'tool', name: 'fs.read' } },
    );
    expect(value).toMatchObject({
      tools: [{ name: 'fs_read_2' }, { name: 'fs_read' }],
      tool_choice: { type: 'tool', name: 'fs_read_2' },
      messages: [{}, { content: [{ name: 'fs_read_2' }] }, {}],
    });
  });
});

it('sends an id that an earlier turn used under another, with its result', () => {
  const { value, warnings } = encode([
    ['user', text('hi')],
    ['assistant', call('call_0')],
    ['user', result('call_0', 'one')],
    ['assistant', call('call_0')],
    ['user', result('call_0', 'two')],
  ]);
  expect(value['messages']).toMatchObject([
    {},
    { content: [{ id: 'call_0' }] },
    { content: [{ tool_use_id: 'call_0', content: [{ text: 'one' }] }] },
    { content: [{ id: 'call_0_2' }] },
    { content: [{ tool_use_id: 'call_0_2', content: [{ text: 'two' }] }] },
  ]);
  expect(warnings).toEqual([]);
});

it('keeps the last of two results of one call', () => {
  const { value, warnings } = encode([
    ['user', text('hi')],
    ['assistant', call('a'), call('b')],
    ['user', result('a', 'old'), result('b', 'b')],
    ['user', result('a', 'new')],
  ]);
  expect(value['messages']).toMatchObject([
    {},
    {},
    { content: [{ tool_use_id: 'a', content: [{ text: 'new' }] }, { tool_use_id: 'b' }] },
  ]);
  expect(warnings.map((warning) => warning.path)).toEqual(['messages[3].content[0]']);
});

describe('what Claude cannot take is named', () => {
  const base = { type: 'media', source: { type: 'base64', mediaType: 'x/y', data: 'AA==' } } as const;
  it.each<[string, Part]>([
    ['audio', { ...base, kind: 'audio' }],
    ['video', { ...base, kind: 'video' }],
    ['a word file', { ...base, kind: 'file' }],
    ['a foreign file id', { type: 'media', kind: 'image', source: { type: 'file-id', id: 'file-abc' } }],
    ['a foreign part', { type: 'opaque', dialect: 'gemini', value: { executableCode: {} } }],
  ])('%s', (_name, part) => {
    const { value, warnings } = encode([['user', text('hi'), part]]);
    expect(value['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
    expect(warnings.map((warning) => warning.path)).toEqual(['messages[0].content[1]']);
  });

  it('reasoning that Claude did not sign', () => {
    const reasoning = { type: 'reasoning', text: 'r', summary: true, redacted: false } as const;
    const { value, warnings } = encode([
      ['user', text('hi')],
      [
        'assistant',
        reasoning,
        { ...reasoning, signature: { origin: 'gemini', value: 'x' } },
        { ...reasoning, redacted: true, signature: { origin: 'openai-responses', value: 'x' } },
        { ...reasoning, text: '', redacted: true, signature: { origin: 'anthropic-messages', value: '' } },
        text('ok'),
      ],
    ]);
    expect(value['messages']).toMatchObject([{}, { content: [{ type: 'text', text: 'ok' }] }]);
    expect(warnings).toHaveLength(4);
  });
});

it('turns files into what Claude takes: images, text, data URLs', () => {
  const file = (mediaType: string, data: string): Part => ({
    type: 'media',
    kind: 'file',
    filename: 'a.txt',
    source: { type: 'base64', mediaType, data },
  });
  const inline: Part = { type: 'media', kind: 'image', source: { type: 'url', url: 'data:image/png;base64,AAAA' } };
  const { value } = encode([['user', file('text/markdown', btoa('# hi')), file('image/png', 'AAAA'), inline]]);
  const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  expect(value['messages']).toEqual([
    {
      role: 'user',
      content: [
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# hi' }, title: 'a.txt' },
        png,
        png,
      ],
    },
  ]);
});

it('keeps the last four cache breakpoints of too many', () => {
  const marked = (value: string): Part => ({ type: 'text', text: value, cacheControl: {} });
  const { value } = encode([
    ['system', marked('s')],
    ['user', text('go')],
    ['assistant', call('x')],
    ['user', marked('1'), marked('2'), marked('3'), { ...result('x', 'r'), cacheControl: { ttl: '1h' } } as Part],
  ]);
  const kept = JSON.stringify(value['messages']).split('cache_control').length - 1;
  expect(kept).toBe(3);
  expect(value['system']).toMatchObject([{ cache_control: { type: 'ephemeral' } }]);
  expect(value['messages']).toMatchObject([{}, {}, { content: [{ type: 'tool_result' }, {}, {}, {}] }]);
});
