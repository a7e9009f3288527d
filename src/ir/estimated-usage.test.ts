import { expect, test } from 'vitest';
import { countCharacters, toldUsage } from './estimated-usage.ts';
import type { Part } from './part.ts';
import type { GenerationRequest } from './request.ts';
import { emptyUsage } from './usage.ts';

const content: Part[] = [{ type: 'text', text: '12345' }];
const request: GenerationRequest = {
  model: 'm',
  stream: false,
  messages: [{ role: 'user', content, path: 'messages[0]' }],
  tools: [],
  sampling: {},
  extensions: {},
};

test('usage that was told stands; an estimate takes the place of zeros', () => {
  const known = { ...emptyUsage, outputTokens: 1 };
  expect(toldUsage(known, request, 99)).toBe(known);
  expect(toldUsage(emptyUsage, request, 9)).toEqual({ ...emptyUsage, inputTokens: 2, outputTokens: 3 });
});

test('texts, reasoning and arguments are what an answer counts', () => {
  expect(
    countCharacters([
      { type: 'text', text: '12' },
      { type: 'reasoning', text: '345', summary: false, redacted: false },
      { type: 'tool-call', id: 'c', name: 'long', kind: 'function', arguments: '{}' },
      { type: 'opaque', dialect: 'gemini', value: {} },
    ]),
  ).toBe(7);
});
