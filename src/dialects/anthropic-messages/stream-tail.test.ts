import { describe, expect, it } from 'vitest';
import { emptyUsage } from '../../ir/index.ts';
import { answerBegins, readResponseUsage, readStreamTail } from './stream-tail.ts';

describe('the end of a stream', () => {
  const head = 'data: {"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}\n\n';
  const last = 'data: {"type":"message_delta","usage":{"output_tokens":7}}\n\n';
  const usage = { ...emptyUsage, inputTokens: 3, outputTokens: 7 };

  it.each([
    ['event: message_stop\n', true],
    ['event:message_stop\r\n', true],
    ['data: x\nevent: message_stop  \n', true],
    ['data: {"type":"message_stop"}\n', true],
    ['data: {"type" : "message_stop"}\n', true],
    ['data: {"type":\n"message_stop"}\n', true],
    ['event:  message_stop\n', false],
    ['event: message_stopped\n', false],
    ['data: event: message_stop\n', false],
    ['data: {"text":"{\\"type\\":\\"message_stop\\"}"}\n', false],
    ['', false],
  ])('%j: %s', (tail, complete) => expect(readStreamTail('', tail)).toStrictEqual({ complete }));

  it.each([
    [head, last, usage],
    [head, '', { ...usage, outputTokens: 1 }],
    ['', last, { ...emptyUsage, outputTokens: 7 }],
    [head, 'data: {"usage":{"output_tokens":5}}\n\ndata: {"usage":{"output_tokens":7}}', usage],
  ])('usage of %j and %j', (first, tail, expected) => {
    expect(readStreamTail(first, tail)).toStrictEqual({ complete: false, usage: expected });
  });
});

describe('the usage of a whole answer', () => {
  it.each([
    ['{"usage":{"input_tokens":1,"output_tokens":2}}', { ...emptyUsage, inputTokens: 1, outputTokens: 2 }],
    ['{"usage":{"output_tokens":2},"input":{"usage":{"a":1}}}', { ...emptyUsage, outputTokens: 2 }],
    ['ed":1,"usage":{"output_tokens":2}}', { ...emptyUsage, outputTokens: 2 }],
    ['{"usage":{"output_tokens":"2"}}', undefined],
    ['{}', undefined],
  ])('%j', (text, expected) => expect(readResponseUsage(text)).toEqual(expected));
});

it.each([
  ['event: content_block_delta', true],
  ['event: message_delta', true],
  ['event: message_stop', true],
  ['{"type":"tool_use"', true],
  ['{"type" : "server_tool_use"', true],
  ['{"type":"web_search_tool_result"', true],
  ['event: message_start', false],
  ['event: content_block_start\ndata: {"content_block":{"type":"text"}}', false],
  ['{"type":"thinking"', false],
  ['event: ping', false],
  ['{"type":"my tool_use"', false],
  ['{"name":"tool_use"', false],
])('%j begins an answer: %s', (text, begins) => expect(answerBegins.test(text)).toBe(begins));
