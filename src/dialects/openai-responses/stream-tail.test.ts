import { expect, test } from 'vitest';
import { answerBegins, readStreamTail } from './stream-tail.ts';

const completed = 'event: response.completed\ndata: {"type":"response.completed","response":{}}';

test.each([
  [`${completed}\n\n`, true],
  [`${completed}\r\n\r\n`, true],
  [`${completed}\n\n: comment\n\n`, true],
  [`${completed}\n\ndata: [DONE]\n\n`, true],
  [`${completed}\n\ndata:  [DONE] \n\n`, true],
  [`${completed}\n\nevent: done\ndata: [DONE]\n\n`, true],
  [`${completed}\n\nevent:done \r\ndata:\r\n\r\n`, true],
  [`${completed}\n\nevent: done and more`, false],
  [completed.slice(0, -2), false],
  ['event: response.completed\n', false],
  [`${completed}\n\ndata: {"type":"resp`, false],
  ['data: {"type":"response.created"}\n\n', false],
  ['', false],
])('%j is complete: %s', (tail, complete) => {
  expect(readStreamTail('', tail)).toEqual({ complete });
});

test.each([
  ['response.created', false],
  ['response.in_progress', false],
  ['response.queued', false],
  ['response.output_item.added', false],
  ['response.content_part.added', false],
  ['response.reasoning_summary_part.added', false],
  ['codex.rate_limits', false],
  ['response.output_text.delta', true],
  ['response.output_item.done', true],
  ['response.completed', true],
])('%s begins the answer: %s', (type, begins) => {
  expect(answerBegins.test(`event: ${type}\ndata: {"type":"${type}","x":1}\n\n`)).toBe(begins);
});
