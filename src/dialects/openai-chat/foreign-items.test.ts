import { expect, test } from 'vitest';
import type { GenerationRequest, Message, OpaquePart } from '../../ir/index.ts';
import { openaiChat } from './index.ts';

const foreign: OpaquePart = { type: 'opaque', dialect: 'openai-responses', value: { type: 'later' } };
const own: OpaquePart = { type: 'opaque', dialect: 'openai-chat', value: { type: 'later' } };
const question: Message = { role: 'user', content: [{ type: 'text', text: 'q' }], path: 'input[0]' };
const reason = 'an item of openai-responses that Chat Completions does not know';

const encode = (...messages: Message[]): { messages: unknown; warnings: unknown } => {
  const request: GenerationRequest = { model: 'm', stream: false, messages, tools: [], sampling: {}, extensions: {} };
  const { value, warnings } = openaiChat.encodeRequest(request, { model: 'm', stream: false, quirks: {} });
  return { messages: value['messages'], warnings };
};

test.each(['system', 'developer', 'user', 'assistant'] as const)(
  'a message of the %s with nothing but items of another dialect is left out',
  (role) => {
    const content = [foreign, { ...foreign, carried: true } as const, foreign];
    expect(encode(question, { role, content, path: 'input[1]' })).toEqual({
      messages: [{ role: 'user', content: 'q' }],
      warnings: [
        { path: 'input[1].content[0]', reason },
        { path: 'input[1].content[2]', reason },
      ],
    });
  },
);

test('what else the message says is sent', () => {
  const content = [foreign, { type: 'text', text: 'hi' }] as const;
  expect(encode({ role: 'user', content, path: 'input[0]' })).toEqual({
    messages: [{ role: 'user', content: 'hi' }],
    warnings: [{ path: 'input[0].content[0]', reason }],
  });
  expect(encode({ role: 'user', content: [foreign, own], path: 'input[0]' })).toEqual({
    messages: [{ role: 'user', content: [{ type: 'later' }] }],
    warnings: [{ path: 'input[0].content[0]', reason }],
  });
});

test('a message that was empty before stays', () => {
  expect(encode({ role: 'user', content: [], path: 'messages[0]' }).messages).toEqual([{ role: 'user', content: '' }]);
});
