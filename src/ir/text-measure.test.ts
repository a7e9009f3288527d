import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextMeasure } from './text-measure.ts';

const text = 'aö€😀\ud800z';
const starts = { units: [0, 1, 2, 3, 5, 6], bytes: [0, 1, 3, 6, 10, 13] };

describe('a text of characters of every size', () => {
  const measure = new TextMeasure(text);

  test('is as long as its characters and their bytes', () => {
    expect([measure.points, measure.bytes]).toEqual([6, 14]);
    expect(measure.bytes).toBe(Buffer.byteLength(text));
  });

  test('has each character at its place', () => {
    expect([0, 1, 2, 3, 4, 5].map((point) => measure.unitAt(point))).toEqual(starts.units);
    expect([0, 1, 2, 3, 4, 5].map((point) => measure.byteAt(point))).toEqual(starts.bytes);
    expect([6, 99, Number.POSITIVE_INFINITY].map((point) => measure.unitAt(point))).toEqual([7, 7, 7]);
    expect([6, 99].map((point) => measure.byteAt(point))).toEqual([14, 14]);
    expect([-1, 1.7].map((point) => measure.unitAt(point))).toEqual([0, 1]);
  });

  test('finds the character of a place', () => {
    expect(starts.bytes.map((byte) => measure.pointAtByte(byte))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(starts.units.map((unit) => measure.pointAtUnit(unit))).toEqual([0, 1, 2, 3, 4, 5]);
    // In the middle of one: those that have begun.
    expect([2, 4, 5, 7, 14, 99, -3].map((byte) => measure.pointAtByte(byte))).toEqual([2, 3, 3, 4, 6, 6, 0]);
  });
});

test('of ASCII alone all places are the same', () => {
  const measure = new TextMeasure('abc');
  expect([measure.points, measure.bytes]).toEqual([3, 3]);
  for (const find of ['unitAt', 'byteAt', 'pointAtByte', 'pointAtUnit'] as const) {
    expect([-1, 0, 2, 3, 9].map((place) => measure[find](place))).toEqual([0, 0, 2, 3, 3]);
  }
  expect([measure.unitAt(1.5), measure.pointAtByte(1.5)]).toEqual([1, 2]);
});

test('a text that came in pieces is as one that came at once', () => {
  const pieces = fc.array(fc.constantFrom('a', 'ö', '€', '😀', '\ud800', '\udc00'), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.nat(15), (list, place) => {
      // Cut anywhere, also in the middle of a character.
      const whole = list.join('');
      const cut = place % (whole.length + 1);
      const grown = new TextMeasure(whole.slice(0, cut));
      grown.append(whole.slice(cut));
      const points = [...whole];
      expect([grown.points, grown.bytes]).toEqual([points.length, Buffer.byteLength(whole)]);
      const before = points.slice(0, place).join('');
      expect([grown.unitAt(place), grown.byteAt(place)]).toEqual([before.length, Buffer.byteLength(before)]);
      expect(grown.pointAtUnit(before.length)).toBe(Math.min(place, points.length));
      expect(grown.pointAtByte(Buffer.byteLength(before))).toBe(Math.min(place, points.length));
    }),
    { seed: 7 },
  );
});
