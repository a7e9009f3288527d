import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SignatureScanner, scanSignatures } from './signature-scan.ts';

const scan = (text: string, ...members: string[]): string[] => [...scanSignatures(Buffer.from(text), members)];

test('reads the string values of the members, wherever they stand', () => {
  const body = { a: [{ signature: 'one', data: 'x' }], signature: 'two', other: 'signature' };
  expect(scan(JSON.stringify(body), 'signature')).toEqual(['one', 'two']);
  expect(scan(JSON.stringify(body), 'signature', 'data')).toEqual(['one', 'two', 'x']);
});

test('white space, escapes and empty values', () => {
  expect(scan('{"signature" : \n\t"a\\u003d\\/"}', 'signature')).toEqual(['a=/']);
  expect(scan('{"signature":"", "b": 1}', 'signature')).toEqual([]);
  expect(scan('{"signature":"a\\\\"}', 'signature')).toEqual(['a\\']);
  expect(scan('{"signature":"a\\qb"}', 'signature')).toEqual([]);
});

test('what is no string value is passed over', () => {
  expect(scan('{"signature":null,"x":"signature","y":["signature","z"]}', 'signature')).toEqual([]);
  expect(scan('{"signature":{"signature":"in"}}', 'signature')).toEqual(['in']);
  expect(scan('{"text":"\\"signature\\":\\"no\\""}', 'signature')).toEqual([]);
});

test('unfinished values are not reported from whole bytes', () => {
  expect(scan('{"signature":"abc', 'signature')).toEqual([]);
  expect(scan('{"signature":', 'signature')).toEqual([]);
  expect(scan('{"signature"', 'signature')).toEqual([]);
});

test('any cut of the bytes gives the same signatures', () => {
  const text = `{"signature":"${'s'.repeat(40)}","k":1,"data" : "d\\u003d","signature":"end"}`;
  const bytes = Buffer.from(text);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const found = new Set<string>();
      const scanner = new SignatureScanner(['signature', 'data'], (signature) => found.add(signature));
      const points = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (const [index, point] of points.entries()) scanner.push(bytes.subarray(points[index - 1] ?? 0, point));
      expect([...found].sort()).toEqual(['d=', 'end', 's'.repeat(40)]);
    }),
  );
});

test('long strings are read only when one of their length is wanted', () => {
  const long = 'x'.repeat(20_000);
  const body = Buffer.from(JSON.stringify([{ data: long }, { data: 'short' }]));
  expect([...scanSignatures(body, ['data'], () => false)]).toEqual(['short']);
  expect([...scanSignatures(body, ['data'], (length) => length === 20_000)]).toEqual([long, 'short']);
});

test('a string that never ends is not kept for ever', () => {
  const found: string[] = [];
  const scanner = new SignatureScanner(['signature'], (signature) => found.push(signature));
  scanner.push(Buffer.from('{"signature":"'));
  for (let count = 0; count < 6; count++) scanner.push(Buffer.alloc(1024 * 1024, 'a'));
  scanner.push(Buffer.from('","signature":"b"'));
  expect(found).toEqual(['b']);
});
