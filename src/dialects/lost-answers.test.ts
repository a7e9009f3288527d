/** What a client's dialect cannot hold of an answer is named, in a stream exactly as in a whole answer. */
import { describe, expect, test } from 'vitest';
import {
  emptyUsage,
  type GenerationRequest,
  type GenerationResponse,
  type MediaPart,
  type Part,
  type TextPart,
} from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { ClientCodec, ReplyContext } from './codec.ts';
import { clientCodecs } from './index.ts';

const request: GenerationRequest = {
  model: 'm',
  stream: true,
  messages: [],
  tools: [],
  sampling: {},
  extensions: {},
};
const context: ReplyContext = { model: 'm', request, nowS: 1, newId: (prefix) => `${prefix}1`, framing: 'sse' };
const cited = (dialect: string): TextPart => ({
  type: 'text',
  text: 'cited',
  citations: { dialect, items: [{ somewhere: 1 }] },
});
const medium = (kind: MediaPart['kind']): MediaPart => ({
  type: 'media',
  kind,
  source: { type: 'base64', mediaType: 'video/mp4', data: 'AAAA' },
});
const foreign: Part[] = [
  { type: 'text', text: 'kept' },
  cited('elsewhere'),
  { type: 'opaque', dialect: 'elsewhere', value: { type: 'novel' } },
  { type: 'reasoning', text: 'hm', summary: false, redacted: false },
  medium('video'),
  medium('image'),
  { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{}' },
];

function answer(...contents: readonly Part[][]): GenerationResponse {
  const candidates = contents.map((content) => ({ content, finishReason: 'stop' as const }));
  return { id: 'r', model: 'm', candidates, usage: emptyUsage, extensions: {} };
}

function losses(codec: ClientCodec, response: GenerationResponse): { whole: string[]; stream: string[] } {
  const list = (warnings: readonly { path: string; reason: string }[]): string[] =>
    [...new Set(warnings.map((warning) => warning.path))].sort();
  const encoder = codec.createStreamEncoder(context);
  for (const event of replayResponse(response)) encoder.push(event);
  return {
    whole: list(codec.encodeResponse(response, context).warnings),
    stream: list(encoder.warnings?.() ?? []),
  };
}

const expected = {
  chat: ['choices[0].message', 'choices[0].message.annotations'],
  completions: [
    'choices[0].content[2]',
    'choices[0].content[3]',
    'choices[0].content[4]',
    'choices[0].content[5]',
    'choices[0].content[6]',
  ],
  responses: ['candidates[0].content[1].citations', 'candidates[0].content[2]', 'candidates[0].content[4]'],
  messages: [
    'candidates[0].content[1].citations',
    'candidates[0].content[2]',
    'candidates[0].content[4]',
    'candidates[0].content[5]',
  ],
  gemini: ['candidates[0].content[1].citations', 'candidates[0].content[2]'],
} as const;

describe.for(['chat', 'completions', 'responses', 'messages', 'gemini'] as const)('%s client', (name) => {
  const codec = clientCodecs[name];

  test('names what it loses of a foreign answer', () => {
    const { whole, stream } = losses(codec, answer(foreign));
    expect(whole).toEqual(expected[name]);
    expect(stream).toEqual(whole);
  });

  test('loses nothing of plain text', () => {
    expect(losses(codec, answer([{ type: 'text', text: 'plain' }]))).toEqual({ whole: [], stream: [] });
  });

  test('says when there is no place for a second answer', () => {
    const { whole, stream } = losses(codec, answer([{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]));
    expect(whole).toEqual(name === 'responses' || name === 'messages' ? ['candidates'] : []);
    expect(stream).toEqual(whole);
  });
});
