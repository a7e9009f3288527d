import { expect, it } from 'vitest';
import type { GenerationRequest, Part, ReasoningPart } from '../../ir/index.ts';
import { encodeRequest } from './encode-request.ts';

const reasoning: ReasoningPart = { type: 'reasoning', text: 'r', summary: false, redacted: false };
const own = { origin: 'anthropic-messages', value: 'S' };
const text: Part = { type: 'text', text: 'ok' };

function encode(part: Part, unsignedReasoning?: boolean) {
  const messages: GenerationRequest['messages'] = [
    { role: 'user', content: [{ type: 'text', text: 'hi' }], path: 'messages[0]' },
    { role: 'assistant', content: [part, text], path: 'messages[1]' },
  ];
  const request = { model: 'm', stream: false, messages, tools: [], sampling: {}, extensions: {} };
  const target = {
    model: 'm',
    stream: false,
    quirks: {},
    ...(unsignedReasoning !== undefined && { unsignedReasoning }),
  };
  const { value, warnings } = encodeRequest(request, target);
  return { turn: value['messages'], dropped: warnings.map(({ path }) => path) };
}

const answered = (...blocks: object[]) => [
  { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  { role: 'assistant', content: [...blocks, text] },
];

it.each([
  ['none', reasoning, { type: 'thinking', thinking: 'r', signature: '' }],
  ['its own', { ...reasoning, signature: own }, { type: 'thinking', thinking: 'r', signature: 'S' }],
  [
    'a foreign one',
    { ...reasoning, signature: { origin: 'gemini', value: 'G' } },
    { type: 'thinking', thinking: 'r', signature: '' },
  ],
  ['none, nor text', { ...reasoning, text: '' }, { type: 'thinking', thinking: '', signature: '' }],
  ['its own, withheld', { ...reasoning, redacted: true, signature: own }, { type: 'redacted_thinking', data: 'S' }],
])('a model that takes unsigned thinking back: %s', (_case, part, block) => {
  expect(encode(part, true)).toEqual({ turn: answered(block), dropped: [] });
});

it('what was withheld and is not its own means nothing to it', () => {
  const part = { ...reasoning, redacted: true, signature: { origin: 'gemini', value: 'G' } };
  expect(encode(part, true)).toEqual({ turn: answered(), dropped: ['messages[1].content[0]'] });
});

it.each([false, undefined])('any other model (%s) gets signed thinking only', (unsigned) => {
  expect(encode(reasoning, unsigned)).toEqual({ turn: answered(), dropped: ['messages[1].content[0]'] });
  const signed = { type: 'thinking', thinking: 'r', signature: 'S' };
  expect(encode({ ...reasoning, signature: own }, unsigned)).toEqual({ turn: answered(signed), dropped: [] });
});
