import { expect, test } from 'vitest';
import { emptyUsage, type GenerationRequest, type Part } from '../../ir/index.ts';
import { startUsage } from './estimated-input.ts';

const request = (...content: Part[]): GenerationRequest => ({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content, path: 'messages[0]' }],
  tools: [],
  sampling: {},
  extensions: {},
});
const input = (...content: Part[]): number => startUsage(undefined, request(...content)).inputTokens;
const text = (value: string): Part => ({ type: 'text', text: value });

test('what the provider says at the start stands', () => {
  const known = { ...emptyUsage, cachedReadTokens: 9 };
  expect(startUsage(known, request(text('hello')))).toBe(known);
});

test('a quarter of the bytes of what the model reads', () => {
  expect(startUsage(undefined, request(text('12345678')))).toEqual({ ...emptyUsage, inputTokens: 2 });
  expect(startUsage({ ...emptyUsage, outputTokens: 1 }, request(text('12345678')))).toEqual({
    ...emptyUsage,
    inputTokens: 2,
    outputTokens: 1,
  });
  expect(input(text('1234'), text('5'))).toBe(2);
  expect(input(text('漢字漢字'))).toBe(3);
  expect(input({ type: 'reasoning', text: '12345678', summary: false, redacted: false })).toBe(2);
  expect(input({ type: 'tool-call', id: '1', name: '1234', kind: 'function', arguments: '5678' })).toBe(2);
  const content = [{ type: 'text', text: '12345678' }] as const;
  expect(input({ type: 'tool-result', callId: '1', kind: 'function', isError: false, content })).toBe(2);
  expect(input()).toBe(0);
});

test('tools count, images do not', () => {
  const tools = [{ type: 'function', name: 'f', path: 't' }] as const;
  const expected = Math.ceil(JSON.stringify(tools).length / 4);
  expect(startUsage(undefined, { ...request(), tools }).inputTokens).toBe(expected);
  const data = 'A'.repeat(4000);
  expect(input({ type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data } })).toBe(0);
});
