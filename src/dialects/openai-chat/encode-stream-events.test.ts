/** Every kind of event, as the delta it is written as. */
import { describe, expect, test } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject, type MediaPart, type MediaSource } from '../../ir/index.ts';
import { openaiChat as codec } from './index.ts';

type Start = Partial<Extract<GenerationEvent, { type: 'response-start' }>>;

/** The chunks of a stream, and what it lost. */
function write(events: readonly GenerationEvent[], body: JsonObject = {}, start: Start = {}) {
  const request = codec.decodeRequest({ model: 'm', messages: [], ...body }, {});
  const context = {
    model: 'mine',
    request,
    nowS: 7,
    newId: (prefix: string) => `${prefix}new`,
    framing: 'sse',
  } as const;
  const encoder = codec.createStreamEncoder(context);
  const all: GenerationEvent[] = [{ type: 'response-start', id: 'r', model: 'up', ...start }, ...events];
  const lines = all
    .map((event) => encoder.push(event))
    .join('')
    .split('\n\n')
    .slice(0, -1);
  const chunks = lines.map((line) => (line === 'data: [DONE]' ? '[DONE]' : JSON.parse(line.replace(/^data: /, ''))));
  return { chunks, warnings: encoder.warnings?.() };
}

const first = { index: 0, delta: { role: 'assistant', content: '', refusal: null }, finish_reason: null };
/** What the choices of the chunks say behind the first. */
function choices(events: readonly GenerationEvent[], body: JsonObject = {}) {
  const { chunks, warnings } = write(events, body);
  const said = chunks.flatMap((chunk) => chunk.choices);
  expect(said[0]).toStrictEqual(first);
  return { choices: said.slice(1), warnings };
}
function deltas(events: readonly GenerationEvent[], body: JsonObject = {}) {
  const written = choices(events, body);
  for (const { index, finish_reason } of written.choices) expect([index, finish_reason]).toStrictEqual([0, null]);
  return { deltas: written.choices.map(({ delta }) => delta), warnings: written.warnings };
}

const open = (kind: 'text' | 'refusal', block = 0, candidate = 0): GenerationEvent => ({
  type: `${kind}-start`,
  block,
  candidate,
});
const think = (more: object = {}): GenerationEvent => ({
  type: 'reasoning-start',
  block: 0,
  candidate: 0,
  summary: false,
  redacted: false,
  ...more,
});
const callStart = (block: number, more: object = {}): GenerationEvent => ({
  type: 'tool-call-start',
  block,
  candidate: 0,
  id: `c${block}`,
  name: 'f',
  kind: 'function',
  ...more,
});
const close = (block = 0): GenerationEvent => ({ type: 'block-end', block });
const say = (text: string, block = 0): GenerationEvent => ({ type: 'text-delta', block, text });
const give = (text: string, block = 0): GenerationEvent => ({ type: 'tool-call-delta', block, arguments: text });
const sign = (origin: string, block = 0, value = 's'): GenerationEvent => ({
  type: 'block-signature',
  block,
  signature: { origin, value },
});
const media = (kind: MediaPart['kind'], source: MediaSource, more: object = {}): GenerationEvent => ({
  type: 'media',
  block: 9,
  candidate: 0,
  part: { type: 'media', kind, source, ...more },
});
const url = { type: 'url', url: 'u' } as const;
const bytes = { type: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
const google = (value: string): JsonObject => ({ extra_content: { google: { thought_signature: value } } });
const at = 'choices[0].message';

describe('the head of every chunk', () => {
  test.each<[Start, JsonObject]>([
    [{}, { id: 'r', created: 7 }],
    [{ id: '' }, { id: 'chatcmpl-new', created: 7 }],
    [
      { createdAtS: 5, serviceTier: 'flex' },
      { id: 'r', created: 5, service_tier: 'flex' },
    ],
  ])('%j', (start, head) => {
    const { chunks } = write([], {}, start);
    expect(chunks).toStrictEqual([{ object: 'chat.completion.chunk', model: 'mine', ...head, choices: [first] }]);
  });

  test('each candidate begins with its role, whatever comes first', () => {
    const other = (index: number, delta: JsonObject): JsonObject => ({ index, delta, finish_reason: null });
    const { choices: written } = choices([
      open('text', 0, 1),
      say('a'),
      open('text', 1, 1),
      say('b', 1),
      { type: 'candidate-end', candidate: 2, finishReason: 'length' },
    ]);
    expect(written).toStrictEqual([
      { ...first, index: 1 },
      other(1, { content: 'a' }),
      other(1, { content: 'b' }),
      { ...first, index: 2 },
      { index: 2, delta: {}, finish_reason: 'length' },
    ]);
  });
});

describe('deltas', () => {
  test.each<[string, GenerationEvent[], JsonObject[]]>([
    ['text', [open('text'), say('a'), say(''), close()], [{ content: 'a' }, { content: '' }]],
    ['refusal', [open('refusal'), { type: 'refusal-delta', block: 0, text: 'no' }, close()], [{ refusal: 'no' }]],
    ['reasoning', [think(), { type: 'reasoning-delta', block: 0, text: 'r' }, close()], [{ reasoning_content: 'r' }]],
    [
      'signed reasoning repeats its text, each with its number',
      [
        think(),
        { type: 'reasoning-delta', block: 0, text: 'r' },
        { type: 'reasoning-delta', block: 0, text: 's' },
        sign('openai-chat'),
        close(),
        think({ block: 1, redacted: true }),
        sign('openai-chat', 1, 'd'),
        close(1),
      ],
      [
        { reasoning_content: 'r' },
        { reasoning_content: 's' },
        { reasoning_details: [{ type: 'reasoning.text', text: 'rs', signature: 's', index: 0 }] },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'd', index: 1 }] },
      ],
    ],
    ['signed text', [open('text'), say('a'), sign('gemini'), close()], [{ content: 'a' }, google('llmproxy.gemini.s')]],
    [
      'calls',
      [callStart(0), give('{'), callStart(1), give('{}', 1), give('}'), close(), close(1)],
      [
        { tool_calls: [{ index: 0, id: 'c0', type: 'function', function: { name: 'f', arguments: '' } }] },
        { tool_calls: [{ index: 0, function: { arguments: '{' } }] },
        { tool_calls: [{ index: 1, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }] },
        { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
        { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
      ],
    ],
    [
      'custom call',
      [callStart(0, { kind: 'custom' }), give('{"input":"x"}'), close()],
      [
        { tool_calls: [{ index: 0, id: 'c0', type: 'custom', custom: { name: 'f', input: '' } }] },
        { tool_calls: [{ index: 0, custom: { input: '{"input":"x"}' } }] },
      ],
    ],
    [
      'images, each with its number',
      [media('image', url), media('image', bytes)],
      [
        { images: [{ type: 'image_url', image_url: { url: 'u' }, index: 0 }] },
        { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' }, index: 1 }] },
      ],
    ],
    ['audio', [media('audio', bytes)], [{ audio: { data: 'AAAA' } }]],
    [
      'own annotations',
      [open('text'), { type: 'text-citation', block: 0, dialect: 'openai-chat', citation: { x: 1 } }, close()],
      [{ annotations: [{ x: 1 }] }],
    ],
    ['own items', [{ type: 'opaque', block: 0, candidate: 0, dialect: 'openai-chat', value: {} }], []],
    [
      'nothing of blocks that are not open',
      [
        say('a'),
        give('a'),
        { type: 'reasoning-delta', block: 0, text: 'r' },
        sign('openai-chat'),
        close(),
        { type: 'text-citation', block: 0, dialect: 'openai-chat', citation: {} },
        open('text'),
        close(),
        say('late'),
      ],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(deltas(events)).toStrictEqual({ deltas: expected, warnings: [] });
  });

  test('token probabilities stand beside the text', () => {
    const { choices: written } = choices([
      open('text'),
      { type: 'text-delta', block: 0, text: 'a', logprobs: [{ token: 'a' }] },
    ]);
    const logprobs = { content: [{ token: 'a' }], refusal: null };
    expect(written).toStrictEqual([{ index: 0, delta: { content: 'a' }, logprobs, finish_reason: null }]);
  });
});

describe('citations of others', () => {
  const cite = (sources?: object[], block = 0): GenerationEvent =>
    ({ type: 'text-citation', block, dialect: 'gemini', citation: {}, ...(sources && { sources }) }) as GenerationEvent;
  const note = (start_index: number, end_index: number, more: object = {}): JsonObject => ({
    type: 'url_citation',
    url_citation: { url: 'u', title: '', start_index, end_index, ...more },
  });
  const lost = [{ path: `${at}.annotations`, reason: 'citations of gemini without a URL have no form here' }];

  test('are written where their text ends, counted from the beginning of the message', () => {
    expect(
      deltas([
        open('text'),
        say('😀b'),
        close(),
        open('text', 1),
        say('ab', 1),
        cite([{ url: 'u', title: 't', start: 1, end: 2 }], 1),
        cite([{ url: 'u' }], 1),
        say('c', 1),
        close(1),
        close(1),
      ]),
    ).toStrictEqual({
      deltas: [
        { content: '😀b' },
        { content: 'ab' },
        { content: 'c' },
        { annotations: [note(3, 4, { title: 't' }), note(2, 5)] },
      ],
      warnings: [],
    });
  });

  test.each<[GenerationEvent[], JsonObject[], object[]]>([
    [[cite([{ title: 't' }])], [], lost],
    [[cite()], [], lost],
    [[cite(), cite()], [], lost],
    [[cite([{ title: 't' }, { url: 'u' }])], [{ annotations: [note(0, 1)] }], lost],
  ])('%j', (events, expected, warnings) => {
    expect(deltas([open('text'), say('a'), ...events, close()])).toStrictEqual({
      deltas: [{ content: 'a' }, ...expected],
      warnings,
    });
  });

  test('of a text that is not open are lost', () => {
    expect(deltas([cite()])).toStrictEqual({ deltas: [], warnings: lost });
    const { warnings } = choices([open('text', 0, 1), cite()]);
    expect(warnings).toStrictEqual([{ ...lost[0], path: 'choices[1].message.annotations' }]);
  });
});

describe('lost', () => {
  const known = 'an item of gemini that Chat Completions does not know';
  const part = { type: 'server-tool', tool: 'web-search', phase: 'call', id: '', origin: 'gemini' } as const;
  test.each<[GenerationEvent, string, string]>([
    [{ type: 'server-tool', block: 0, candidate: 0, part }, at, known],
    [{ type: 'server-tool', block: 0, candidate: 3, part }, 'choices[3].message', known],
    [{ type: 'opaque', block: 0, candidate: 0, dialect: 'gemini', value: {} }, at, known],
    [media('video', bytes), at, 'a generated video: Chat Completions has no place for it'],
    [media('audio', url), at, 'a generated audio: Chat Completions has no place for it'],
  ])('%j', (event, path, reason) => {
    expect(deltas([event])).toStrictEqual({ deltas: [], warnings: [{ path, reason }] });
  });

  test('the prompt of an image', () => {
    expect(deltas([media('image', url, { revisedPrompt: 'p' })])).toStrictEqual({
      deltas: [{ images: [{ type: 'image_url', image_url: { url: 'u' }, index: 0 }] }],
      warnings: [
        { path: `${at}.images`, reason: 'Chat Completions does not tell from which prompt an image was made' },
      ],
    });
  });
});

describe('clients of the older functions', () => {
  const body = { functions: [{ name: 'f' }] };
  test('get the first call, and their own finish reason', () => {
    const { choices: written, warnings } = choices(
      [
        callStart(0),
        give('{}'),
        sign('openai-chat'),
        close(),
        callStart(1),
        give('x', 1),
        close(1),
        { type: 'candidate-end', candidate: 0, finishReason: 'tool-calls' },
      ],
      body,
    );
    const delta = (value: JsonObject): JsonObject => ({ index: 0, delta: value, finish_reason: null });
    expect(written).toStrictEqual([
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{}' } }),
      delta(google('s')),
      { index: 0, delta: {}, finish_reason: 'function_call' },
    ]);
    expect(warnings).toStrictEqual([
      { path: `${at}.function_call`, reason: 'the older functions know one call; the others are left out' },
    ]);
  });

  test('other reasons stay', () => {
    const { choices: written } = choices([{ type: 'candidate-end', candidate: 0, finishReason: 'stop' }], body);
    expect(written).toStrictEqual([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  });
});

describe('the end', () => {
  const ends = (finishReason: 'refusal' | 'tool-calls', stopSequence?: string): GenerationEvent => ({
    type: 'candidate-end',
    candidate: 0,
    finishReason,
    ...(stopSequence !== undefined && { stopSequence }),
  });
  test.each<[GenerationEvent[], JsonObject]>([
    [[ends('tool-calls')], { finish_reason: 'tool_calls' }],
    [[ends('refusal')], { finish_reason: 'content_filter' }],
    [[open('refusal'), close(), ends('refusal')], { finish_reason: 'stop' }],
    [[open('text'), close(), ends('refusal')], { finish_reason: 'content_filter' }],
    [[ends('tool-calls', 'E"ND')], { finish_reason: 'tool_calls', stop_reason: 'E"ND' }],
  ])('%j', (events, end) => {
    expect(choices(events).choices).toStrictEqual([{ index: 0, delta: {}, ...end }]);
  });

  test.each<[JsonObject, boolean]>([
    [{}, false],
    [{ stream_options: { include_usage: true } }, true],
    [{ stream_options: { include_usage: false } }, false],
    [{ stream_options: true }, false],
  ])('usage for %j: %s', (body, asked) => {
    const { chunks } = write([{ type: 'response-end', usage: { ...emptyUsage, outputTokens: 2 } }], body);
    const head = { id: 'r', object: 'chat.completion.chunk', created: 7, model: 'mine' };
    const usage = {
      prompt_tokens: 0,
      completion_tokens: 2,
      total_tokens: 2,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    expect(chunks.slice(1)).toStrictEqual([...(asked ? [{ ...head, choices: [], usage }] : []), '[DONE]']);
  });
});
