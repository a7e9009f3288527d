import { describe, expect, test } from 'vitest';
import { rewriteBodyModel, rewriteEventModels } from './model-rewrite.ts';

const rewrite = (text: string): string => rewriteEventModels(Buffer.from(text), 'new').toString();

describe('a streamed event', () => {
  test.each([
    ['Chat', 'data: {"id":"1","model":"old","choices":[]}\n\n', 'data: {"id":"1","model":"new","choices":[]}\n\n'],
    [
      'Responses',
      'event: response.created\ndata: {"type":"response.created","response":{"model": "old","tools":[{"model":"x"}]}}\n\n',
      'event: response.created\ndata: {"type":"response.created","response":{"model": "new","tools":[{"model":"x"}]}}\n\n',
    ],
    ['Messages', 'data:{"message":{"id":"m","model":"old"}}\n\n', 'data:{"message":{"id":"m","model":"new"}}\n\n'],
    [
      'Gemini, after the arguments of a call',
      'data: {"candidates":[{"args":{"model":"x"}}],"modelVersion":"old"}\n\n',
      'data: {"candidates":[{"args":{"model":"x"}}],"modelVersion":"new"}\n\n',
    ],
    [
      'several events, CRLF',
      'data: {"model":"old"}\r\n\r\ndata: {"model":"old"}\r\n\r\ndata: [DONE]\r\n\r\n',
      'data: {"model":"new"}\r\n\r\ndata: {"model":"new"}\r\n\r\ndata: [DONE]\r\n\r\n',
    ],
    ['lone carriage returns', 'data: {"model":"old"}\r\rdata: {}\r\r', 'data: {"model":"new"}\r\rdata: {}\r\r'],
    ['data in several lines', 'data: {\ndata: "model":\ndata: "old"}\n\n', 'data: {\ndata: "model":\ndata: "new"}\n\n'],
  ])('%s', (_, before, after) => {
    expect(rewrite(before)).toBe(after);
  });

  test.each([
    ['a tool that takes a model', 'data: {"content_block":{"type":"tool_use","input":{"model":"x"}}}\n\n'],
    ['text about one', 'data: {"delta":{"text":"\\"model\\":\\"x\\""}}\n\n'],
    ['a model that is no text', 'data: {"model":{"name":"x"}}\n\n'],
    ['no JSON', 'data: "model": "x"\n\n'],
    ['a comment', ': "model":"x"\n\n'],
    ['a response that is text', 'data: {"response":"{\\"model\\":1}","x":"\\"model"}\n\n'],
  ])('stays as it is: %s', (_, event) => {
    expect(rewrite(event)).toBe(event);
  });

  test('is not even decoded when it names no model', () => {
    const bytes = Buffer.from('data: {"choices":[]}\n\n');
    expect(rewriteEventModels(bytes, 'new')).toBe(bytes);
  });
});

describe('a whole answer', () => {
  test.each([
    ['{ "a": 1, "model" : "old", "tools":[{"model":"x"}] }', '{ "a": 1, "model" : "new", "tools":[{"model":"x"}] }'],
    ['{"modelVersion":"old"}', '{"modelVersion":"new"}'],
    ['{"model":null,"modelVersion":"old"}', '{"model":null,"modelVersion":"new"}'],
    ['{"output":[{"model":"x"}]}', '{"output":[{"model":"x"}]}'],
    ['[{"model":"x"}]', '[{"model":"x"}]'],
  ])('%s', (before, after) => {
    expect(rewriteBodyModel(Buffer.from(before), 'new').toString()).toBe(after);
  });
});
