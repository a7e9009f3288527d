import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  emptyUsage,
  type GenerationResponse,
  type JsonObject,
  type MediaPart,
  type MediaSource,
  type Part,
  type ReasoningPart,
  type ServerToolPart,
  type ToolCallPart,
} from '../../ir/index.ts';
import { encodeResponse } from './encode-response.ts';
import { openaiChat } from './index.ts';

function write(response: Partial<GenerationResponse>, body: JsonObject = {}) {
  const request = openaiChat.decodeRequest({ model: 'm', messages: [], ...body }, {});
  const whole = { id: 'r', model: 'up', candidates: [], usage: emptyUsage, extensions: {}, ...response };
  return encodeResponse(whole, { model: 'mine', request, nowS: 7, newId: (prefix) => `${prefix}new`, framing: 'sse' });
}

/** The only choice of an answer, and what it lost. */
function choice(candidate: Partial<Candidate>, body: JsonObject = {}) {
  const { value, warnings } = write({ candidates: [{ content: [], finishReason: 'stop', ...candidate }] }, body);
  const choices = value['choices'];
  return { choice: Array.isArray(choices) ? choices[0] : undefined, warnings };
}
function message(content: readonly Part[], body: JsonObject = {}) {
  const { choice: written, warnings } = choice({ content }, body);
  return { message: written.message, warnings };
}
const says = (more: JsonObject) => ({ role: 'assistant', content: null, refusal: null, ...more });
const at = 'choices[0].message';

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (more: object = {}): ToolCallPart => ({
  type: 'tool-call',
  id: 'c',
  name: 'f',
  kind: 'function',
  arguments: '{}',
  ...more,
});
const reasoning = (value: string, more: object = {}): ReasoningPart => ({
  type: 'reasoning',
  text: value,
  summary: false,
  redacted: false,
  ...more,
});
const media = (kind: MediaPart['kind'], source: MediaSource, more: object = {}): MediaPart => ({
  type: 'media',
  kind,
  source,
  ...more,
});

test('an answer that says little, and one that says all', () => {
  const usage = {
    prompt_tokens: 1,
    completion_tokens: 0,
    total_tokens: 1,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  expect(write({ id: '' })).toStrictEqual({
    value: {
      id: 'chatcmpl-new',
      object: 'chat.completion',
      created: 7,
      model: 'mine',
      choices: [],
    },
    warnings: [],
  });
  expect(
    write({
      createdAtS: 5,
      usage: { ...emptyUsage, inputTokens: 1 },
      serviceTier: 'flex',
      extensions: { 'openai-chat': { system_fingerprint: 'fp', id: 'not this' }, gemini: { x: 1 } },
    }).value,
  ).toStrictEqual({
    system_fingerprint: 'fp',
    id: 'r',
    object: 'chat.completion',
    created: 5,
    model: 'mine',
    choices: [],
    usage,
    service_tier: 'flex',
  });
});

describe('a choice', () => {
  const bare = { index: 0, message: says({ content: '' }), logprobs: null, finish_reason: 'stop' };

  test.each<[Partial<Candidate>, JsonObject]>([
    [{}, bare],
    [{ finishReason: 'length' }, { ...bare, finish_reason: 'length' }],
    [{ stopSequence: 'END' }, { ...bare, stop_reason: 'END' }],
    [{ logprobs: [{ token: 'a' }] }, { ...bare, logprobs: { content: [{ token: 'a' }], refusal: null } }],
    [{ finishReason: 'refusal' }, { ...bare, finish_reason: 'content_filter' }],
    [
      { finishReason: 'refusal', content: [{ type: 'refusal', text: 'no' }] },
      { ...bare, message: says({ refusal: 'no' }) },
    ],
  ])('%j', (candidate, expected) => {
    expect(choice(candidate)).toStrictEqual({ choice: expected, warnings: [] });
  });

  test('each has its number', () => {
    const candidate: Candidate = { content: [text('a')], finishReason: 'stop' };
    const said = says({ content: 'a' });
    expect(write({ candidates: [candidate, candidate] }).value['choices']).toStrictEqual([
      { ...bare, message: said },
      { ...bare, index: 1, message: said },
    ]);
  });
});

describe('a message', () => {
  const wire = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
  const own = { origin: 'openai-chat', value: 's' };
  const google = (value: string): JsonObject => ({ google: { thought_signature: value } });

  test.each<[string, Part[], JsonObject]>([
    ['nothing', [], { content: '' }],
    ['text', [text('a'), text('b')], { content: 'ab' }],
    ['reasoning alone', [reasoning('r')], { content: '', reasoning_content: 'r' }],
    ['reasoning without words', [reasoning('')], { content: '' }],
    [
      'reasoning and text',
      [reasoning('r'), reasoning(''), reasoning('s'), text('a')],
      { content: 'a', reasoning_content: 'r\n\ns' },
    ],
    [
      'signed reasoning',
      [reasoning('r', { signature: own }), reasoning('s')],
      {
        content: '',
        reasoning_content: 'r\n\ns',
        reasoning_details: [
          { type: 'reasoning.text', text: 'r', signature: 's', index: 0 },
          { type: 'reasoning.text', text: 's', index: 1 },
        ],
      },
    ],
    [
      'refusals',
      [
        { type: 'refusal', text: 'n' },
        { type: 'refusal', text: 'o' },
      ],
      { refusal: 'no' },
    ],
    ['call', [call()], { tool_calls: [wire] }],
    ['text and calls', [text('a'), call(), call()], { content: 'a', tool_calls: [wire, wire] }],
    [
      'signed call',
      [call({ signature: { origin: 'gemini', value: 's' } })],
      { tool_calls: [{ ...wire, extra_content: google('llmproxy.gemini.s') }] },
    ],
    [
      'custom call',
      [call({ kind: 'custom', arguments: '{"input":"x"}' })],
      { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: '{"input":"x"}' } }] },
    ],
    [
      'signed text: the last signature counts',
      [
        { type: 'text', text: 'a', signature: { ...own, value: 'r' } },
        { type: 'text', text: 'b', signature: own },
        text('c'),
      ],
      { content: 'abc', extra_content: google('s') },
    ],
    ['an own item', [{ type: 'opaque', dialect: 'openai-chat', value: {} }, text('a')], { content: 'a' }],
    [
      'images',
      [
        media('image', { type: 'url', url: 'u' }),
        media('image', { type: 'base64', mediaType: 'image/png', data: 'AAAA' }),
        media('image', { type: 'file-id', id: 'file-1' }),
        media('image', { type: 'text', text: 't' }),
      ],
      {
        images: ['u', 'data:image/png;base64,AAAA', 'file-1', 't'].map((url, index) => ({
          type: 'image_url',
          image_url: { url },
          index,
        })),
      },
    ],
  ])('%s', (_, content, expected) => {
    expect(message(content)).toStrictEqual({ message: says(expected), warnings: [] });
  });

  const search: ServerToolPart = { type: 'server-tool', tool: 'web-search', phase: 'call', id: '', origin: 'gemini' };
  const known = (dialect: string): string => `an item of ${dialect} that Chat Completions does not know`;
  const place = (kind: string): string => `a generated ${kind}: Chat Completions has no place for it`;
  test.each<[Part, string, string]>([
    [{ type: 'opaque', dialect: 'gemini', value: {} }, at, known('gemini')],
    [search, at, known('gemini')],
    [media('video', { type: 'url', url: 'u' }), at, place('video')],
    [media('file', { type: 'base64', mediaType: 'x', data: 'A' }), at, place('file')],
    [media('audio', { type: 'url', url: 'u' }), at, place('audio')],
  ])('%j is lost', (part, path, reason) => {
    expect(message([part])).toStrictEqual({ message: says({}), warnings: [{ path, reason }] });
  });

  test('the prompt of an image is lost', () => {
    const part = media('image', { type: 'url', url: 'u' }, { revisedPrompt: 'p' });
    expect(message([part])).toStrictEqual({
      message: says({ images: [{ type: 'image_url', image_url: { url: 'u' }, index: 0 }] }),
      warnings: [
        { path: `${at}.images`, reason: 'Chat Completions does not tell from which prompt an image was made' },
      ],
    });
  });
});

describe('citations', () => {
  const url = 'https://example.com/';
  const cited = (value: string, citations: object): Part => ({ type: 'text', text: value, citations }) as Part;
  const annotation = (more: JsonObject): JsonObject => ({
    type: 'url_citation',
    url_citation: { url, title: '', ...more },
  });
  const foreign = (...sources: object[]): object => ({ dialect: 'gemini', items: [{}], sources });
  const lost = [{ path: `${at}.annotations`, reason: 'citations of gemini without a URL have no form here' }];

  test.each<[string, Part[], JsonObject, object[]]>([
    ['own ones stay', [cited('a', { dialect: 'openai-chat', items: [{ x: 1 }] })], { annotations: [{ x: 1 }] }, []],
    ['own without any', [cited('a', { dialect: 'openai-chat', items: [] })], {}, []],
    [
      'of others by their sources, counted in code points from the beginning of the message',
      [text('😀b'), cited('a😀c', foreign({ url, title: 't', start: 1, end: 2, quote: 'q' }, { url }))],
      {
        annotations: [
          annotation({ title: 't', start_index: 3, end_index: 4, content: 'q' }),
          annotation({ start_index: 2, end_index: 5 }),
        ],
      },
      [],
    ],
    [
      'some without a URL',
      [cited('a', foreign({ title: 't' }, { url }))],
      { annotations: [annotation({ start_index: 0, end_index: 1 })] },
      lost,
    ],
    ['none with a URL', [cited('a', foreign({ title: 't' }))], {}, lost],
    ['without sources', [text('x'), cited('a', { dialect: 'gemini', items: [{}] })], {}, lost],
  ])('%s', (_, content, more, warnings) => {
    const content_ = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    expect(message(content)).toStrictEqual({ message: says({ content: content_, ...more }), warnings });
  });
});

describe('clients of the older functions', () => {
  const legacy = { functions: [{ name: 'f' }] };
  test('get one call, and their own finish reason', () => {
    expect(choice({ content: [call()], finishReason: 'tool-calls' }, legacy)).toStrictEqual({
      choice: {
        index: 0,
        message: says({ function_call: { name: 'f', arguments: '{}' } }),
        logprobs: null,
        finish_reason: 'function_call',
      },
      warnings: [],
    });
    expect(choice({ content: [text('a')], finishReason: 'stop' }, legacy).choice).toMatchObject({
      finish_reason: 'stop',
    });
    expect(choice({ content: [call()], finishReason: 'tool-calls' }).choice).toMatchObject({
      finish_reason: 'tool_calls',
    });
  });

  test('are told of further calls', () => {
    expect(message([call(), call({ name: 'g' })], legacy)).toStrictEqual({
      message: says({ function_call: { name: 'f', arguments: '{}' } }),
      warnings: [{ path: `${at}.function_call`, reason: 'the older functions know one call; the others are left out' }],
    });
  });
});

test('a custom tool of the client that was called as a function is unwrapped', () => {
  const tools = [
    { type: 'custom', custom: { name: 'f' } },
    { type: 'function', function: { name: 'g' } },
  ];
  const wrapped = '{"input":"x"}';
  expect(
    message([call({ arguments: wrapped }), call({ name: 'g', arguments: wrapped })], { tools }).message,
  ).toStrictEqual(
    says({
      tool_calls: [
        { id: 'c', type: 'custom', custom: { name: 'f', input: 'x' } },
        { id: 'c', type: 'function', function: { name: 'g', arguments: wrapped } },
      ],
    }),
  );
});
