import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ThinkingTags } from './thinking-tags.ts';

/** What an answer is taken for, neighbours joined. */
function read(...deltas: readonly string[]): string[] {
  const tags = new ThinkingTags();
  const pieces = [...deltas.flatMap((delta) => [...tags.push(delta)]), ...tags.end()];
  const joined: { type: string; text: string }[] = [];
  for (const { type, text } of pieces) {
    const last = joined.at(-1);
    if (last?.type === type) last.text += text;
    else joined.push({ type, text });
  }
  return joined.map(({ type, text }) => `${type}: ${text}`);
}

it.each<[string, readonly string[]]>([
  ['', []],
  ['plain', ['text: plain']],
  ['<thinking>a</thinking>b', ['reasoning: a', 'text: b']],
  [' \n<thinking>a</thinking>\n\n b', ['reasoning: a', 'text: b']],
  ['<thinking></thinking>b', ['text: b']],
  ['<thinking>a', ['reasoning: a']],
  ['<thinking>a</thinking', ['reasoning: a</thinking']],
  ['<thinking>a < b</thinking>c', ['reasoning: a < b', 'text: c']],
  ['<thinking>a</thinking>', ['reasoning: a']],
  ['<thinking>a</thinking>b<thinking>c</thinking>', ['reasoning: a', 'text: b<thinking>c</thinking>']],
  ['<thinker>', ['text: <thinker>']],
  ['  x', ['text:   x']],
  ['  ', ['text:   ']],
  ['b<thinking>', ['text: b<thinking>']],
])('%j, however it is cut', (text, expected) => {
  expect(read(text)).toEqual(expected);
  expect(read(...text)).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(read(...places.slice(1).map((end, index) => text.slice(places[index], end)))).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

it('passes deltas on as soon as they can be told', () => {
  const tags = new ThinkingTags();
  expect(tags.push('a')).toEqual([{ type: 'text', text: 'a' }]);
  expect(tags.push('b')).toEqual([{ type: 'text', text: 'b' }]);
  expect(tags.push('')).toEqual([]);
  const thinking = new ThinkingTags();
  expect(thinking.push('<thinking>a')).toEqual([{ type: 'reasoning', text: 'a' }]);
  expect(thinking.push('b</')).toEqual([{ type: 'reasoning', text: 'b' }]);
  expect(thinking.push('c')).toEqual([{ type: 'reasoning', text: '</c' }]);
});
