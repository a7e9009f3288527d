import { describe, expect, test } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { emptyUsage, type JsonObject, type JsonValue, type Part } from '../../ir/index.ts';
import { asUpstream, decodeResponse } from './decode-response.ts';

const answer = (message: JsonObject, more: JsonObject = {}): JsonObject => ({ choices: [{ message, ...more }] });
const content = (message: JsonObject): readonly Part[] | undefined =>
  decodeResponse(answer(message)).candidates[0]?.content;
const text = (value: string): Part => ({ type: 'text', text: value });
const sound = { type: 'base64', mediaType: 'audio/wav', data: 'AAAA' } as const;
const url = 'https://example.com/i.png';

test('the least that is an answer', () => {
  expect(decodeResponse({ choices: [] })).toStrictEqual({
    id: '',
    model: '',
    candidates: [],
    usage: emptyUsage,
    extensions: {},
  });
});

test('everything of an answer', () => {
  const logprobs = { content: [{ token: 'a', logprob: -1 }] };
  const body = {
    id: 'r',
    object: 'chat.completion',
    created: 5,
    model: 'm',
    service_tier: 'flex',
    system_fingerprint: 'fp',
    usage: { prompt_tokens: 3, completion_tokens: 4 },
    choices: [
      { index: 0, message: { content: 'a' }, finish_reason: 'length', logprobs },
      { index: 1, message: { content: 'b' }, finish_reason: 'stop', stop_reason: 'END' },
      { index: 2, message: { content: 'c' }, stop_reason: 5, logprobs: { content: [] } },
    ],
  };
  expect(decodeResponse(body)).toStrictEqual({
    id: 'r',
    model: 'm',
    createdAtS: 5,
    serviceTier: 'flex',
    usage: { ...emptyUsage, inputTokens: 3, outputTokens: 4 },
    candidates: [
      { content: [text('a')], finishReason: 'length', logprobs: logprobs.content },
      { content: [text('b')], finishReason: 'stop', stopSequence: 'END' },
      { content: [text('c')], finishReason: 'stop' },
    ],
    extensions: { 'openai-chat': { system_fingerprint: 'fp' } },
  });
});

describe('a message', () => {
  const call = (more: object): Part => ({
    type: 'tool-call',
    id: 'c',
    name: 'f',
    kind: 'function',
    arguments: '{}',
    ...more,
  });

  test.each<[JsonObject, Part[]]>([
    [{}, []],
    [{ content: null }, []],
    [{ content: '' }, []],
    [{ content: 'a' }, [text('a')]],
    [
      { content: ['a', 5, { type: 'text', text: 'b' }, { type: 'text', text: '' }, { type: 'x' }] },
      [text('a'), text('b')],
    ],
    [
      { content: [{ type: 'thinking', thinking: 'hm' }] },
      [{ type: 'reasoning', text: 'hm', summary: false, redacted: false }],
    ],
    [
      { content: [{ type: 'thinking', thinking: [{ text: 'a' }, 'x', { text: 1 }, { text: 'b' }] }] },
      [{ type: 'reasoning', text: 'ab', summary: false, redacted: false }],
    ],
    [
      {
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'thinking', thinking: 5 },
        ],
      },
      [],
    ],
    [{ content: 'a', refusal: '' }, [text('a')]],
    [{ content: 'a', refusal: 'no' }, [text('a'), { type: 'refusal', text: 'no' }]],
    [{ audio: { data: 'AAAA', transcript: 'la' } }, [text('la'), { type: 'media', kind: 'audio', source: sound }]],
    [{ audio: { data: '', transcript: '' } }, []],
    [{ audio: { data: 1, transcript: 1 } }, []],
    [{ audio: null }, []],
    [
      {
        images: [
          { image_url: { url } },
          { image_url: { url: 'data:image/png;base64,AAAA' } },
          {},
          'x',
          { image_url: {} },
        ],
      },
      [
        { type: 'media', kind: 'image', source: { type: 'url', url } },
        { type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      ],
    ],
    [{ images: {} }, []],
    [{ tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] }, [call({})]],
    [
      { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: 'x' } }] },
      [call({ kind: 'custom', arguments: 'x' })],
    ],
    [{ function_call: { name: 'f', arguments: '{}' } }, [call({ id: 'call_legacy_f' })]],
    [{ function_call: {} }, [call({ id: 'call_legacy_', name: '', arguments: '' })]],
    [{ function_call: null }, []],
    [{ function_call: 'f' }, []],
    [
      { content: 'a', extra_content: { google: { thought_signature: 's' } } },
      [{ type: 'text', text: 'a', signature: { origin: 'openai-chat', value: 's' } }],
    ],
    [
      { reasoning_content: 'hm', content: 'a' },
      [{ type: 'reasoning', text: 'hm', summary: false, redacted: false }, text('a')],
    ],
  ])('%j', (message, parts) => {
    expect(content(message)).toStrictEqual(parts);
  });

  test.each<[JsonObject, string, string]>([
    [{ content: 'a' }, 'stop', 'stop'],
    [{ content: 'a' }, 'unheard', 'other'],
    [{ tool_calls: [{ id: 'c', function: { name: 'f' } }] }, 'stop', 'tool-calls'],
    [{ refusal: 'no' }, 'stop', 'refusal'],
    [{ refusal: 'no' }, 'length', 'length'],
  ])('%j that ended with %s', (message, wire, finishReason) => {
    expect(decodeResponse(answer(message, { finish_reason: wire })).candidates[0]?.finishReason).toBe(finishReason);
  });
});

describe('annotations', () => {
  const cited = (url_citation: JsonObject): JsonObject => ({ type: 'url_citation', url_citation });
  const own = (items: JsonObject[], sources?: object[]): object => ({
    dialect: 'openai-chat',
    items,
    ...(sources && { sources }),
  });

  test.each<[JsonObject, object | undefined]>([
    [
      cited({ url, title: 't', start_index: 0, end_index: 2, content: 'q' }),
      { url, title: 't', start: 0, end: 2, quote: 'q' },
    ],
    [cited({ url }), { url }],
    [cited({ url, title: '', content: '', start_index: 1 }), { url }],
    [cited({ url, title: 5, content: 5, end_index: 1 }), { url }],
    [cited({ url: '' }), undefined],
    [cited({ url: 5 }), undefined],
    [{ type: 'file_citation' }, undefined],
  ])('%j', (annotation, source) => {
    expect(content({ content: 'ab', annotations: [annotation] })).toStrictEqual([
      { type: 'text', text: 'ab', citations: own([annotation], source && [source]) },
    ]);
  });

  test('are the first text’s, and none where there is no text', () => {
    const annotations = [cited({ url })];
    const parts = content({ content: [{ type: 'thinking', thinking: 'hm' }, 'a', 'b'], annotations });
    expect(parts).toStrictEqual([
      { type: 'reasoning', text: 'hm', summary: false, redacted: false },
      { type: 'text', text: 'a', citations: own(annotations, [{ url }]) },
      text('b'),
    ]);
    expect(content({ content: [{ type: 'thinking', thinking: 'hm' }], annotations })).toStrictEqual(parts?.slice(0, 1));
    expect(content({ content: 'a', annotations: [] })).toStrictEqual([text('a')]);
    expect(content({ content: 'a', annotations: {} })).toStrictEqual([text('a')]);
    expect(content({ content: 'a', annotations: ['x'] })).toStrictEqual([
      { type: 'text', text: 'a', citations: { dialect: 'openai-chat', items: ['x'] } },
    ]);
  });
});

describe('what is malformed is the upstream’s fault', () => {
  const missing = 'is required and must be a string';
  test.each<[JsonObject, string]>([
    [{}, 'choices: is required and must be an array'],
    [{ choices: [1] }, 'choices[0]: must be an object'],
    [{ choices: [{}] }, 'choices[0].message: must be an object'],
    [{ choices: [], created: 'x' }, 'created: must be a number'],
    [{ choices: [], service_tier: 1 }, 'service_tier: must be a string'],
    [{ choices: [], usage: 1 }, 'usage: must be an object'],
    [{ choices: [], id: 1 }, 'id: must be a string'],
    [{ choices: [], model: 1 }, 'model: must be a string'],
    [answer({ content: 1 }), 'choices[0].message.content: must be a string or an array'],
    [answer({ refusal: 1 }), 'choices[0].message.refusal: must be a string'],
    [answer({ tool_calls: 1 }), 'choices[0].message.tool_calls: must be an array'],
    [answer({ tool_calls: [{}] }), `choices[0].message.tool_calls[0].id: ${missing}`],
    [answer({ tool_calls: [{ id: '', function: {} }] }), `choices[0].message.tool_calls[0].function.name: ${missing}`],
    [answer({ function_call: { name: 1 } }), 'choices[0].message.function_call.name: must be a string'],
    [answer({ function_call: { arguments: 1 } }), 'choices[0].message.function_call.arguments: must be a string'],
  ])('%j', (body, message) => {
    expect(() => decodeResponse(body)).toThrow(
      expect.objectContaining({
        code: 'upstream_invalid_response',
        message: `the upstream's answer is malformed: ${message}`,
        cause: expect.objectContaining({ code: 'invalid_request', message }),
      }),
    );
  });

  test('other errors stay what they are', () => {
    const other = new ProxyError('upstream_timeout', 'late');
    const broken = new TypeError('broken');
    const thrown = (error: JsonValue | Error): unknown => {
      try {
        return asUpstream(() => {
          throw error;
        });
      } catch (caught) {
        return caught;
      }
    };
    expect(thrown(other)).toBe(other);
    expect(thrown(broken)).toBe(broken);
    expect(asUpstream(() => 5)).toBe(5);
  });
});
