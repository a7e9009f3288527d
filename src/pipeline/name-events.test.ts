import { expect, test } from 'vitest';
import { nameEvents, needsEventNames } from './name-events.ts';

test.each([
  ['data: {"type":"x"}\n\n', true],
  ['\r\ndata:{"type":"x"}\r\n\r\n', true],
  ['data: {"x":1}\n\n', false],
  ['event: x\ndata: {"type":"x"}\n\n', false],
  [': comment\n\n', false],
])('%j needs names: %s', (text, needs) => {
  expect(needsEventNames(Buffer.from(text))).toBe(needs);
});

test('events are named after their type; a name, other data and lines stay', () => {
  const text =
    ': comment\n\ndata: {"type":"a","n":\ndata: 1}\n\nevent: b\ndata: {"type":"c"}\n\ndata: [DONE]\n\ndata: {"type":5}\n\n';
  expect(nameEvents(Buffer.from(text)).toString()).toBe(
    'event: a\ndata: {"type":"a","n":\ndata: 1}\n\nevent: b\ndata: {"type":"c"}\n\ndata: [DONE]\n\ndata: {"type":5}\n\n',
  );
});
