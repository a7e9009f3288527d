import { describe, expect, test } from 'vitest';
import { ProxyError } from '../../errors.ts';
import type { GenerationEvent, JsonObject } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const usage = { inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
const frame = (event: object | string, name?: string): { event: string | undefined; data: string } => ({
  event: name,
  data: typeof event === 'string' ? event : JSON.stringify(event),
});

function read(...wire: readonly (JsonObject | string)[]): GenerationEvent[] {
  const decoder = openaiResponses.createStreamDecoder();
  return [...wire.flatMap((event) => [...decoder.push(frame(event))]), ...decoder.end()];
}
const completed = (response: JsonObject = {}): JsonObject => ({ type: 'response.completed', response });
const texts = (events: readonly GenerationEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'text-delta' ? [`${event.block}:${event.text}`] : []));
const end = (finishReason: 'stop' | 'length' | 'other'): GenerationEvent[] => [
  { type: 'candidate-end', candidate: 0, finishReason },
  { type: 'response-end', usage },
];

describe('the frame of a stream', () => {
  test.each(['response.created', 'response.in_progress', 'response.queued'])('%s begins the answer, once', (type) => {
    const response = { id: 'r', model: 'm', created_at: 5, service_tier: 'flex' };
    expect(read({ type, response }, { type: 'response.created', response }, completed())).toStrictEqual([
      { type: 'response-start', id: 'r', model: 'm', createdAtS: 5, serviceTier: 'flex' },
      ...end('stop'),
    ]);
  });

  test.each([
    ['response.completed', {}, 'stop'],
    ['response.done', {}, 'stop'],
    ['response.incomplete', {}, 'other'],
    ['response.incomplete', { status: 'completed' }, 'stop'],
    ['response.completed', { status: 'incomplete', incomplete_details: { reason: 'max_tokens' } }, 'length'],
    ['response.done', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    ['response.done', { status: 'incomplete', incomplete_details: { reason: 'steered' } }, 'other'],
  ] as const)('%s with %j ends it: %s', (type, response, reason) => {
    expect(read({ type, response: { id: 'r', model: 'm', ...response } })).toStrictEqual([
      { type: 'response-start', id: 'r', model: 'm' },
      ...end(reason),
    ]);
  });

  test('nothing is read behind the end, or of what is no event', () => {
    const decoder = openaiResponses.createStreamDecoder();
    expect(decoder.push(frame(''))).toStrictEqual([]);
    expect(decoder.push(frame('[DONE]'))).toStrictEqual([]);
    expect(decoder.push(frame({}))).toStrictEqual([]);
    expect(decoder.push(frame({ type: 'keepalive' }))).toStrictEqual([]);
    expect(decoder.push(frame({}, 'response.completed'))).toHaveLength(3);
    expect(decoder.push(frame('{ broken'))).toStrictEqual([]);
    expect(decoder.end()).toStrictEqual([]);
  });

  test.each<[JsonObject | string, string]>([
    ['[7]', 'the upstream sent a stream event that is not a JSON object'],
    ['{ broken', 'the upstream sent a stream event that is not a JSON object'],
    [{ type: 'response.created' }, 'the upstream closed the stream before response.completed'],
    [{ type: 'response.failed', response: { error: { message: 'tired' } } }, 'tired'],
    [{ type: 'error', message: 'tired' }, 'tired'],
    [{ type: 'response.completed', response: { status: 'failed', error: { message: 'tired' } } }, 'tired'],
  ])('%j is an error', (event, message) => {
    expect(() => read(event)).toThrowError(ProxyError);
    expect(() => read(event)).toThrowError(message);
  });
});

describe('what an event belongs to', () => {
  const open = (more: JsonObject, id: string): JsonObject => ({
    ...{ type: 'response.output_item.added', item: { type: 'message', id } },
    ...more,
  });
  const say = (delta: string, more: JsonObject): JsonObject => ({ type: 'response.output_text.delta', delta, ...more });
  const whole = (id: string, text: string): JsonObject => ({
    ...{ type: 'message', id, content: [{ type: 'output_text', text }] },
  });

  test.each<[string, JsonObject[], string[]]>([
    [
      'the place',
      [
        open({ output_index: 0 }, 'a'),
        open({ output_index: 1 }, 'b'),
        say('1', { output_index: 1 }),
        say('0', { output_index: 0, item_id: 'changed' }),
      ],
      ['0:1', '1:0'],
    ],
    ['the id', [open({}, 'a'), open({}, 'b'), say('b', { item_id: 'b' }), say('a', { item_id: 'a' })], ['0:b', '1:a']],
    [
      'the order in which items came',
      [open({}, 'a'), open({}, 'b'), say('b', { output_index: 1 }), say('a', { output_index: 0 })],
      ['0:b', '1:a'],
    ],
    ['the last item', [open({}, 'a'), open({}, 'b'), say('b', {})], ['0:b']],
    [
      'nothing any more',
      [
        open({ output_index: 0 }, 'a'),
        { type: 'response.output_item.done', output_index: 0, item: whole('a', 'x') },
        { type: 'response.output_item.done', output_index: 0, item: whole('a', 'xyz') },
        say('late', { output_index: 0 }),
      ],
      ['0:x'],
    ],
    ['an item never announced', [say('x', { item_id: 'a' }), say('y', { item_id: 'a' })], ['0:x', '0:y']],
    ['an item never announced nor named', [say('x', {}), say('y', {})], ['0:x', '0:y']],
  ])('%s says', (_, wire, expected) => {
    expect(texts(read(...wire, completed()))).toStrictEqual(expected);
  });

  test.each<[string, JsonObject, string]>([
    ['output_text.delta', { delta: 'x' }, 'text-start'],
    ['refusal.delta', { delta: 'x' }, 'refusal-start'],
    ['reasoning_text.delta', { delta: 'x' }, 'reasoning-start'],
    ['reasoning_summary_text.delta', { delta: 'x' }, 'reasoning-start'],
  ])('%s opens an item by itself', (type, event, expected) => {
    const events = read({ type: `response.${type}`, ...event }, completed());
    expect(events[0]).toStrictEqual({ type: 'response-start', id: '', model: '' });
    expect(events[1]?.type).toBe(expected);
  });

  test.each([
    ['function_call_arguments', 'function_call', 'arguments', 'function'],
    ['custom_tool_call_input', 'custom_tool_call', 'input', 'custom'],
  ] as const)('%s opens a call, whose name comes later', (kind, type, field, expected) => {
    const events = read(
      { type: `response.${kind}.delta`, item_id: 'x', delta: 'a' },
      { type: 'response.output_item.done', item: { type, id: 'x', call_id: 'c', name: 'f', [field]: 'ab' } },
      completed(),
    );
    expect(events.slice(1, 4)).toStrictEqual([
      { type: 'tool-call-start', block: 0, candidate: 0, id: 'c', name: 'f', kind: expected },
      { type: 'tool-call-delta', block: 0, arguments: 'a' },
      { type: 'tool-call-delta', block: 0, arguments: 'b' },
    ]);
  });

  test.each(['rate_limits.updated', 'later.output_text.delta', 'web_search_call.searching'])(
    '%s says nothing of the answer',
    (type) => {
      expect(read({ type: `response.${type}`, item_id: 'x', delta: 'x' }, completed())).toHaveLength(3);
    },
  );

  test.each(['xresponse.output_text.delta', 'output_text.delta'])('%s is not known', (type) => {
    expect(read({ type, item_id: 'x', delta: 'x' }, completed())).toHaveLength(3);
  });

  test('items of the end are known by id or place; new ones are read', () => {
    const output = [whole('changed', 'xyz'), whole('b', 'b'), 7, whole('c', 'c')];
    const events = read(
      open({ output_index: 0 }, 'a'),
      say('x', { output_index: 0 }),
      { type: 'response.output_item.done', output_index: 1, item: whole('b', 'b') },
      completed({ output }),
    );
    expect(texts(events)).toStrictEqual(['0:x', '1:b', '0:yz', '2:c']);
    expect(events.slice(-2)).toStrictEqual(end('stop'));
  });
});
