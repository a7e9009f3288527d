import { describe, expect, it } from 'vitest';
import type { Citation, JsonObject } from '../../ir/index.ts';
import { TextMeasure } from '../../ir/text-measure.ts';
import { decodeCitations, encodeCitations, encodeSegment, findSources, placeSource } from './citations.ts';

it('each source field of a candidate is a citation', () => {
  const candidate = {
    content: {},
    citationMetadata: { b: 2 },
    groundingMetadata: { a: 1 },
    urlContextMetadata: { c: 3 },
  };
  expect(decodeCitations(candidate)).toStrictEqual([
    { groundingMetadata: { a: 1 } },
    { citationMetadata: { b: 2 } },
    { urlContextMetadata: { c: 3 } },
  ]);
  expect(decodeCitations({ groundingMetadata: {}, citationMetadata: 'x', urlContextMetadata: null })).toEqual([]);
});

it('and they are a candidate’s fields again, for Gemini alone', () => {
  const items = [{ groundingMetadata: { a: 1 } }, 'xyz', { citationMetadata: { b: 2 } }];
  expect(encodeCitations('gemini', items)).toStrictEqual({ groundingMetadata: { a: 1 }, citationMetadata: { b: 2 } });
  expect(encodeCitations('openai-chat', items)).toStrictEqual({});
});

describe('sources', () => {
  const sources = (citation: JsonObject, before = ''): Citation[] => {
    const cited = { measure: new TextMeasure(`${before}Zwölf Äpfel`), start: before.length, length: 11 };
    return findSources(citation).map((found) => placeSource(found, cited));
  };
  const grounded = (chunks: JsonObject[], indices: unknown, segment?: JsonObject): JsonObject =>
    JSON.parse(
      JSON.stringify({
        groundingMetadata: {
          groundingChunks: chunks,
          groundingSupports: [{ segment, groundingChunkIndices: indices }],
        },
      }),
    );
  const a = { web: { uri: 'https://a.test', title: 'A' } };
  const all = { start: 0, end: 11 };

  it('are the pages that a support names', () => {
    const bare = { web: { uri: 'https://b.test' } };
    expect(sources(grounded([a, bare, { web: { title: 'C' } }], [2, 0, 1]))).toStrictEqual([
      { title: 'C', ...all },
      { url: 'https://a.test', title: 'A', ...all },
      { url: 'https://b.test', ...all },
    ]);
    expect(sources(grounded([a, { web: {} }, { later: {} }], [1, 2, 3, 'x']))).toEqual([]);
    expect(sources(grounded([a], 0))).toEqual([]);
    expect(sources(grounded([a], undefined))).toEqual([]);
  });

  it.each<[JsonObject, string, number, number]>([
    [{ startIndex: 1, endIndex: 4 }, '', 1, 3],
    [{ endIndex: 6 }, '', 0, 5],
    [{ startIndex: 7 }, '', 6, 11],
    [{ startIndex: 3, endIndex: 6 }, 'ö.', 0, 3],
    [{ startIndex: 0, endIndex: 2 }, 'ö.', 0, 0],
    [{ startIndex: 50, endIndex: 99 }, '', 11, 11],
  ])('%j after %j is from %i to %i', (segment, before, start, end) => {
    expect(sources(grounded([a], [0], segment), before)).toEqual([{ url: 'https://a.test', title: 'A', start, end }]);
  });

  it('are those that the model recited', () => {
    const citationSources = [{ uri: 'https://a.test', startIndex: 0, endIndex: 4 }, { title: 'no page' }];
    expect(sources({ citationMetadata: { citationSources } })).toStrictEqual([
      { url: 'https://a.test', start: 0, end: 3 },
    ]);
    expect(sources({ citationMetadata: {} })).toEqual([]);
    expect(sources({})).toEqual([]);
  });
});

it.each<[Citation, number, object]>([
  [{}, 0, { endIndex: 7, text: 'zwölf!' }],
  [{}, 5, { startIndex: 5, endIndex: 12, text: 'zwölf!' }],
  [{ start: 2, end: 4 }, 0, { startIndex: 2, endIndex: 5, text: 'öl' }],
  [{ start: 3 }, 10, { startIndex: 14, endIndex: 17, text: 'lf!' }],
])('%j, %i bytes on, is the segment %j', (source, offset, expected) => {
  expect(encodeSegment(source, { text: 'zwölf!', measure: new TextMeasure('zwölf!') }, offset)).toStrictEqual(expected);
});
