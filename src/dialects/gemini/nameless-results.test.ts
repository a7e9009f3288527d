import { expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { gemini } from './index.ts';

const call = (name: string): JsonObject => ({ role: 'model', parts: [{ functionCall: { name, args: {} } }] });
const result = (...names: (string | undefined)[]): JsonObject => ({
  role: 'user',
  parts: names.map((name, index) => ({
    functionResponse: { ...(name === undefined ? {} : { name }), response: { output: `${index}` } },
  })),
});
const results = (...contents: JsonObject[]): unknown[] =>
  gemini
    .decodeRequest({ contents }, { model: 'm' })
    .messages.flatMap(({ content }) => content)
    .filter((part) => part.type === 'tool-result')
    .map((part) => [part.callId, part.name, part.content]);
const text = (value: string): JsonObject[] => [{ type: 'text', text: value }];

it('a response without a name answers the oldest open call of the latest turn', () => {
  const both: JsonObject = { role: 'model', parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'g' } }] };
  expect(results(both, result('', undefined))).toEqual([
    ['call_f_0', undefined, text('0')],
    ['call_g_1', undefined, text('1')],
  ]);
  expect(results(call('f'), result(''), call('f'), result(''))).toEqual([
    ['call_f_0', undefined, text('0')],
    ['call_f_1', undefined, text('0')],
  ]);
});

it('a call that was answered by name is not answered again without one', () => {
  const both: JsonObject = { role: 'model', parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'g' } }] };
  expect(results(both, result('f', ''))).toEqual([
    ['call_f_0', 'f', text('0')],
    ['call_g_1', undefined, text('1')],
  ]);
});

it('a response with the name of no call answers none', () => {
  expect(results(call('f'), result('other'))).toEqual([['call_other_1', 'other', text('0')]]);
});
