import { expect, test } from 'vitest';
import { SignatureIndex } from './signature-index.ts';

test('knows what it saw', () => {
  const index = new SignatureIndex();
  index.add('aaa', 'one');
  index.add('bbb', 'two');
  expect([index.makerOf('aaa'), index.makerOf('bbb'), index.makerOf('ccc'), index.makerOf('aaaa')]).toEqual([
    'one',
    'two',
    undefined,
    undefined,
  ]);
});

test('the oldest go first when it is full; seen again is young again', () => {
  const index = new SignatureIndex(2);
  index.add('a', 'm');
  index.add('b', 'm');
  index.add('a', 'n');
  index.add('c', 'm');
  expect(index.size).toBe(2);
  expect([index.makerOf('a'), index.makerOf('b'), index.makerOf('c')]).toEqual(['n', undefined, 'm']);
});
