import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { kimiChat, kimiMessages } from './kimi.ts';

const context = {
  operation: 'generate',
  model: 'm',
  stream: false,
  parameters: {},
  session: undefined,
  headers: {},
  newUuid: () => 'uuid-1',
} as const;

const chat = (body: JsonObject) => kimiChat.wrap?.(body, context);
const messages = (list: readonly JsonObject[], more: JsonObject = {}) =>
  chat({ messages: list, ...more })?.['messages'];
const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
const call = (more: JsonObject): JsonObject => ({ role: 'assistant', content: null, tool_calls: calls, ...more });

it.each([
  ['kimi-k2.5', 'k2.5'],
  ['k3', 'k3'],
  ['kimi-k3[1m]', 'k3'],
  ['kimi-k2.7-code', 'kimi-for-coding'],
  ['k2.7-code-highspeed', 'kimi-for-coding-highspeed'],
  ['kimi-for-coding', 'kimi-for-coding'],
  ['kimi-for-coding-highspeed[1M]', 'kimi-for-coding-highspeed'],
])('calls %s by its own name', (asked, own) => {
  expect(kimiMessages.wrap?.({ model: asked, max_tokens: 1 }, context)).toEqual({ model: own, max_tokens: 1 });
  expect(chat({ model: asked })).toEqual({ model: own });
});

describe('calls of tools', () => {
  it('keep their reasoning', () => {
    expect(messages([call({ reasoning_content: 'because' })])).toEqual([call({ reasoning_content: 'because' })]);
  });

  it('get the last reasoning that there was, else their text, else a word', () => {
    const user = { role: 'user', content: 'hi' };
    expect(messages([call({ reasoning_content: 'first' }), user, call({ content: 'text' })])).toEqual([
      call({ reasoning_content: 'first' }),
      user,
      call({ content: 'text', reasoning_content: 'first' }),
    ]);
    expect(messages([call({ content: ' text ' })])).toEqual([call({ content: ' text ', reasoning_content: 'text' })]);
    const parts = [{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }];
    expect(messages([call({ content: parts })])).toEqual([call({ content: parts, reasoning_content: 'a\nb' })]);
    expect(messages([call({ reasoning_content: ' ' })])).toEqual([
      call({ reasoning_content: '[reasoning unavailable]' }),
    ]);
  });

  it('need none while the model does not reason', () => {
    expect(messages([call({})], { thinking: { type: 'disabled' } })).toEqual([call({})]);
    expect(messages([call({})], { thinking: { type: 'enabled' } })).not.toEqual([call({})]);
  });
});

it('leaves empty answers out, and nothing else', () => {
  const kept: JsonObject[] = [
    { role: 'user', content: '' },
    { role: 'assistant', content: 'a' },
    { role: 'assistant', content: [{ type: 'text', text: 'a' }] },
    { role: 'assistant', content: '', reasoning_content: 'r' },
    { role: 'assistant', content: null, refusal: 'no' },
    { role: 'tool', content: '', tool_call_id: 'c' },
  ];
  const empty: JsonObject[] = [
    { role: 'assistant', content: '' },
    { role: 'assistant', content: [] },
    { role: 'assistant', content: null, tool_calls: [] },
  ];
  expect(messages([...empty, ...kept])).toEqual(kept);
});
