import { describe, expect, test } from 'vitest';
import type { GenerationRequest, JsonObject, JsonValue, Message, Part } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';
import { encryptCarried } from './reasoning-item.ts';

const decode = (input: readonly JsonValue[]): GenerationRequest =>
  openaiResponses.decodeRequest({ model: 'm', input }, {});
const target = { model: 'm', stream: false, quirks: {} };
const again = (input: readonly JsonValue[]): JsonValue | undefined =>
  openaiResponses.encodeRequest(decode(input), target).value['input'];

const user = (...content: JsonValue[]): JsonObject => ({ type: 'message', role: 'user', content });
const media = (kind: 'image' | 'file' | 'audio', source: object, more: object = {}): object => ({
  ...{ type: 'media', kind, source },
  ...more,
});
const url = 'https://a.test/x';
const pdf = { type: 'base64', mediaType: 'application/pdf', data: 'AA==' };

describe('a part of a user message', () => {
  test.each<[JsonObject, object]>([
    [
      { type: 'input_text', text: 'a' },
      { type: 'text', text: 'a' },
    ],
    [
      { type: 'input_text', text: 'a', later: 1 },
      { type: 'text', text: 'a' },
    ],
    [{ type: 'input_image', image_url: url }, media('image', { type: 'url', url })],
    [{ type: 'input_image', image_url: url, detail: 'low' }, media('image', { type: 'url', url }, { detail: 'low' })],
    [{ type: 'input_image', file_id: 'f' }, media('image', { type: 'file-id', id: 'f' })],
    [
      { type: 'input_image', image_url: 'data:image/png;base64,AA==', later: 1 },
      media('image', { type: 'base64', mediaType: 'image/png', data: 'AA==' }),
    ],
    [{ type: 'input_file', file_url: url }, media('file', { type: 'url', url })],
    [{ type: 'input_file', file_url: url, filename: 'f' }, media('file', { type: 'url', url }, { filename: 'f' })],
    [{ type: 'input_file', file_id: 'f' }, media('file', { type: 'file-id', id: 'f' })],
    [
      { type: 'input_file', filename: 'f', file_data: 'data:application/pdf;base64,AA==' },
      media('file', pdf, { filename: 'f' }),
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
      media('audio', { type: 'base64', mediaType: 'audio/mpeg', data: 'AA==' }),
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'flac' } },
      media('audio', { type: 'base64', mediaType: 'audio/flac', data: 'AA==' }),
    ],
    [
      { type: 'later', x: 1 },
      { type: 'opaque', dialect: 'openai-responses', value: { $part: { type: 'later', x: 1 } } },
    ],
  ])('%j goes back as it came', (wire, part) => {
    expect(decode([user(wire)]).messages).toStrictEqual([{ role: 'user', content: [part], path: 'input[0]' }]);
    expect(again([user(wire)])).toStrictEqual([user(wire)]);
  });

  test.each<[JsonObject, object, JsonObject]>([
    [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'a' },
      { type: 'input_text', text: 'a' },
    ],
    [
      { type: 'summary_text', text: 'a' },
      { type: 'text', text: 'a' },
      { type: 'input_text', text: 'a' },
    ],
    [
      { type: 'reasoning_text', text: 'a' },
      { type: 'text', text: 'a' },
      { type: 'input_text', text: 'a' },
    ],
    [
      { type: 'refusal', refusal: 'a' },
      { type: 'refusal', text: 'a' },
      { type: 'input_text', text: 'a' },
    ],
    [
      { type: 'input_image', image_url: { url }, detail: '' },
      media('image', { type: 'url', url }),
      { type: 'input_image', image_url: url },
    ],
    ...[
      ['F.PDF', 'application/pdf'],
      ['a.b.txt', 'text/plain'],
      ['a.md', 'text/plain'],
      ['pdf.zip', 'application/octet-stream'],
    ].map(([filename = '', mediaType = '']): [JsonObject, object, JsonObject] => [
      { type: 'input_file', filename, file_data: 'AA==' },
      media('file', { type: 'base64', mediaType, data: 'AA==' }, { filename }),
      { type: 'input_file', filename, file_data: `data:${mediaType};base64,AA==` },
    ]),
    [
      { type: 'input_file', file_data: 'AA==' },
      media('file', { type: 'base64', mediaType: 'application/octet-stream', data: 'AA==' }),
      { type: 'input_file', filename: 'document', file_data: 'data:application/octet-stream;base64,AA==' },
    ],
    [
      { type: 'input_file', file_data: 'data:application/pdf;base64,AA==' },
      media('file', pdf),
      { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA==' },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AA==' } },
      media('audio', { type: 'base64', mediaType: 'audio/wav', data: 'AA==' }),
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
    ],
  ])('%j goes back in the form of the API', (wire, part, sent) => {
    expect(decode([user(wire)]).messages[0]?.content).toStrictEqual([part]);
    expect(again([user(wire)])).toStrictEqual([user(sent)]);
  });

  test.each<[JsonObject, string]>([
    [{ type: 'input_text' }, 'text: is required and must be a string'],
    [{ type: 'refusal' }, 'refusal: is required'],
    [{ type: 'input_image' }, ' needs image_url or file_id'],
    [{ type: 'input_image', image_url: {} }, 'image_url.url: is required'],
    [{ type: 'input_image', image_url: 7 }, 'image_url: must be a string'],
    [{ type: 'input_image', image_url: url, detail: 7 }, 'detail: must be a string'],
    [{ type: 'input_file' }, ' needs file_data, file_url or file_id'],
    [{ type: 'input_file', file_data: 'data:text/plain,a' }, 'file_data: must be base64'],
    [{ type: 'input_audio' }, 'input_audio: must be an object'],
    [{ type: 'input_audio', input_audio: {} }, 'input_audio.data: is required'],
    [{ type: 'input_audio', input_audio: { data: '', format: 7 } }, 'input_audio.format: must be a string'],
  ])('%j is refused', (wire, message) => {
    const at = 'input[0].content[0]';
    expect(() => decode([user(wire)])).toThrowError(message.startsWith(' ') ? `${at}:${message}` : `${at}.${message}`);
  });
});

const said = (text: string, more: JsonObject = {}): JsonObject => ({
  ...{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] },
  ...more,
});
const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const output = (id: string, value: JsonValue = 'o'): JsonObject => ({
  ...{ type: 'function_call_output', call_id: id, output: value },
});
const thought = (id: string, text: string): JsonObject => ({
  ...{ type: 'reasoning', id, summary: [{ type: 'summary_text', text }] },
});

describe('the items of a conversation', () => {
  test.each<[string, JsonObject[], string[]]>([
    [
      'of one turn are one message',
      [thought('r1', 'a'), said('b'), call('c')],
      ['assistant 0: reasoning text tool-call'],
    ],
    ['a second message begins another', [said('a'), said('b')], ['assistant 0: text', 'assistant 1: text']],
    [
      'a message behind a call joins it',
      [call('c'), said('b', { id: 'm1' }), call('d')],
      ['assistant 0: tool-call text tool-call'],
    ],
    [
      'a message behind reasoning between joins it',
      [said('a', { id: 'm1' }), thought('r1', 'x'), said('b', { id: 'm2' })],
      ['assistant 0: text reasoning text'],
    ],
    ['outputs are one message', [output('c'), output('d')], ['user 0: tool-result tool-result']],
    [
      'a user stands apart from outputs',
      [output('c'), user(), output('d')],
      ['user 0: tool-result', 'user 1: ', 'user 2: tool-result'],
    ],
    ['users stand apart', [said('a'), user(), user()], ['assistant 0: text', 'user 1: ', 'user 2: ']],
  ])('%s', (_, input, expected) => {
    const told = decode(input).messages.map(
      ({ role, path, content }) => `${role} ${path.slice(6, -1)}: ${content.map(({ type }) => type).join(' ')}`,
    );
    expect(told).toStrictEqual(expected);
    const filled = input.filter((item) => item['content'] === undefined || (item['content'] as JsonValue[]).length > 0);
    expect(again(input)).toStrictEqual(filled);
  });

  test.each<[string, JsonObject]>([
    ['status and phase of a message', said('a', { id: 'm1', status: 'completed', phase: 'final_answer' })],
    ['id and status of a call', { ...call('c'), id: 'fc_1', status: 'completed' }],
    ['the namespace of a call', { ...call('c'), namespace: 'ns' }],
    ['id and status of an output', { ...output('c'), id: 'x', status: 'completed' }],
    ['the kind of a call', { type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'ls' }],
    ['the kind of an output', { type: 'custom_tool_call_output', call_id: 'c', output: 'o' }],
    ['the status of reasoning', { ...thought('r', 'a'), status: 'completed' }],
    [
      'a divided summary',
      { ...thought('r', 'a'), summary: ['a', 'b'].map((text) => ({ type: 'summary_text', text })) },
    ],
    ['a summary beside reasoning', { ...thought('r', 'a'), content: [{ type: 'reasoning_text', text: 'b' }] }],
    [
      'reasoning without a summary',
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'b' }] },
    ],
    ['reasoning without a text', { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }],
    ['annotations', said('a', { content: [{ type: 'output_text', text: 'a', annotations: [{ url }] }] })],
    ['a refusal', said('a', { content: [{ type: 'refusal', refusal: 'no' }] })],
    [
      'fields of parts',
      said('a', {
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'output_text', text: 'b', x: 1 },
        ],
      }),
    ],
    [
      'parts of an output',
      output('c', [
        { type: 'input_image', image_url: url },
        { type: 'input_text', text: 'a' },
      ]),
    ],
    ['an empty output', output('c', '')],
  ])('keep %s', (_, item) => {
    expect(again([item])).toStrictEqual([item]);
  });

  test('signatures of other providers go back to what they sign', () => {
    const signature = { origin: 'gemini', value: 's' };
    const carrier = (id?: string): JsonObject => ({
      ...{ type: 'reasoning', summary: [], encrypted_content: encryptCarried(signature, id) },
    });
    const signed = (...input: JsonObject[]): unknown =>
      decode(input).messages.map(({ role, content }) => [
        role,
        ...content.map((part) => (part.type === 'text' || part.type === 'tool-call') && part.signature?.value),
      ]);
    expect(signed(said('a'), call('c'), call('d'), carrier('c'))).toStrictEqual([
      ['assistant', undefined, 's', undefined],
    ]);
    expect(signed(call('c'), output('c'), said('a'), carrier('c'), carrier())).toStrictEqual([
      ['assistant', 's'],
      ['user', false],
      ['assistant', 's'],
    ]);
    expect(signed(said('a'), thought('r', 'x'), carrier())).toStrictEqual([['assistant', 's', false]]);
    expect(signed(call('c'), carrier('other'))).toStrictEqual([['assistant', undefined]]);
    expect(signed(carrier())).toStrictEqual([['assistant', 's']]);
    expect(signed(user({ type: 'input_text', text: 'q' }), carrier())).toStrictEqual([
      ['user', undefined],
      ['assistant', 's'],
    ]);
  });
});

describe('messages of another dialect', () => {
  const message = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'messages[0]' });
  const text = (value: string): Part => ({ type: 'text', text: value });
  const send = (...messages: Message[]): { sent: unknown; lost: string[] } => {
    const request = { model: 'm', stream: false, messages, tools: [], sampling: {}, extensions: {} };
    const { value, warnings } = openaiResponses.encodeRequest(request, target);
    const { instructions, input } = value;
    return {
      sent: { ...(instructions !== undefined && { instructions }), input },
      lost: warnings.map((w) => w.reason),
    };
  };
  const q = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'q' }] };

  test.each<[Message[], object, string[]]>([
    [[message('system', text('a')), message('system', text('b'))], { instructions: 'a\n\nb', input: [] }, []],
    [
      [message('system', text('a'), { type: 'refusal', text: 'b' }), message('user', text('q'))],
      {
        input: [
          { type: 'message', role: 'developer', content: ['a', 'b'].map((t) => ({ type: 'input_text', text: t })) },
          q,
        ],
      },
      [],
    ],
    [[{ ...message('user', text('q')), name: 'Ann' }], { input: [q] }, ['the Responses API has no participant names']],
    [
      [message('assistant', { ...text('a'), signature: { origin: 'gemini', value: 's' } } as Part)],
      { input: [said('a')] },
      ['the signature of this part has no place in the Responses API'],
    ],
    [
      [message('assistant', { type: 'text', text: '', signature: { origin: 'gemini', value: 's' } })],
      { input: [] },
      ['the signature of this part has no place in the Responses API'],
    ],
    [
      [message('assistant', { type: 'media', kind: 'image', source: { type: 'url', url } })],
      { input: [] },
      ['an assistant message cannot hold image content in the Responses API'],
    ],
    [
      [
        message(
          'user',
          { type: 'media', kind: 'video', source: { type: 'url', url } },
          { type: 'media', kind: 'audio', source: { type: 'url', url } },
          { type: 'media', kind: 'file', source: { type: 'text', text: 'q' } },
          { type: 'opaque', dialect: 'gemini', value: {} },
        ),
      ],
      { input: [q] },
      [
        'the Responses API takes no video',
        'audio must be inline base64 data in the Responses API',
        'only gemini understands this part',
      ],
    ],
    [
      [
        message('user', {
          type: 'media',
          kind: 'audio',
          source: { type: 'base64', mediaType: 'audio/x-wav', data: 'A' },
        }),
      ],
      { input: [user({ type: 'input_audio', input_audio: { data: 'A', format: 'wav' } })] },
      [],
    ],
    [
      [message('user', { type: 'media', kind: 'file', source: { type: 'url', url }, title: 'T' })],
      { input: [user({ type: 'input_file', filename: 'T', file_url: url })] },
      [],
    ],
    [
      [message('assistant', { type: 'reasoning', text: 't', summary: false, redacted: false })],
      { input: [] },
      ['reasoning of another provider cannot be continued by the Responses API'],
    ],
    [
      [
        message('assistant', {
          ...{ type: 'reasoning', text: 't', summary: true, redacted: false },
          signature: { origin: 'openai-responses', value: 'gAAAA' },
        }),
      ],
      { input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 't' }], encrypted_content: 'gAAAA' }] },
      [],
    ],
    [
      [
        message('assistant', { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '' }),
        message('user', { type: 'tool-result', callId: 'c', content: [], isError: true, kind: 'function' }),
      ],
      { input: [call('c'), output('c', '')] },
      ['the Responses API cannot mark a tool result as an error'],
    ],
    [
      [
        message('assistant', { type: 'tool-call', id: 'c', name: 'f', kind: 'custom', arguments: '' }),
        message('user', {
          ...{ type: 'tool-result', callId: 'c', isError: false, kind: 'custom' },
          content: [
            { type: 'opaque', dialect: 'gemini', value: {} },
            { type: 'text', text: 'a' },
          ],
        }),
      ],
      {
        input: [
          { type: 'custom_tool_call', call_id: 'c', name: 'f', input: '' },
          { type: 'custom_tool_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'a' }] },
        ],
      },
      ['only gemini understands this part'],
    ],
    [
      [
        message('assistant', {
          ...{ type: 'server-tool', tool: 'code-execution', phase: 'call', id: 'x', origin: 'gemini' },
          ...{ language: 'python', code: '1', value: { own: 1 } },
        }),
      ],
      { input: [said('[Code run:]\n```python\n1\n```')] },
      [],
    ],
  ])('%j', (messages, sent, lost) => {
    expect(send(...messages)).toStrictEqual({ sent, lost });
  });

  test('the id of a message goes to its first item', () => {
    const call: Part = { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{}' };
    const { sent } = send({ ...message('assistant', call, text('a'), call, text('b')), id: 'm1' });
    const messages = (sent as { input: JsonObject[] }).input.filter((item) => item['type'] === 'message');
    expect(messages.map((item) => item['id'])).toStrictEqual(['m1', undefined]);
  });
});
