import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, Part } from '../../ir/index.ts';
import { decodeRequest } from './decode-request.ts';

const DIALECT = 'anthropic-messages';

function partsOf(...content: JsonObject[]): readonly Part[] {
  return decodeRequest({ model: 'm', messages: [{ role: 'user', content }] }, {}).messages[0]?.content ?? [];
}

const resultOf = (content: JsonValue) => partsOf({ type: 'tool_result', tool_use_id: 't', content });

test('the object that a tool returned may stand for its text', () => {
  const read = (text: string) => [
    { type: 'tool-result', callId: 't', content: [{ type: 'text', text }], isError: false, kind: 'function' },
  ];
  expect(resultOf({ a: 1 })).toStrictEqual(read('{"a":1}'));
  expect(resultOf('{"a":1}')).toStrictEqual(read('{"a":1}'));
  expect(() => resultOf(1)).toThrow('messages[0].content[0].content');
});

describe('blocks', () => {
  const result = { type: 'tool-result', callId: 't', content: [], isError: false, kind: 'function' };
  const mark = { cache_control: { type: 'ephemeral' } };
  const call = { type: 'tool-call', id: 'i', name: 'n', kind: 'function', arguments: '{}' };
  test.each<[JsonObject, object]>([
    [
      { type: 'text', text: '' },
      { type: 'text', text: '' },
    ],
    [
      { type: 'text', text: 'a', citations: null, ...mark },
      { type: 'text', text: 'a', cacheControl: {} },
    ],
    [
      { type: 'text', text: 'a', cache_control: { ttl: '2h' } },
      { type: 'text', text: 'a', cacheControl: {} },
    ],
    [
      { type: 'text', text: 'a', cache_control: 'x', citations: [{ title: 't' }] },
      { type: 'text', text: 'a', citations: { dialect: DIALECT, items: [{ title: 't' }], sources: [{ title: 't' }] } },
    ],
    [
      { type: 'tool_use', id: 'i', name: 'n', input: { a: [1] } },
      { ...call, arguments: '{"a":[1]}' },
    ],
    [{ type: 'tool_use', id: 'i', name: 'n' }, call],
    [
      { type: 'tool_use', id: 'llmproxy_ZmM6MQ', name: 'n', ...mark },
      { ...call, id: 'fc:1', cacheControl: {} },
    ],
    [{ type: 'tool_result', tool_use_id: 't' }, result],
    [{ type: 'tool_result', tool_use_id: 't', content: null, is_error: false }, result],
    [{ type: 'tool_result', tool_use_id: 't', content: '' }, result],
    [
      { type: 'tool_result', tool_use_id: 'llmproxy_ZmM6MQ', is_error: true, cache_control: { ttl: '1h' } },
      { ...result, callId: 'fc:1', isError: true, cacheControl: { ttl: '1h' } },
    ],
    [
      {
        type: 'tool_result',
        tool_use_id: 't',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: { type: 'url', url: 'u' } },
          { type: 'search_result', title: 's' },
          { type: 'tool_use', id: 'i', name: 'n', input: {} },
        ],
      },
      {
        ...result,
        content: [
          { type: 'text', text: 'a' },
          { type: 'media', kind: 'image', source: { type: 'url', url: 'u' } },
          { type: 'opaque', dialect: DIALECT, value: { type: 'search_result', title: 's' } },
          { type: 'opaque', dialect: DIALECT, value: { type: 'tool_use', id: 'i', name: 'n', input: {} } },
        ],
      },
    ],
    [
      { type: 'text', text: 'a', signature: 'next:llmproxy.gemini.s' },
      { type: 'text', text: 'a' },
    ],
  ])('%j', (block, part) => expect(partsOf(block)).toStrictEqual([part]));
});

describe('media', () => {
  const media = (kind: string, source: object, more: object = {}) => ({ type: 'media', kind, source, ...more });
  const url = { type: 'url', url: 'u' };
  test.each<[JsonObject, object]>([
    [{ type: 'image', source: url }, media('image', url)],
    [{ type: 'document', source: url }, media('file', url)],
    [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
      media('image', { type: 'base64', mediaType: 'image/png', data: 'AA==' }),
    ],
    [
      { type: 'document', source: { type: 'base64', data: 'AA==' } },
      media('file', { type: 'base64', mediaType: 'application/octet-stream', data: 'AA==' }),
    ],
    [{ type: 'document', source: { type: 'file', file_id: 'f' } }, media('file', { type: 'file-id', id: 'f' })],
    [
      { type: 'document', source: { type: 'text', data: 'd', media_type: 'text/plain' } },
      media('file', { type: 'text', text: 'd', mediaType: 'text/plain' }),
    ],
    [{ type: 'document', source: { type: 'text', data: 'd' } }, media('file', { type: 'text', text: 'd' })],
    [
      { type: 'document', source: { type: 'text', data: 'd', media_type: '' } },
      media('file', { type: 'text', text: 'd' }),
    ],
    [
      { type: 'document', source: url, title: '', context: 'c', cache_control: { type: 'ephemeral', ttl: '1h' } },
      media('file', url, { title: '', cacheControl: { ttl: '1h' }, extensions: { [DIALECT]: { context: 'c' } } }),
    ],
    [
      { type: 'document', source: { type: 'content', content: [] }, title: 't' },
      {
        type: 'opaque',
        dialect: DIALECT,
        value: { type: 'document', source: { type: 'content', content: [] }, title: 't' },
      },
    ],
  ])('%j', (block, part) => expect(partsOf(block)).toStrictEqual([part]));
});

describe('reasoning', () => {
  const own = (value: string) => ({ origin: DIALECT, value });
  const reasoning = { type: 'reasoning', text: '', summary: false, redacted: false };
  test.each<[JsonObject, object]>([
    [
      { type: 'thinking', thinking: 'r', signature: 's' },
      { ...reasoning, text: 'r', signature: own('s') },
    ],
    [
      { type: 'thinking', thinking: 'r', signature: '' },
      { ...reasoning, text: 'r' },
    ],
    [
      { type: 'thinking', thinking: 'r' },
      { ...reasoning, text: 'r' },
    ],
    [
      { type: 'thinking', signature: 's' },
      { ...reasoning, signature: own('s') },
    ],
    [
      { type: 'thinking', thinking: 'r', signature: 'llmproxy.gemini.g' },
      { ...reasoning, text: 'r', summary: true, signature: { origin: 'gemini', value: 'g' } },
    ],
    [
      { type: 'redacted_thinking', data: 'd' },
      { ...reasoning, redacted: true, signature: own('d') },
    ],
    [
      { type: 'redacted_thinking', data: 'llmproxy.gemini.g' },
      { ...reasoning, summary: true, redacted: true, signature: { origin: 'gemini', value: 'g' } },
    ],
  ])('%j', (block, part) => expect(partsOf(block)).toStrictEqual([part]));
});
