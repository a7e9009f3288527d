import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { gemini } from './index.ts';

const page = { uri: 'https://example.com/a', title: 'A' };
const grounded = (parts: readonly JsonObject[], ...segments: readonly JsonObject[]): JsonObject => ({
  candidates: [
    {
      content: { role: 'model', parts },
      finishReason: 'STOP',
      groundingMetadata: {
        groundingChunks: [{ web: page }],
        groundingSupports: segments.map((segment) => ({ segment, groundingChunkIndices: [0] })),
      },
    },
  ],
});
const code = { executableCode: { language: 'PYTHON', code: '1' } };
const call = { functionCall: { name: 'f', args: {} } };

/** The stretches of every text part that the page supports, and whether the part has the metadata. */
function cited(body: JsonObject) {
  const parts = gemini.decodeResponse(body).candidates[0]?.content ?? [];
  return parts.flatMap((part) => {
    if (part.type !== 'text') return [];
    const { sources, items = [] } = part.citations ?? {};
    return [[part.text, sources?.map(({ start, end }) => [start, end]), items.length]];
  });
}

describe('a citation is of the text that it is about', () => {
  it('before a call', () => {
    expect(cited(grounded([{ text: 'Ümit won.' }, call], { endIndex: 5 }))).toEqual([['Ümit won.', [[0, 4]], 1]]);
  });

  it('before and after a tool of the provider', () => {
    const body = grounded([{ text: 'One.' }, code, { text: 'Two.' }], { endIndex: 3 }, { startIndex: 4, endIndex: 7 });
    expect(cited(body)).toEqual([
      ['One.', [[0, 3]], 0],
      ['Two.', [[0, 3]], 1],
    ]);
  });

  it('across two texts', () => {
    expect(cited(grounded([{ text: 'One.' }, code, { text: 'Two.' }], { startIndex: 2, endIndex: 6 }))).toEqual([
      ['One.', [[2, 4]], 0],
      ['Two.', [[0, 2]], 1],
    ]);
  });

  it('or of the last, when it is about none', () => {
    expect(cited(grounded([{ text: 'One.' }, code, { text: 'Two.' }], { startIndex: 90, endIndex: 99 }))).toEqual([
      ['One.', undefined, 0],
      ['Two.', [[4, 4]], 1],
    ]);
  });

  it('or of an empty one, when there is none', () => {
    expect(cited(grounded([call], { endIndex: 3 }))).toEqual([['', [[0, 0]], 1]]);
  });
});
