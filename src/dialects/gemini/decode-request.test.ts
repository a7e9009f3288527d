import { expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { decodeRequest } from './decode-request.ts';

const user = { parts: [{ text: 'a' }] };
const messages = [{ role: 'user', content: [{ type: 'text', text: 'a' }], path: 'contents[0]' }];

it('a bare request says nothing but its messages', () => {
  expect(decodeRequest({ contents: [user] }, { model: 'm' })).toStrictEqual({
    model: 'm',
    stream: false,
    messages,
    tools: [],
    sampling: {},
    extensions: {},
  });
});

it('a full one says all', () => {
  const body = {
    contents: [user],
    system_instruction: 'S',
    tools: [{ googleSearch: {} }],
    toolConfig: { functionCallingConfig: { mode: 'ANY' }, retrievalConfig: { a: 1 } },
    generationConfig: {
      topK: 1,
      responseMimeType: 'application/json',
      responseModalities: ['TEXT'],
      thinkingConfig: { thinkingBudget: 5 },
      speechConfig: { b: 2 },
    },
    serviceTier: 'flex',
    safetySettings: [],
  };
  expect(decodeRequest(body, { model: 'm', stream: true })).toStrictEqual({
    model: 'm',
    stream: true,
    messages: [{ role: 'system', content: [{ type: 'text', text: 'S' }], path: 'systemInstruction' }, ...messages],
    tools: [{ type: 'built-in', name: 'web-search', path: 'tools[0].googleSearch' }],
    toolChoice: { type: 'required' },
    output: { type: 'json-object' },
    reasoning: { budgetTokens: 5, summary: 'none' },
    sampling: { topK: 1 },
    serviceTier: 'flex',
    modalities: ['text'],
    extensions: {
      gemini: {
        safetySettings: [],
        generationConfig: { speechConfig: { b: 2 } },
        toolConfig: { retrievalConfig: { a: 1 } },
      },
    },
  });
});

it.each([
  ['models/m', 'm'],
  ['m', 'm'],
  ['tunedModels/m', 'tunedModels/m'],
  ['x/models/m', 'x/models/m'],
])('the model %s is %s, in the URL or in the body', (name, model) => {
  expect(decodeRequest({ contents: [] }, { model: name }).model).toBe(model);
  expect(decodeRequest({ contents: [], model: name }, {}).model).toBe(model);
});

it.each<[JsonObject, string]>([
  [{}, 'contents'],
  [{ contents: {} }, 'contents'],
  [{ contents: [], model: 5 }, 'model'],
  [{ contents: [], model: '' }, 'model'],
  [{ contents: [] }, 'model'],
  [{ contents: [], generationConfig: [] }, 'generationConfig'],
  [{ contents: [], tool_config: [] }, 'tool_config'],
  [{ contents: [], serviceTier: 5 }, 'serviceTier'],
  [{ contents: [], tools: {} }, 'tools'],
])('%j is refused at %s', (body, path) => {
  const context = path === 'model' ? {} : { model: 'm' };
  expect(() => decodeRequest(body, context)).toThrow(
    expect.objectContaining({ code: 'invalid_request', path, message: expect.stringMatching(`^${path}: .+`) }),
  );
});

it('says that a model is required', () => {
  expect(() => decodeRequest({ contents: [] }, {})).toThrow('model: is required');
});
