/** Words and fields of the official SDK's types that other dialects must be told of. */
import { expect, it } from 'vitest';
import { gemini } from './index.ts';

const answer = (candidate: object) => ({
  responseId: 'r',
  modelVersion: 'm',
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hello world' }] }, ...candidate }],
});
const decode = (candidate: object) => gemini.decodeResponse(answer(candidate)).candidates[0];

it.each([
  ['CONTINUATION', 'length'],
  ['NO_IMAGE', 'other'],
  ['IMAGE_OTHER', 'other'],
  ['LANGUAGE', 'other'],
  ['OTHER', 'other'],
  ['FINISH_REASON_UNSPECIFIED', 'other'],
  ['A_LATER_ONE', 'other'],
  ['toString', 'other'],
])('%s means %s', (finishReason, expected) => {
  expect(decode({ finishReason })?.finishReason).toBe(expected);
});

it.each(['citationSources', 'citations'])('citationMetadata.%s are sources', (member) => {
  const citationMetadata = { [member]: [{ startIndex: 6, endIndex: 11, uri: 'https://example.com', title: 't' }] };
  expect(decode({ citationMetadata })?.content).toEqual([
    {
      type: 'text',
      text: 'Hello world',
      citations: {
        dialect: 'gemini',
        items: [{ citationMetadata }],
        sources: [{ url: 'https://example.com', title: 't', start: 6, end: 11 }],
      },
    },
  ]);
});

it.each([
  ['web', 'uri'],
  ['retrievedContext', 'uri'],
  ['maps', 'uri'],
  ['image', 'sourceUri'],
])('a chunk of %s is a source by its %s', (kind, member) => {
  const groundingMetadata = {
    groundingChunks: [{ [kind]: { [member]: 'https://example.com', title: 't' } }],
    groundingSupports: [{ segment: { endIndex: 5 }, groundingChunkIndices: [0] }],
  };
  const [text] = decode({ groundingMetadata })?.content ?? [];
  expect(text?.type === 'text' ? text.citations?.sources : undefined).toEqual([
    { url: 'https://example.com', title: 't', start: 0, end: 5 },
  ]);
});
