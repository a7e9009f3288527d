import { expect, test } from 'vitest';
import { JsonGap } from './json-gap.ts';

/** Where in a JSON text white space may stand, told for every cut. */
function gaps(text: string): string {
  const gap = new JsonGap();
  return [...Buffer.from(text)]
    .map((byte) => {
      gap.push(Buffer.of(byte));
      return gap.open ? '^' : '.';
    })
    .join('');
}

test('inside strings, numbers and words there is no room', () => {
  expect(gaps('[{"a":"b\\"c\\\\","n":-1.5e+3,"t":true},')).toBe('^^..^^.......^^..^^.......^..^^....^^');
});

test('whole pieces say the same as single bytes', () => {
  const gap = new JsonGap();
  expect(gap.open).toBe(true);
  gap.push(Buffer.from('[{"text":"half a \\'));
  expect(gap.open).toBe(false);
  gap.push(Buffer.from('" string"'));
  expect(gap.open).toBe(true);
  gap.push(Buffer.alloc(0));
  expect(gap.open).toBe(true);
});
