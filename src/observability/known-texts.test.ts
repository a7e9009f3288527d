import { expect, test } from 'vitest';
import { createKnownTexts, type KnownTexts, SHORTEST } from './known-texts.ts';

function knowing(...texts: readonly string[]): KnownTexts {
  const known = createKnownTexts();
  for (const text of texts) known.add(text);
  return known;
}

test.each<[string, string[], string, string]>([
  ['alone', ['abcdefgh'], 'abcdefgh', '*'],
  ['between others', ['abcdefgh'], 'xabcdefghy', 'x*y'],
  ['twice in a row', ['abcdefgh'], 'abcdefghabcdefgh', '**'],
  ['one that ends another', ['abcdefgh', '0123abcdefgh'], 'x0123abcdefghy abcdefgh', 'x*y *'],
  ['one that begins another', ['abcdefgh', 'abcdefgh0123'], 'abcdefgh0123 abcdefgh', '* *'],
  ['one inside of another', ['abcdefgh', '01abcdefgh23'], '01abcdefgh23', '*'],
  ['overlapping', ['abcdefgh', 'efgh0123'], '-abcdefgh0123-', '-*-'],
  ['several in one', ['abcdefgh', 'ijklmnop', '-abcdefgh-ijklmnop-!'], '-abcdefgh-ijklmnop-!', '*'],
  ['the same end', ['1-abcdefgh', '2-abcdefgh'], '1-abcdefgh 2-abcdefgh 3-abcdefgh', '* * 3-abcdefgh'],
  ['no ASCII', ['schlüßel-ü😀'], 'x schlüßel-ü😀 y', 'x * y'],
  ['not a part of one', ['abcdefgh0'], 'abcdefgh', 'abcdefgh'],
  ['nothing', [], 'abcdefgh', 'abcdefgh'],
  ['empty', ['abcdefgh'], '', ''],
])('%s', (_name, texts, text, masked) => {
  expect(knowing(...texts).mask(text, '*')).toBe(masked);
});

test('texts that are too short are not found', () => {
  const short = 'x'.repeat(SHORTEST - 1);
  expect(knowing(short, '', '\0').mask(`${short} \0`, '*')).toBe(`${short} \0`);
});

test('what was dropped is found no more; what ends alike still is', () => {
  const known = knowing('1-abcdefgh', '22-abcdefgh', '33-abcdefgh', '33-abcdefgh');
  known.delete('22-abcdefgh');
  known.delete('never there');
  expect(known.mask('1-abcdefgh 22-abcdefgh 33-abcdefgh', '*')).toBe('* 22-abcdefgh *');
  known.delete('33-abcdefgh');
  known.delete('1-abcdefgh');
  expect(known.mask('1-abcdefgh 22-abcdefgh 33-abcdefgh', '*')).toBe('1-abcdefgh 22-abcdefgh 33-abcdefgh');
});

test('finds what searching for each of thousands finds', () => {
  const texts = Array.from({ length: 5000 }, (_, index) => `sk-fake-key-${index * 7919}-end`);
  const known = knowing(...texts);
  const line = texts.filter((_, index) => index % 500 === 3).join(' and sk-fake-key-1 ');
  expect(known.mask(line, '*')).toBe(Array(10).fill('*').join(' and sk-fake-key-1 '));
});
