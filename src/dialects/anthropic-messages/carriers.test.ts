import { expect, it } from 'vitest';
import type { GenerationEvent, JsonObject, Part } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { openaiResponses } from '../openai-responses/index.ts';
import { anthropicMessages as codec } from './index.ts';

const carrier = (value: string): JsonObject => ({
  type: 'thinking',
  thinking: '',
  signature: `next:llmproxy.gemini.${value}`,
});
const text = (value: string, signed?: string): Part => ({
  type: 'text',
  text: value,
  ...(signed === undefined ? {} : { signature: { origin: 'gemini', value: signed } }),
});
const request = (...content: JsonObject[]) =>
  codec.decodeRequest({ model: 'm', messages: [{ role: 'assistant', content }] }, {});
const parts = (...content: JsonObject[]): readonly Part[] => request(...content).messages[0]?.content ?? [];

it('a carrier signs the text or call behind it and nothing else', () => {
  expect(parts(carrier('s'), { type: 'text', text: 'A' }, { type: 'text', text: 'B' })).toEqual([
    text('A', 's'),
    text('B'),
  ]);
});

it('a carrier with no block to sign keeps its signature in an empty text', () => {
  expect(parts(carrier('s'))).toEqual([text('', 's')]);
  expect(parts({ type: 'text', text: 'A' }, carrier('s'))).toEqual([text('A'), text('', 's')]);
  expect(parts(carrier('1'), carrier('2'), { type: 'text', text: 'A' })).toEqual([text('', '1'), text('A', '2')]);
  const thought = { type: 'thinking', thinking: 't', signature: 'own' };
  expect(parts(carrier('1'), thought, { type: 'text', text: 'A' })).toEqual([
    text('', '1'),
    {
      type: 'reasoning',
      text: 't',
      summary: false,
      redacted: false,
      signature: { origin: 'anthropic-messages', value: 'own' },
    },
    text('A'),
  ]);
});

it('an empty text that only holds a signature is sent to its maker alone', () => {
  const held = request({ type: 'text', text: 'A' }, carrier('s'));
  const target = { model: 'm', stream: false, quirks: {} };
  expect(openaiChat.encodeRequest(held, target).value['messages']).toEqual([{ role: 'assistant', content: 'A' }]);
  const { value, warnings } = openaiResponses.encodeRequest(held, target);
  expect(value['input']).toEqual([
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'A' }] },
  ]);
  expect(warnings.map(({ path }) => path)).toEqual(['messages[0].content[1]']);
  expect(codec.encodeRequest(held, target).value['messages']).toContainEqual({
    role: 'assistant',
    content: [{ type: 'text', text: 'A' }],
  });
});

/** The types of the blocks and deltas of a streamed text, in order. */
function streamed(...events: GenerationEvent[]): unknown[] {
  const context: ReplyContext = { model: 'm', request: request(), nowS: 0, newId: (prefix) => prefix, framing: 'sse' };
  const encoder = codec.createStreamEncoder(context);
  const written = events.map((event) => encoder.push(event)).join('');
  return [...written.matchAll(/^data: (.*)$/gm)].map(([, data = '']): unknown => JSON.parse(data));
}

it('the signature of a text is streamed only before the text', () => {
  const start: GenerationEvent = { type: 'text-start', block: 0, candidate: 0 };
  const sign: GenerationEvent = { type: 'block-signature', block: 0, signature: { origin: 'gemini', value: 's' } };
  const delta: GenerationEvent = { type: 'text-delta', block: 0, text: 'A' };
  const end: GenerationEvent = { type: 'block-end', block: 0 };
  const at = (index: number, type: string, fields: JsonObject): JsonObject => ({ type, index, ...fields });
  const textBlock = (index: number): JsonObject[] => [
    at(index, 'content_block_start', { content_block: { type: 'text', text: '', citations: [] } }),
    at(index, 'content_block_delta', { delta: { type: 'text_delta', text: 'A' } }),
    at(index, 'content_block_stop', {}),
  ];
  const thinkingBlock = [
    at(0, 'content_block_start', { content_block: { type: 'thinking', thinking: '', signature: '' } }),
    at(0, 'content_block_delta', { delta: { type: 'signature_delta', signature: 'next:llmproxy.gemini.s' } }),
    at(0, 'content_block_stop', {}),
  ];
  expect(streamed(start, sign, delta, end)).toEqual([...thinkingBlock, ...textBlock(1)]);
  expect(streamed(start, sign, end)).toEqual(thinkingBlock);
  expect(streamed(start, delta, sign, end)).toEqual(textBlock(0));
});
