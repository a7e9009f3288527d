import { describe, expect, test } from 'vitest';
import type { GenerationRequest, Message, Part, Tool } from '../../ir/index.ts';
import type { EncodeQuirks } from '../codec.ts';
import { openaiChat as codec } from './index.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', kind: 'function', arguments: '{}' });
const result = (callId: string, more: object = {}): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: 'ok' }],
  isError: false,
  kind: 'function',
  ...more,
});
const turn = (role: Message['role'], content: readonly Part[], path = 'messages[0]'): Message => ({
  role,
  content,
  path,
});
const tool: Tool = { type: 'function', name: 'f', path: 'tools[0]' };

function encode(request: Partial<GenerationRequest>, quirks: EncodeQuirks = {}, more: object = {}) {
  const whole = { model: 'client', stream: false, messages: [], tools: [], sampling: {}, extensions: {}, ...request };
  return codec.encodeRequest(whole, { model: 'up', stream: false, quirks, ...more });
}
const messages = (...turns: Message[]) => encode({ messages: turns }).value['messages'];

describe('messages', () => {
  test('results come first, then the rest of the turn', () => {
    expect(messages(turn('assistant', [call('a')]), turn('user', [text('and?'), result('a')]))).toStrictEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'ok' },
      { role: 'user', content: 'and?' },
    ]);
  });

  test('what stands between calls and their results is moved behind them', () => {
    const wire = messages(
      turn('assistant', [call('a')]),
      turn('assistant', [call('b')]),
      turn('user', [text('wait')]),
      turn('user', [result('b')]),
      turn('user', [result('a')]),
    );
    expect(wire).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a' },
      { role: 'tool', tool_call_id: 'b' },
      { role: 'user', content: 'wait' },
    ]);
  });

  test('an empty text beside others is left out, and so is a turn whose reasoning does not go back', () => {
    const reasoning: Part = { type: 'reasoning', text: 'hm', summary: false, redacted: false };
    expect(messages(turn('user', [text(''), text('a'), text('')]), turn('user', [text('')]))).toStrictEqual([
      { role: 'user', content: 'a' },
      { role: 'user', content: '' },
    ]);
    const turns = [turn('assistant', [reasoning]), turn('user', [text('b')])];
    const user = { role: 'user', content: 'b' };
    expect(encode({ messages: turns }, { reasoningField: 'none' }).value['messages']).toStrictEqual([user]);
    expect(encode({ messages: turns }).value['messages']).toStrictEqual([
      { role: 'assistant', content: '', reasoning_content: 'hm' },
      user,
    ]);
    const empty = [turn('assistant', [text('')]), turn('assistant', [])];
    expect(encode({ messages: empty }, { reasoningField: 'none' }).value['messages']).toHaveLength(2);
  });

  test('plain assistant turns stay apart', () => {
    expect(messages(turn('assistant', [text('a')]), turn('assistant', [text('b')]))).toHaveLength(2);
  });

  test('a failed tool says so in its text', () => {
    expect(messages(turn('assistant', [call('a')]), turn('user', [result('a', { isError: true })]))).toStrictEqual([
      expect.objectContaining({ role: 'assistant' }),
      { role: 'tool', tool_call_id: 'a', content: '[tool error]\nok' },
    ]);
  });

  test('the detail of an image is one that Chat Completions has', () => {
    const source = { type: 'url', url: 'https://example.com/i.png' } as const;
    const image = (detail: string): Part => ({ type: 'media', kind: 'image', source, detail });
    expect(messages(turn('user', [image('original'), image('low')]))).toStrictEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: source.url, detail: 'high' } },
          { type: 'image_url', image_url: { url: source.url, detail: 'low' } },
        ],
      },
    ]);
  });

  test('a text document becomes text', () => {
    const source = { type: 'text', text: 'the document' } as const;
    expect(messages(turn('user', [{ type: 'media', kind: 'file', source }]))).toStrictEqual([
      { role: 'user', content: 'the document' },
    ]);
  });

  test('what cannot be carried is told with its path', () => {
    const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a' } } as const;
    const file = { type: 'media', kind: 'file', source: { type: 'url', url: 'https://example.com/a' } } as const;
    const opaque = { type: 'opaque', dialect: 'gemini', value: {} } as const;
    const { warnings } = encode({
      messages: [turn('system', [image]), turn('user', [text(''), file, opaque], 'messages[7]')],
      tools: [{ type: 'built-in', name: 'web-search', path: 'tools[0]' }],
      toolChoice: { type: 'required' },
    });
    const paths = warnings.map((warning) => warning.path);
    expect(paths).toStrictEqual([
      'messages[0].content[0]',
      'messages[7].content[1]',
      'messages[7].content[2]',
      'tools[0]',
      'toolChoice',
    ]);
  });
});

describe('quirks', () => {
  test('noDeveloperRole', () => {
    const developer = { messages: [turn('developer', [text('x')])] };
    expect(encode(developer, { noDeveloperRole: true }).value['messages']).toStrictEqual([
      { role: 'system', content: 'x' },
    ]);
    expect(encode(developer).value['messages']).toStrictEqual([{ role: 'developer', content: 'x' }]);
  });

  test('maxTokensField', () => {
    const request = { sampling: { maxOutputTokens: 5 } };
    expect(encode(request).value).toMatchObject({ max_tokens: 5 });
    const { value } = encode(request, { maxTokensField: 'max_completion_tokens' });
    expect(value['max_completion_tokens']).toBe(5);
    expect(value).not.toHaveProperty('max_tokens');
  });

  test('usage is always asked for in streams, unless the server does not know how', () => {
    const stream = { stream: true };
    expect(encode({}, {}, stream).value).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(encode({}, { noStreamOptions: true }, stream).value).not.toHaveProperty('stream_options');
    expect(encode({}).value).not.toHaveProperty('stream');
  });

  test('rejected fields go with a warning, hints without', () => {
    const request = { sampling: { seed: 1 }, promptCacheKey: 'k' };
    const { value, warnings } = encode(request, { rejects: ['seed', 'prompt_cache_key', 'logit_bias'] });
    expect(Object.keys(value)).toStrictEqual(['model', 'messages']);
    expect(warnings.map((warning) => warning.path)).toStrictEqual(['seed']);
  });

  test('reasoningField', () => {
    const reasoning: Part = { type: 'reasoning', text: 'hm', summary: false, redacted: false };
    const signature = { origin: 'openai-chat', value: 'sig' };
    const request = { messages: [turn('assistant', [reasoning, text('x')])] };
    const signed = { messages: [turn('assistant', [{ ...reasoning, signature }, text('x')])] };
    expect(encode(signed).value['messages']).toMatchObject([{ reasoning_details: [{ text: 'hm', signature: 'sig' }] }]);
    expect(encode(signed, { reasoningField: 'none' }).value['messages']).toStrictEqual([
      { role: 'assistant', content: 'x' },
    ]);
    expect(encode(request).value['messages']).toStrictEqual([
      { role: 'assistant', content: 'x', reasoning_content: 'hm' },
    ]);
    expect(encode(request, { reasoningField: 'reasoning' }).value['messages']).toMatchObject([{ reasoning: 'hm' }]);
    expect(encode(request, { reasoningField: 'none' }).value['messages']).toStrictEqual([
      { role: 'assistant', content: 'x' },
    ]);
  });

  test('noCustomTools', () => {
    const custom: Part = { type: 'tool-call', id: 'a', name: 'patch', kind: 'custom', arguments: 'free' };
    const { value } = encode(
      {
        messages: [turn('assistant', [custom]), turn('user', [result('a')])],
        tools: [{ type: 'custom', name: 'patch', path: 'tools[0]' }],
        toolChoice: { type: 'tool', name: 'patch' },
      },
      { noCustomTools: true },
    );
    expect(value['messages']).toMatchObject([
      { tool_calls: [{ function: { arguments: '{"input":"free"}' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'ok' },
    ]);
    expect(value['tools']).toMatchObject([
      { type: 'function', function: { name: 'patch', parameters: { required: ['input'] } } },
    ]);
    expect(value['tool_choice']).toStrictEqual({ type: 'function', function: { name: 'patch' } });
  });
});

describe('reasoning effort', () => {
  const levels = { reasoning: { levels: ['low', 'medium', 'high'] } };
  test.each([
    [{ effort: 'high' }, {}, 'high', 0],
    [{ budgetTokens: 8000 }, {}, 'medium', 0],
    [{ budgetTokens: 0 }, {}, 'none', 0],
    [{ budgetTokens: -1 }, {}, undefined, 0],
    [{ adaptive: true }, {}, undefined, 0],
    [{ effort: 'max' }, levels, 'high', 1],
    [{ effort: 'none' }, levels, 'low', 1],
    [{ effort: 'low' }, { reasoning: { levels: [] } }, undefined, 1],
  ] as const)('%j for %j is %s', (reasoning, target, expected, warned) => {
    const { value, warnings } = encode({ reasoning }, {}, target);
    expect(value['reasoning_effort']).toBe(expected);
    expect(warnings).toHaveLength(warned);
  });
});

describe('tool choice', () => {
  test('one required tool is named in the older form', () => {
    const { value } = encode({ tools: [tool], toolChoice: { type: 'required', names: ['f'] } });
    expect(value['tool_choice']).toStrictEqual({ type: 'function', function: { name: 'f' } });
  });

  test('fields of a tool that only chat knows come back', () => {
    const wire = { type: 'function', defer: true, function: { name: 'f', examples: [1] } };
    const request = codec.decodeRequest({ model: 'm', messages: [], tools: [wire] }, {});
    expect(encode(request).value['tools']).toStrictEqual([wire]);
  });
});
