import { describe, expect, test } from 'vitest';
import type { GenerationRequest, JsonObject, Message } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const HEAD = 'Message Type: NEW_TASK\nTask name: /root/worker\nSender: /root\nPayload:\n';
const head = { type: 'input_text', text: HEAD };
const agent = (content: unknown): JsonObject => ({
  type: 'agent_message',
  author: '/root',
  recipient: '/root/worker',
  content: content as JsonObject,
});
const sealed = { type: 'encrypted_content', encrypted_content: 'gAAAAABoQ-x_y0==' };
const question = { type: 'message', role: 'user', content: 'q' };

const decode = (...input: JsonObject[]): GenerationRequest => openaiResponses.decodeRequest({ model: 'm', input }, {});
const messages = (...input: JsonObject[]): readonly Message[] => decode(...input).messages;
const encode = (request: GenerationRequest): JsonObject['input'] =>
  openaiResponses.encodeRequest(request, { model: 'm', stream: false, quirks: {} }).value['input'];

const text = (value: string) => ({ type: 'text', text: value }) as const;

describe('what an agent tells another', () => {
  test.each([
    ['plain text', [head, { type: 'input_text', text: 'Do it.' }], [text(HEAD), text('Do it.')]],
    ['a string', 'Do it.', [text('Do it.')]],
    [
      'text of a model that has nothing to seal it with',
      [head, { type: 'encrypted_content', encrypted_content: 'Do it: gAAAA==' }],
      [text(HEAD), text('Do it: gAAAA==')],
    ],
    [
      'text that begins like a seal',
      [{ type: 'encrypted_content', encrypted_content: 'gAAAAx and more' }],
      [text('gAAAAx and more')],
    ],
    [
      'sealed text',
      [head, sealed],
      [text(HEAD), { type: 'opaque', dialect: 'openai-responses', value: { $part: sealed } }],
    ],
    [
      'a seal that is no text',
      [head, { type: 'encrypted_content', encrypted_content: 7 }],
      [
        text(HEAD),
        {
          type: 'opaque',
          dialect: 'openai-responses',
          value: { $part: { type: 'encrypted_content', encrypted_content: 7 } },
        },
      ],
    ],
    [
      'an image',
      [{ type: 'input_image', image_url: 'https://images.test/a.png' }],
      [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://images.test/a.png' } }],
    ],
  ])('%s is what the user says', (_, content, expected) => {
    const item = agent(content);
    expect(messages(question, item)).toStrictEqual([
      { role: 'user', content: [text('q')], path: 'input[0]' },
      { role: 'user', content: expected, path: 'input[1]' },
    ]);
    expect(encode(decode(item))).toStrictEqual([item]);
  });

  test.each([[[]], [null], [undefined]])('nothing (%j) is for this dialect alone', (content) => {
    const item = agent(content);
    const opaque = { type: 'opaque', dialect: 'openai-responses', value: item };
    expect(messages(item)).toStrictEqual([{ role: 'user', content: [opaque], path: 'input[0]' }]);
    expect(encode(decode(item))).toStrictEqual([item]);
  });

  test.each([
    [7, 'input[0].content: must be a string or an array of content parts'],
    [[7], 'input[0].content[0]: must be an object'],
    [[{ type: 'input_text' }], 'input[0].content[0].text: is required and must be a string'],
    [[{}], 'input[0].content[0].type: is required and must be a string'],
  ])('content %j is refused', (content, message) => {
    expect(() => messages(agent(content))).toThrowError(message);
  });

  test('it stands apart from what comes before and after', () => {
    const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };
    const input = [output, agent('a'), agent('b'), output, question];
    const roles = messages(...input).map(({ role, path }) => `${role} ${path}`);
    expect(roles).toStrictEqual(['user input[0]', 'user input[1]', 'user input[2]', 'user input[3]', 'user input[4]']);
    expect(encode(decode(...input))).toStrictEqual([
      ...input.slice(0, 4),
      { ...question, content: [{ type: 'input_text', text: 'q' }] },
    ]);
  });

  test('text that a hook changed goes as a message', () => {
    const request = decode(agent([head, { type: 'input_text', text: 'secret' }]));
    const content = [text(HEAD), text('***')];
    const changed = { ...request, messages: request.messages.map((message) => ({ ...message, content })) };
    expect(encode(changed)).toStrictEqual([
      { type: 'message', role: 'user', content: [head, { type: 'input_text', text: '***' }] },
    ]);
  });
});

test.each([
  ['additional_tools', 'developer'],
  ['configuration_update', 'developer'],
  ['compaction_trigger', 'developer'],
  ['local_shell_call_output', 'user'],
  ['mcp_approval_response', 'user'],
  ['mcp_call', 'assistant'],
  ['compaction', 'assistant'],
  ['item_reference', 'assistant'],
])('%s is said by the %s', (type, role) => {
  const item = { type, id: 'x' };
  expect(messages(item)).toStrictEqual([
    { role, content: [{ type: 'opaque', dialect: 'openai-responses', value: item }], path: 'input[0]' },
  ]);
  expect(encode(decode(item))).toStrictEqual([item]);
});
