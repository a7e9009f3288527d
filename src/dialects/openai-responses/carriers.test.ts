import { expect, it } from 'vitest';
import { type GenerationEvent, isJsonObject, type JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiResponses } from './index.ts';

const sign = (block: number, value: string): GenerationEvent => ({
  type: 'block-signature',
  block,
  signature: { origin: 'gemini', value },
});
const signedText = (block: number, text: string): GenerationEvent[] => [
  { type: 'text-start', block, candidate: 0 },
  { type: 'text-delta', block, text },
  sign(block, `of ${text}`),
  { type: 'block-end', block },
];
const signedCall = (block: number, id: string): GenerationEvent[] => [
  { type: 'tool-call-start', block, candidate: 0, id, name: 'f', kind: 'function' },
  { type: 'tool-call-delta', block, arguments: '{}' },
  sign(block, `of ${id}`),
  { type: 'block-end', block },
];
const answer = [...signedText(0, 'A'), ...signedText(1, 'B'), ...signedCall(2, 'c')];

const context: ReplyContext = {
  model: 'm',
  request: openaiResponses.decodeRequest({ model: 'm', input: 'x' }, {}),
  nowS: 7,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};

/** The frames of a streamed answer. */
function frames(events: readonly GenerationEvent[]): { readonly event: string; readonly data: string }[] {
  const encoder = openaiResponses.createStreamEncoder(context);
  const text = [
    { type: 'response-start', id: 'r', model: 'm' } as const,
    ...events,
    { type: 'candidate-end', candidate: 0, finishReason: 'stop' } as const,
    {
      type: 'response-end',
      usage: { inputTokens: 1, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 },
    } as const,
  ].map((event) => encoder.push(event));
  return [...text.join('').matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data,
  }));
}

/** The items as a client has them that keeps each when it is done, as Codex does. */
function doneItems(events: readonly GenerationEvent[]): JsonObject[] {
  return frames(events)
    .filter(({ event }) => event === 'response.output_item.done')
    .map(({ data }): unknown => JSON.parse(data))
    .flatMap((data) => (isJsonObject(data) && isJsonObject(data['item']) ? [data['item']] : []));
}

it('a carrier is done after the item whose signature it holds', () => {
  expect(doneItems(answer).map((item) => item['encrypted_content'] ?? item['type'])).toStrictEqual([
    'message',
    'llmproxy.gemini.text:of A',
    'message',
    'llmproxy.gemini.text:of B',
    'function_call',
    'llmproxy.gemini.call:1:cof c',
  ]);
});

it('the items of a stream, given back in the order in which they were done, sign what was signed', () => {
  const { messages } = openaiResponses.decodeRequest({ model: 'm', input: doneItems(answer) }, {});
  expect(messages.flatMap(({ content }) => content)).toStrictEqual([
    { type: 'text', text: 'A', signature: { origin: 'gemini', value: 'of A' } },
    { type: 'text', text: 'B', signature: { origin: 'gemini', value: 'of B' } },
    {
      type: 'tool-call',
      id: 'c',
      name: 'f',
      kind: 'function',
      arguments: '{}',
      signature: { origin: 'gemini', value: 'of c' },
    },
  ]);
});

it('a reader of the stream gets each signature before its block ends', () => {
  const decoder = openaiResponses.createStreamDecoder();
  const events = frames(answer).flatMap((frame) => [...decoder.push(frame)]);
  const blocks = events.filter(({ type }) => type !== 'response-start' && type !== 'response-end');
  expect(blocks).toStrictEqual([...answer, { type: 'candidate-end', candidate: 0, finishReason: 'tool-calls' }]);
});

it('the carrier of a call finds it behind its output, and never signs another', () => {
  const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
  const carrier = { type: 'reasoning', summary: [], encrypted_content: 'llmproxy.gemini.call:1:as' };
  const output = { type: 'function_call_output', call_id: 'a', output: 'o' };
  const parts = (...input: JsonObject[]) =>
    openaiResponses.decodeRequest({ model: 'm', input }, {}).messages.flatMap(({ content }) => content);
  expect(parts(call('a'), output, carrier)[0]).toHaveProperty('signature', { origin: 'gemini', value: 's' });
  expect(parts(call('b'), carrier)).toStrictEqual(parts(call('b')));
});

it('the carrier of a text signs nothing that the user said', () => {
  const user = { role: 'user', content: 'q' };
  const carrier = { type: 'reasoning', summary: [], encrypted_content: 'llmproxy.gemini.text:s' };
  const signature = { origin: 'gemini', value: 's' };
  const said = (...input: JsonObject[]) =>
    openaiResponses.decodeRequest({ model: 'm', input }, {}).messages.map(({ role, content }) => [role, content]);
  const question = ['user', [{ type: 'text', text: 'q' }]];
  const signedNothing = ['assistant', [{ type: 'text', text: '', signature }]];
  expect(said(user, carrier)).toStrictEqual([question, signedNothing]);
  expect(said({ role: 'assistant', content: 'A' }, user, carrier)).toStrictEqual([
    ['assistant', [{ type: 'text', text: 'A' }]],
    question,
    signedNothing,
  ]);
  expect(said(user, { role: 'assistant', content: 'A' }, carrier)).toStrictEqual([
    question,
    ['assistant', [{ type: 'text', text: 'A', signature }]],
  ]);
});
