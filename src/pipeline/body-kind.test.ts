import { expect, test } from 'vitest';
import { bodyKind, isKeepAlive, withoutBom } from './body-kind.ts';

test.each([
  ['{"a":1}', 'json'],
  [' \r\n[1]', 'json'],
  ['\uFEFF{}', 'json'],
  ['<!doctype html>', 'html'],
  ['data: {}', 'other'],
  [': comment', 'other'],
  ['\uFEFFevent: x', 'other'],
  [' \n', undefined],
  ['', undefined],
] as const)('%j is %s', (text, kind) => {
  expect(bodyKind(Buffer.from(text))).toBe(kind);
});

test('a byte order mark is taken off, nothing else', () => {
  expect(withoutBom(Buffer.from('\uFEFFdata')).toString()).toBe('data');
  expect(withoutBom(Buffer.from('data')).toString()).toBe('data');
  expect(withoutBom(Buffer.from([0xef, 0xbb]))).toEqual(Buffer.from([0xef, 0xbb]));
  // The bytes before came on their own.
  expect(withoutBom(Buffer.from('\xbfdata', 'latin1')).toString()).toBe('data');
});

test.each([
  [': keep-alive\n\n', true],
  ['event: ping\ndata: {"type": "ping"}\n\n', true],
  ['\n\n', true],
  ['data: {"text":"pong"}\n\n', false],
  [`data: {"text":"${'ping '.repeat(20)}"}\n\n`, false],
])('%j keeps the connection open only: %s', (text, only) => {
  expect(isKeepAlive(Buffer.from(text))).toBe(only);
});
