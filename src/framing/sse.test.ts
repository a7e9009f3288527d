import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SseFrame, SseParser } from './sse.ts';

function parse(chunks: readonly Buffer[]): SseFrame[] {
  const parser = new SseParser();
  return [...chunks.flatMap((chunk) => [...parser.push(chunk)]), ...parser.end()];
}

const text = (value: string): SseFrame[] => parse([Buffer.from(value)]);

describe('the specification', () => {
  test.each([
    ['event and data', 'event: a\ndata: 1\n\n', [{ event: 'a', data: '1' }]],
    ['CRLF', 'event: a\r\ndata: 1\r\n\r\n', [{ event: 'a', data: '1' }]],
    ['CR', 'event: a\rdata: 1\r\r', [{ event: 'a', data: '1' }]],
    ['a BOM', '\uFEFFdata: 1\n\n', [{ event: undefined, data: '1' }]],
    ['several data lines', 'data: 1\ndata: 2\n\n', [{ event: undefined, data: '1\n2' }]],
    ['one space only is dropped', 'data:  1\n\n', [{ event: undefined, data: ' 1' }]],
    ['no space', 'data:1\n\n', [{ event: undefined, data: '1' }]],
    ['comments and other fields', ': hi\nid: 7\nretry: 1\ndata: 1\n\n', [{ event: undefined, data: '1' }]],
    ['fields that only begin alike', 'database: 1\neventual: 2\ndata: 3\n\n', [{ event: undefined, data: '3' }]],
    ['no data, no event', 'event: a\n\ndata: 1\n\n', [{ event: undefined, data: '1' }]],
    [
      'a last event without its blank line',
      'data: 1\n\ndata: 2',
      [1, 2].map((n) => ({ event: undefined, data: `${n}` })),
    ],
    ['an empty stream', '', []],
  ])('%s', (_, stream, frames) => expect(text(stream)).toEqual(frames));
});

test('any cut of the bytes gives the same frames', () => {
  const line = fc.constantFrom('data: {"a":"é 你 🙂"}', 'data:', 'event: x', ': c', 'data: [DONE]', '', '');
  const end = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, end), { maxLength: 12 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      (lines, cuts) => {
        const bytes = Buffer.from(lines.map(([content, ending]) => content + ending).join(''));
        const at = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
        const chunks = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
        expect(parse(chunks)).toEqual(parse([bytes]));
      },
    ),
    { numRuns: 500 },
  );
});
