/** Usage, finish reasons, media types, paths and the ends of streams. */
import { describe, expect, test } from 'vitest';
import { emptyUsage, type FinishReason, type JsonObject, type JsonValue, type Usage } from '../../ir/index.ts';
import { clientPath } from './client-path.ts';
import { decodeFinishReason, encodeFinishReason } from './finish-reason.ts';
import { answerBegins, readResponseUsage, readStreamTail } from './stream-tail.ts';
import { decodeToolError, encodeToolError } from './tool-error.ts';
import { decodeUsage, encodeUsage } from './usage.ts';
import {
  audioFormat,
  audioMediaType,
  defined,
  fileMediaType,
  omit,
  readThoughtSignature,
  thoughtSignature,
} from './wire.ts';

describe('usage', () => {
  const prompt = (prompt_tokens_details: JsonValue, prompt_tokens = 10): JsonObject => ({
    prompt_tokens,
    prompt_tokens_details,
  });
  const completion = (completion_tokens: number, reasoning_tokens: JsonValue, total_tokens: number): JsonObject => ({
    completion_tokens,
    total_tokens,
    completion_tokens_details: { reasoning_tokens },
  });

  test.each<[JsonObject, Partial<Usage>]>([
    [{}, {}],
    [{ prompt_tokens: '5', completion_tokens: null }, {}],
    [{ prompt_tokens: -5, completion_tokens: -1 }, {}],
    [
      { prompt_tokens: 5, completion_tokens: 6 },
      { inputTokens: 5, outputTokens: 6 },
    ],
    [prompt({ cached_tokens: 4 }), { inputTokens: 6, cachedReadTokens: 4 }],
    [prompt({ cached_tokens: 0 }), { inputTokens: 10 }],
    [prompt(5), { inputTokens: 10 }],
    [
      { prompt_tokens: 10, prompt_cache_hit_tokens: 3 },
      { inputTokens: 7, cachedReadTokens: 3 },
    ],
    [
      { prompt_tokens: 10, cached_tokens: 2 },
      { inputTokens: 8, cachedReadTokens: 2 },
    ],
    [
      { ...prompt({ cached_tokens: 4 }), prompt_cache_hit_tokens: 3, cached_tokens: 2 },
      { inputTokens: 6, cachedReadTokens: 4 },
    ],
    [
      { prompt_tokens: 10, prompt_cache_hit_tokens: 3, cached_tokens: 2 },
      { inputTokens: 7, cachedReadTokens: 3 },
    ],
    [prompt({ cache_write_tokens: 4 }), { inputTokens: 6, cacheWriteTokens: 4 }],
    [prompt({ cache_creation_tokens: 3 }), { inputTokens: 7, cacheWriteTokens: 3 }],
    [prompt({ cached_creation_tokens: 2 }), { inputTokens: 8, cacheWriteTokens: 2 }],
    [
      prompt({ cache_write_tokens: 1, cache_creation_tokens: 3, cached_creation_tokens: 2 }),
      { inputTokens: 9, cacheWriteTokens: 1 },
    ],
    [prompt({ cache_creation_tokens: 3, cached_creation_tokens: 2 }), { inputTokens: 7, cacheWriteTokens: 3 }],
    [prompt({ cached_tokens: 4, cache_write_tokens: 3 }), { inputTokens: 3, cachedReadTokens: 4, cacheWriteTokens: 3 }],
    [prompt({ cached_tokens: 40 }), { inputTokens: 0, cachedReadTokens: 40 }],
    [completion(5, 2, 5), { outputTokens: 5, reasoningTokens: 2 }],
    [completion(5, 2, 7), { outputTokens: 7, reasoningTokens: 2 }],
    [
      { ...completion(5, 2, 17), prompt_tokens: 10 },
      { inputTokens: 10, outputTokens: 7, reasoningTokens: 2 },
    ],
    [
      { ...completion(5, 2, 15), prompt_tokens: 10 },
      { inputTokens: 10, outputTokens: 5, reasoningTokens: 2 },
    ],
    [completion(5, 'x', 5), { outputTokens: 5 }],
  ])('%j', (wire, usage) => {
    expect(decodeUsage(wire)).toStrictEqual({ ...emptyUsage, ...usage });
  });

  test('is written as OpenAI does', () => {
    const usage = { inputTokens: 1, cachedReadTokens: 2, cacheWriteTokens: 4, outputTokens: 8, reasoningTokens: 3 };
    expect(encodeUsage(usage)).toStrictEqual({
      prompt_tokens: 7,
      completion_tokens: 8,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
    expect(encodeUsage(emptyUsage)).toStrictEqual({
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
  });
});

describe('finish reasons', () => {
  const nothing = { hasCall: false, cutShort: false, refused: false };
  test.each<[JsonValue | undefined, FinishReason]>([
    [undefined, 'stop'],
    [null, 'stop'],
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['error', 'error'],
    ['new', 'other'],
    [5, 'other'],
  ])('%j is %s', (wire, reason) => {
    expect(decodeFinishReason(wire, nothing)).toBe(reason);
  });

  test('what the answer holds decides too', () => {
    const refused = { hasCall: false, cutShort: false, refused: true };
    expect(decodeFinishReason('length', { hasCall: true, cutShort: false, refused: true })).toBe('tool-calls');
    expect(decodeFinishReason('length', { hasCall: true, cutShort: true, refused: true })).toBe('length');
    expect(decodeFinishReason('stop', { hasCall: true, cutShort: true, refused: false })).toBe('tool-calls');
    expect(['stop', 'new', 'length', 'content_filter'].map((wire) => decodeFinishReason(wire, refused))).toStrictEqual([
      'refusal',
      'refusal',
      'length',
      'content-filter',
    ]);
  });

  test.each<[FinishReason, string, string]>([
    ['stop', 'stop', 'stop'],
    ['pause', 'stop', 'stop'],
    ['other', 'stop', 'stop'],
    ['length', 'length', 'length'],
    ['tool-calls', 'tool_calls', 'tool_calls'],
    ['content-filter', 'content_filter', 'content_filter'],
    ['refusal', 'content_filter', 'stop'],
    ['error', 'error', 'error'],
  ])('%s is written as %s, beside a refusal as %s', (reason, plain, refused) => {
    expect([encodeFinishReason(reason, false), encodeFinishReason(reason, true)]).toStrictEqual([plain, refused]);
  });
});

describe('media types', () => {
  test.each([
    ['mp3', 'audio/mpeg'],
    ['pcm16', 'audio/pcm'],
    ['opus', 'audio/opus'],
  ])('audio %s is %s, both ways', (format, type) => {
    expect([audioMediaType(format), audioFormat(type)]).toStrictEqual([type, format]);
  });

  test('audio of other names', () => {
    expect(['audio/x-wav', 'audio/mp3', 'video/audio/x'].map(audioFormat)).toStrictEqual([
      'wav',
      'mp3',
      'video/audio/x',
    ]);
  });

  test.each([
    [undefined, 'application/pdf'],
    ['a', 'application/pdf'],
    ['a.MD', 'text/markdown'],
    ['.txt', 'text/plain'],
    ['a.b.csv', 'text/csv'],
    ['csv.a', 'application/octet-stream'],
    ['a.', 'application/octet-stream'],
  ])('a file %s is %s', (name, type) => {
    expect(fileMediaType(name)).toBe(type);
  });
});

describe('objects of the wire', () => {
  test('without what is undefined, or said elsewhere', () => {
    expect(defined({ a: undefined, b: null, c: 0, d: '' })).toStrictEqual({ b: null, c: 0, d: '' });
    expect(omit({ a: 1, b: 2, c: 3 }, new Set(['b']))).toStrictEqual({ a: 1, c: 3 });
  });

  test.each<[JsonObject, string | undefined]>([
    [{ extra_content: thoughtSignature('s') }, 's'],
    [{ extra_content: thoughtSignature('') }, undefined],
    [{ extra_content: { google: { thought_signature: 5 } } }, undefined],
    [{ extra_content: { google: 's' } }, undefined],
    [{ extra_content: 's' }, undefined],
    [{}, undefined],
  ])('the signature of %j', (holder, signature) => {
    expect(readThoughtSignature(holder)).toBe(signature);
  });

  test('a failed tool', () => {
    const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'x' } } as const;
    const text = (value: string) => ({ type: 'text', text: value }) as const;
    expect(encodeToolError(['a', 'b'], true)).toStrictEqual(['[tool error]\na', 'b']);
    expect(encodeToolError(['a'], false)).toStrictEqual(['a']);
    expect(encodeToolError([], true)).toStrictEqual(['[tool error]\n']);
    expect(decodeToolError([text('[tool error]\na'), image])).toStrictEqual({
      content: [text('a'), image],
      isError: true,
    });
    expect(decodeToolError([text('[tool error]\n'), image])).toStrictEqual({ content: [image], isError: true });
    expect(decodeToolError([text('x [tool error]\n')])).toStrictEqual({
      content: [text('x [tool error]\n')],
      isError: false,
    });
    expect(decodeToolError([image, text('[tool error]\na')])).toMatchObject({ isError: false });
    expect(decodeToolError([])).toStrictEqual({ content: [], isError: false });
  });
});

test.each([
  ['sampling.topK', 'top_k'],
  ['sampling.maxOutputTokens', 'max_completion_tokens'],
  ['output.schema.properties.a', 'response_format.json_schema.schema.properties.a'],
  ['reasoning', 'reasoning_effort'],
  ['tools[12].strict', 'tools[12].function.strict'],
  ['tools[0].parameters', 'tools[0].function.parameters'],
  ['tools[0].parameters.properties.x', 'tools[0].function.parameters.properties.x'],
  ['tools[0].parametersOf', 'tools[0].parametersOf'],
  ['tools[0].strictly', 'tools[0].strictly'],
  ['x.tools[0].strict', 'x.tools[0].strict'],
  ['tools[x].strict', 'tools[x].strict'],
  ['messages[0].content[1]', 'messages[0].content[1]'],
])('%s is %s to the client', (path, wire) => {
  expect(clientPath(path)).toBe(wire);
});

describe('the end of a stream', () => {
  const finish = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
  const used = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
  const usage = { ...emptyUsage, inputTokens: 1, outputTokens: 2 };

  test.each<[string, string, object]>([
    ['', '', { complete: false }],
    ['', 'data: [DONE]', { complete: true }],
    ['', 'x\ndata:[DONE]\n\n', { complete: true }],
    ['', 'x\rdata: [DONE]\r', { complete: true }],
    ['', 'xdata: [DONE]', { complete: false }],
    ['', 'data:  [DONE]', { complete: false }],
    ['', finish, { complete: true, missing: 'data: [DONE]\n\n' }],
    ['', '{"finish_reason" : "stop"}', { complete: true, missing: 'data: [DONE]\n\n' }],
    ['', '{"finish_reason":null}', { complete: false }],
    ['', `${finish}data: [DONE]\n\n`, { complete: true }],
    [finish, 'x', { complete: false }],
    ['', used, { complete: false, usage }],
    [used, `${finish}data: [DONE]\n\n`, { complete: true, usage }],
    [used.replace('1', '9'), used, { complete: false, usage }],
  ])('%j ... %j', (head, tail, expected) => {
    expect(readStreamTail(head, tail)).toStrictEqual(expected);
  });

  test('usage of whole answers', () => {
    expect(readResponseUsage(used)).toStrictEqual(usage);
    expect(readResponseUsage('{"usage":null}')).toBeUndefined();
  });
});

test.each([
  ['{"content":"a"}', true],
  ['{"content" : "a"}', true],
  ['{"content":""}', false],
  ['{"content":null}', false],
  ['{"reasoning_content":"a"}', true],
  ['{"reasoning":"a"}', true],
  ['{"refusal":"a"}', true],
  ['{"text":"a"}', true],
  ['{"role":"a"}', false],
  ['{"tool_calls":[{}]}', true],
  ['{"tool_calls" : [ ]}', true],
  ['{"tool_calls":null}', false],
  ['{"function_call":{}}', true],
  ['{"reasoning_details":[]}', true],
  ['{"audio":{}}', true],
  ['{"images":[]}', true],
  ['{"finish_reason":"stop"}', true],
  ['{"finish_reason" : "stop"}', true],
  ['{"finish_reason":null}', false],
  ['data: [DONE]', true],
])('%s begins an answer: %s', (data, begins) => {
  expect(answerBegins.test(data)).toBe(begins);
});
