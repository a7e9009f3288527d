import { expect, it } from 'vitest';
import type { JsonObject, Part } from '../../ir/index.ts';
import { decodeFunctionResponse, encodeOutput } from './tool-result.ts';

const result = (content: Part[], isError = false) => ({ type: 'tool-result', content, isError, kind: 'function' });
const text = (words: string): Part => ({ type: 'text', text: words });

it.each<[JsonObject, object]>([
  [{}, result([])],
  [{ response: {} }, result([])],
  [{ response: { output: 'a' } }, result([text('a')])],
  [{ response: { result: 'a' } }, result([text('a')])],
  [{ response: { error: 'a' } }, result([text('a')], true)],
  [{ response: { error: null, a: 1 } }, result([text('{"error":null,"a":1}')])],
  [{ response: { later: 'a' } }, result([text('{"later":"a"}')])],
  [{ response: { output: 5 } }, result([text('{"output":5}')])],
  [{ response: { output: 'a', b: 1 } }, result([text('{"output":"a","b":1}')])],
  [{ response: { b: 1, output: 'a' } }, result([text('{"b":1,"output":"a"}')])],
  [{ response: { error: 'a', b: 1 } }, result([text('{"error":"a","b":1}')], true)],
  [{ response: { snake_case: 1 } }, result([text('{"snake_case":1}')])],
  [
    { name: 'f', response: { output: 'a' } },
    { ...result([text('a')]), name: 'f' },
  ],
  [{ name: '', response: { output: 'a' } }, result([text('a')])],
  [
    { response: { output: 'a' }, scheduling: 'SILENT', willContinue: true },
    {
      ...result([text('a')]),
      extensions: { gemini: { functionResponse: { willContinue: true, scheduling: 'SILENT' } } },
    },
  ],
  [
    { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }, { later: 1 }] },
    result([
      { type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
      { type: 'opaque', dialect: 'gemini', value: { later: 1 } },
    ]),
  ],
])('reads %j', (wire, expected) => expect(decodeFunctionResponse(wire)).toStrictEqual(expected));

it.each<[string, boolean, JsonObject]>([
  ['a', false, { output: 'a' }],
  ['a', true, { error: 'a' }],
  ['', false, { output: '' }],
  ['{"a":1}', false, { a: 1 }],
  ['{"a":1}', true, { error: '{"a":1}' }],
  ['{ "a": 1 }', false, { output: '{ "a": 1 }' }],
  ['{"error":"a","b":1}', true, { error: 'a', b: 1 }],
  ['{"error":"a","b":1}', false, { output: '{"error":"a","b":1}' }],
  ['{"output":"a"}', false, { output: '{"output":"a"}' }],
  ['{}', false, { output: '{}' }],
  ['[1]', false, { output: '[1]' }],
  ['null', false, { output: 'null' }],
])('writes %j (error: %s)', (words, isError, expected) => {
  expect(encodeOutput(words, isError)).toStrictEqual(expected);
});
