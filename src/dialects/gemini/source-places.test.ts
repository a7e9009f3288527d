import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import type { DecodedPart } from './decode-part.ts';
import { sourcesByPart } from './source-places.ts';

const text = (value: string): DecodedPart => ({ type: 'text', text: value });
const thought: DecodedPart = { type: 'reasoning', text: 'hm', summary: true, redacted: false };

/** One page for each stretch of bytes, `https://N.test`. */
function grounded(...segments: (readonly [number | undefined, number | undefined])[]): JsonObject {
  return {
    groundingMetadata: {
      groundingChunks: segments.map((_, index) => ({ web: { uri: `https://${index}.test` } })),
      groundingSupports: segments.map(([startIndex, endIndex], index) => ({
        segment: { startIndex, endIndex },
        groundingChunkIndices: [index],
      })),
    },
  };
}

const places = (parts: readonly DecodedPart[], item: JsonObject) =>
  [...sourcesByPart(parts, [item])].map(([part, sources]) => [
    part,
    sources.map(({ url, start, end }) => [url?.slice(8, 9), start, end]),
  ]);

describe('a source goes to the texts of which it supports something', () => {
  const parts = [text('äb'), thought, text(''), text('cdef'), text('gh')];

  it('one, several, and to the end of all', () => {
    expect(places(parts, grounded([0, 2], [2, 4], [4, undefined]))).toEqual([
      [
        0,
        [
          ['0', 0, 1],
          ['1', 1, 2],
        ],
      ],
      [
        3,
        [
          ['1', 0, 1],
          ['2', 1, 4],
        ],
      ],
      [4, [['2', 0, 2]]],
    ]);
  });

  it('from the beginning where none is said', () => {
    expect(places(parts, grounded([undefined, 1]))).toEqual([[0, [['0', 0, 1]]]]);
  });

  it('the last has those that support nothing', () => {
    expect(places(parts, grounded([50, 60], [5, 5], [6, 2]))).toEqual([
      [
        4,
        [
          ['0', 2, 2],
          ['1', 0, 0],
          ['2', 0, 0],
        ],
      ],
    ]);
  });
});

it('without a text there is no place', () => {
  expect(places([thought], grounded([0, 2]))).toEqual([]);
});

it('thousands of sources of thousands of texts each: in the end each has one place', () => {
  const parts = Array.from({ length: 5000 }, () => text('a'));
  const found = places(parts, grounded(...Array.from({ length: 10 }, () => [0, undefined] as const)));
  expect(found[0]?.[1]).toHaveLength(4);
  expect(found[4999]?.[1]).toHaveLength(10);
});
