import { describe, expect, test } from 'vitest';
import type { GenerationEvent, JsonObject, JsonValue, ServerToolPart } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiResponses } from './index.ts';
import { encryptCarried } from './reasoning-item.ts';

const context = (more: Partial<ReplyContext> = {}, body: JsonObject = {}): ReplyContext => ({
  model: 'm',
  request: openaiResponses.decodeRequest({ model: 'm', input: 'x', ...body }, {}),
  nowS: 7,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
  ...more,
});

interface Written {
  readonly events: readonly JsonObject[];
  readonly output: JsonValue | undefined;
  readonly losses: readonly string[];
}

const START: GenerationEvent = { type: 'response-start', id: 'r', model: 'up' };
const usage = { inputTokens: 1, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 0 };
const END: GenerationEvent = { type: 'response-end', usage };

function parse(text: string): JsonObject[] {
  const frames = text.split('\n\n').slice(0, -1);
  const events = frames.map((frame) => JSON.parse(frame.split('\ndata: ')[1] ?? '') as JsonObject);
  expect(frames.map((frame) => frame.split('\n')[0])).toStrictEqual(events.map((event) => `event: ${event['type']}`));
  return events;
}

/** What is written between `response.in_progress` and the end, without the numbers, and the output at the end. */
function write(events: readonly GenerationEvent[], body: JsonObject = {}): Written {
  const encoder = openaiResponses.createStreamEncoder(context({}, body));
  const all = parse([START, ...events, END].map((event) => encoder.push(event)).join(''));
  expect(all.map((event) => event['sequence_number'])).toStrictEqual(all.map((_, index) => index));
  const end = all.at(-1)?.['response'] as JsonObject;
  const inner = all.slice(2, -1).map(({ sequence_number: _, ...event }) => event);
  const losses = (encoder.warnings?.() ?? []).map(({ path, reason }) => `${path}: ${reason}`);
  return { events: inner, output: end['output'], losses };
}

const named = (events: readonly JsonObject[]): unknown[] =>
  events.map((event) => String(event['type']).replace('response.', ''));

const textStart = (block: number): GenerationEvent => ({ type: 'text-start', block, candidate: 0 });
const textDelta = (block: number, text: string): GenerationEvent => ({ type: 'text-delta', block, text });
const end = (block: number): GenerationEvent => ({ type: 'block-end', block });
const message = (id: string, ...content: JsonObject[]): JsonObject => ({
  ...{ id, type: 'message', status: 'completed', role: 'assistant', content },
});
const said = (text: string, annotations: JsonValue[] = [], logprobs: JsonValue[] = []): JsonObject => ({
  ...{ type: 'output_text', annotations, logprobs, text },
});
const call = (block: number, id: string, kind: 'function' | 'custom' = 'function'): GenerationEvent => ({
  ...{ type: 'tool-call-start', block, candidate: 0, id, name: 'f', kind },
});

describe('a text', () => {
  test('is written event by event', () => {
    const logprobs = [{ token: 'b' }];
    const { events, output, losses } = write([
      textStart(0),
      textDelta(0, 'a'),
      { type: 'text-delta', block: 0, text: 'b', logprobs },
      end(0),
    ]);
    const place = { item_id: 'msg_r_0', output_index: 0, content_index: 0 };
    const whole = said('ab', [], logprobs);
    const item = message('msg_r_0', whole);
    expect(events).toStrictEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { id: 'msg_r_0', type: 'message', status: 'in_progress', role: 'assistant', content: [] },
      },
      { type: 'response.content_part.added', ...place, part: said('') },
      { type: 'response.output_text.delta', ...place, logprobs: [], delta: 'a' },
      { type: 'response.output_text.delta', ...place, delta: 'b', logprobs },
      { type: 'response.output_text.done', ...place, text: 'ab', logprobs },
      { type: 'response.content_part.done', ...place, part: whole },
      { type: 'response.output_item.done', output_index: 0, item },
    ]);
    expect(output).toStrictEqual([item]);
    expect(losses).toStrictEqual([]);
  });

  test('that is never ended is whole at the end', () => {
    expect(write([textStart(0), textDelta(0, 'a')]).output).toStrictEqual([message('msg_r_0', said('a'))]);
  });

  test('two at once, and a refusal, share a message', () => {
    const { events, output } = write([
      textStart(0),
      textStart(1),
      { type: 'refusal-start', block: 2, candidate: 0 },
      textDelta(1, 'b'),
      { type: 'refusal-delta', block: 2, text: 'n' },
      { type: 'refusal-delta', block: 2, text: 'o' },
      textDelta(0, 'a'),
      end(1),
      end(0),
      end(2),
    ]);
    expect(output).toStrictEqual([message('msg_r_0', said('a'), said('b'), { type: 'refusal', refusal: 'no' })]);
    expect(named(events)).toStrictEqual([
      'output_item.added',
      'content_part.added',
      'content_part.added',
      'content_part.added',
      'output_text.delta',
      'refusal.delta',
      'refusal.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_text.done',
      'content_part.done',
      'refusal.done',
      'content_part.done',
      'output_item.done',
    ]);
    expect(events[3]?.['part']).toStrictEqual({ type: 'refusal', refusal: '' });
  });

  test('that goes on beside a call ends its message when it ends', () => {
    const { events, output } = write([
      textStart(0),
      textStart(1),
      call(2, 'c1'),
      textDelta(0, 'a'),
      end(0),
      end(1),
      end(2),
      textStart(3),
    ]);
    const done = events.filter((event) => event['type'] === 'response.output_item.done');
    expect(done.map((event) => event['output_index'])).toStrictEqual([0, 1, 2]);
    const run = { id: 'fc_r_1', type: 'function_call', status: 'completed', arguments: '{}', call_id: 'c1', name: 'f' };
    expect(output).toStrictEqual([message('msg_r_0', said('a'), said('')), run, message('msg_r_2', said(''))]);
  });

  test('annotations of this dialect come at once, others at the end', () => {
    const url = 'https://a.test';
    const cite = (dialect: string, citation: JsonValue, sources?: { url?: string }[]): GenerationEvent => ({
      ...{ type: 'text-citation', block: 0, dialect, citation },
      ...(sources && { sources }),
    });
    const { events, output, losses } = write([
      textStart(0),
      cite('openai-responses', { own: 1 }),
      cite('openai-responses', 'x'),
      cite('gemini', {}, [{ url }]),
      cite('gemini', {}),
      textDelta(0, 'ab'),
      end(0),
    ]);
    const foreign = { type: 'url_citation', start_index: 0, end_index: 2, url, title: '' };
    expect(output).toStrictEqual([message('msg_r_0', said('ab', [{ own: 1 }, 'x', foreign]))]);
    expect(losses).toStrictEqual([
      'candidates[0].content[0].citations: citations of gemini without a URL have no form here',
    ]);
    const shown = events.filter((event) => event['type'] === 'response.output_text.annotation.added');
    expect(shown.map((event) => [event['annotation_index'], event['annotation']])).toStrictEqual([
      [0, { own: 1 }],
      [1, null],
      [2, foreign],
    ]);
    expect(named(events).slice(-5)).toStrictEqual([
      'output_text.delta',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
    ]);
  });
});

describe('a call', () => {
  const custom = { tools: [{ type: 'custom', name: 'f' }] };
  const added = (more: JsonObject): JsonObject => ({
    ...{ type: 'response.output_item.added', output_index: 0, item: { status: 'in_progress', ...more } },
  });
  const run = (texts: string[], kind: 'function' | 'custom', body: JsonObject): Written =>
    write(
      [
        call(0, 'c1', kind),
        ...texts.map((text): GenerationEvent => ({ type: 'tool-call-delta', block: 0, arguments: text })),
        end(0),
      ],
      body,
    );

  test.each<[string[], string[], string]>([
    [['{', '}'], ['{', '}'], '{}'],
    [[], ['{}'], '{}'],
  ])('of a function with %j', (texts, deltas, input) => {
    const place = { item_id: 'fc_r_0', output_index: 0 };
    const item = { id: 'fc_r_0', type: 'function_call', call_id: 'c1', name: 'f' };
    expect(run(texts, 'function', {}).events).toStrictEqual([
      added({ ...item, arguments: '' }),
      ...deltas.map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
      { type: 'response.function_call_arguments.done', ...place, name: 'f', arguments: input },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', arguments: input } },
    ]);
  });

  test.each<[string, string[], 'function' | 'custom', JsonObject, string[], string]>([
    ['as it is', ['l', 's'], 'custom', custom, ['l', 's'], 'ls'],
    ['empty', [], 'custom', {}, [], ''],
    ["in a function's arguments", ['{"input":', '"ls"}'], 'function', custom, ['ls'], 'ls'],
    ["empty in a function's arguments", ['{"input":""}'], 'function', custom, [], ''],
  ])('of a custom tool, its text %s', (_, texts, kind, body, deltas, input) => {
    const place = { item_id: 'ctc_r_0', output_index: 0 };
    const item = { id: 'ctc_r_0', type: 'custom_tool_call', call_id: 'c1', name: 'f' };
    expect(run(texts, kind, body).events).toStrictEqual([
      added({ ...item, input: '' }),
      ...deltas.map((delta) => ({ type: 'response.custom_tool_call_input.delta', ...place, delta })),
      { type: 'response.custom_tool_call_input.done', ...place, input },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', input } },
    ]);
  });

  test('without an id gets one', () => {
    expect(write([call(0, ''), end(0)]).output).toMatchObject([{ call_id: 'call_r_0' }]);
  });
});

describe('reasoning', () => {
  const start = (more: object = {}): GenerationEvent => ({
    ...{ type: 'reasoning-start', block: 0, candidate: 0, summary: true, redacted: false },
    ...more,
  });

  test('is written event by event', () => {
    const { events } = write([
      start(),
      { type: 'reasoning-delta', block: 0, text: 'a' },
      { type: 'reasoning-delta', block: 0, text: 'b' },
      { type: 'text-citation', block: 0, dialect: 'openai-responses', citation: {} },
      { type: 'block-signature', block: 0, signature: { origin: 'openai-responses', value: 'sig' } },
      end(0),
    ]);
    const item = { id: 'rs_r_0', type: 'reasoning' };
    const place = { item_id: 'rs_r_0', output_index: 0, summary_index: 0 };
    const part = (text: string): JsonObject => ({ type: 'summary_text', text });
    expect(events).toStrictEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, summary: [], status: 'in_progress' },
      },
      { type: 'response.reasoning_summary_part.added', ...place, part: part('') },
      { type: 'response.reasoning_summary_text.delta', ...place, delta: 'a' },
      { type: 'response.reasoning_summary_text.delta', ...place, delta: 'b' },
      { type: 'response.reasoning_summary_text.done', ...place, text: 'ab' },
      { type: 'response.reasoning_summary_part.done', ...place, part: part('ab') },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { ...item, summary: [part('ab')], encrypted_content: 'sig' },
      },
    ]);
  });

  test.each([
    ['rs_own', 'rs_own'],
    ['other', 'rs_r_0'],
    [undefined, 'rs_r_0'],
  ])('with the id %s has the id %s', (id, expected) => {
    const { events, output } = write([start(id === undefined ? {} : { id }), end(0)]);
    expect(named(events)).toStrictEqual(['output_item.added', 'output_item.done']);
    expect(output).toStrictEqual([{ id: expected, type: 'reasoning', summary: [] }]);
  });
});

describe('a signature', () => {
  const sign = (origin: string): GenerationEvent => ({
    ...{ type: 'block-signature', block: 0, signature: { origin, value: 'sig' } },
  });
  const carried = (callId: string | undefined): JsonObject => ({
    ...{ id: 'rs_r_1', type: 'reasoning', summary: [] },
    encrypted_content: encryptCarried({ origin: 'gemini', value: 'sig' }, callId),
  });

  test('of another provider rides in an item behind the text or the call', () => {
    const text = write([textStart(0), sign('gemini'), end(0)]);
    expect(text.output).toStrictEqual([message('msg_r_0', said('')), carried(undefined)]);
    const run = write([call(0, 'c1'), sign('gemini'), end(0)]);
    expect((run.output as JsonValue[])[1]).toStrictEqual(carried('c1'));
    expect(named(run.events).slice(-3)).toStrictEqual(['output_item.done', 'output_item.added', 'output_item.done']);
  });

  test('of this dialect has no place there', () => {
    expect(write([textStart(0), sign('openai-responses'), end(0)]).output).toHaveLength(1);
    expect(write([call(0, 'c1'), sign('openai-responses'), end(0)]).output).toHaveLength(1);
    const refusal: GenerationEvent = { type: 'refusal-start', block: 0, candidate: 0 };
    expect(write([refusal, sign('gemini'), end(0)]).output).toHaveLength(1);
  });
});

describe('items that come whole', () => {
  const place = { block: 0, candidate: 0 };
  const image = { type: 'media', kind: 'image' } as const;
  const own = { type: 'later' };
  const tool = (more: Partial<ServerToolPart>): GenerationEvent => ({
    ...{ type: 'server-tool', ...place },
    part: { type: 'server-tool', tool: 'web-search', phase: 'whole', id: 's', origin: 'gemini', ...more },
  });

  test.each<[GenerationEvent, JsonObject]>([
    [{ type: 'opaque', ...place, dialect: 'openai-responses', value: own }, own],
    [tool({ origin: 'openai-responses', value: own }), own],
    [
      { type: 'media', ...place, part: { ...image, source: { type: 'base64', mediaType: 'image/webp', data: 'A' } } },
      { id: 'ig_r_1', type: 'image_generation_call', status: 'completed', output_format: 'webp', result: 'A' },
    ],
  ])('%j', (event, item) => {
    const { events, output, losses } = write([textStart(9), end(9), event, textStart(8), end(8)]);
    expect(output).toStrictEqual([message('msg_r_0', said('')), item, message('msg_r_2', said(''))]);
    expect(events.slice(5, 7)).toStrictEqual([
      { type: 'response.output_item.added', output_index: 1, item },
      { type: 'response.output_item.done', output_index: 1, item },
    ]);
    expect(losses).toStrictEqual([]);
  });

  test.each<[GenerationEvent, string]>([
    [{ type: 'opaque', ...place, dialect: 'gemini', value: own }, 'opaque'],
    [{ type: 'media', ...place, part: { ...image, source: { type: 'url', url: 'https://a.test' } } }, 'media'],
    [tool({ tool: 'image-generation' }), 'server-tool'],
  ])('%j has no form', (event, type) => {
    expect(write([event])).toStrictEqual({
      events: [],
      output: [],
      losses: [`candidates[0].content[0]: the Responses API cannot answer with this ${type}`],
    });
  });

  test("this dialect's own tool that is told elsewhere is no loss", () => {
    expect(write([tool({ origin: 'openai-responses' })])).toStrictEqual({ events: [], output: [], losses: [] });
  });

  test('a tool call waits for its result', () => {
    const code = { tool: 'code-execution', code: '1' } as const;
    const { events, output } = write([
      tool({ ...code, phase: 'call' }),
      tool({ phase: 'call', id: 't', queries: ['q'] }),
      tool({ ...code, phase: 'result', output: '2' }),
    ]);
    expect(named(events)).toStrictEqual([
      ...['output_item.added', 'code_interpreter_call.in_progress', 'code_interpreter_call.interpreting'],
      ...['output_item.added', 'web_search_call.in_progress', 'web_search_call.searching'],
      ...['code_interpreter_call.completed', 'output_item.done'],
      ...['web_search_call.completed', 'output_item.done'],
    ]);
    expect(events.map((event) => event['output_index'])).toStrictEqual([0, 0, 0, 1, 1, 1, 0, 0, 1, 1]);
    const logs = [{ type: 'logs', logs: '2' }];
    expect(output).toStrictEqual([
      ...[
        {
          id: 'ci_r_0',
          type: 'code_interpreter_call',
          status: 'completed',
          code: '1',
          container_id: '',
          outputs: logs,
        },
      ],
      ...[{ id: 'ws_r_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } }],
    ]);
  });
});

test('events of blocks that were never opened, and of further answers, write nothing', () => {
  const stray: GenerationEvent[] = [
    textDelta(5, 'x'),
    { type: 'refusal-delta', block: 5, text: 'x' },
    { type: 'reasoning-delta', block: 5, text: 'x' },
    { type: 'tool-call-delta', block: 5, arguments: 'x' },
    { type: 'text-citation', block: 5, dialect: 'openai-responses', citation: {} },
    { type: 'block-signature', block: 5, signature: { origin: 'gemini', value: 's' } },
    end(5),
    { type: 'text-start', block: 6, candidate: 1 },
    textDelta(6, 'x'),
    { type: 'candidate-end', candidate: 1, finishReason: 'error' },
  ];
  expect(write(stray)).toStrictEqual({
    events: [],
    output: [],
    losses: ['candidates: the Responses API has one answer only; the first was kept'],
  });
});
