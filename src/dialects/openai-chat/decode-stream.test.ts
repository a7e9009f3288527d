import { describe, expect, test } from 'vitest';
import { collectEvents } from '../../ir/collect.ts';
import type { GenerationEvent } from '../../ir/index.ts';
import { openaiChat as codec } from './index.ts';

const chunk = (delta: object, finish: string | null = null) => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const call = (delta: object) => chunk({ tool_calls: [delta] });

/** Pushes chunks (objects, or raw data) and ends the stream. */
function decode(...chunks: readonly (object | string)[]): GenerationEvent[] {
  const decoder = codec.createStreamDecoder();
  const events = chunks.flatMap((data) =>
    decoder.push({ event: undefined, data: typeof data === 'string' ? data : JSON.stringify(data) }),
  );
  return [...events, ...decoder.end()];
}
const content = (...chunks: readonly (object | string)[]) => collectEvents(decode(...chunks)).candidates[0]?.content;

describe('endings', () => {
  test('a missing [DONE] is tolerated after a finish reason', () => {
    expect(decode(chunk({ content: 'a' }), chunk({}, 'stop')).at(-1)?.type).toBe('response-end');
  });

  test.each([
    ['nothing', []],
    ['[DONE] alone', ['[DONE]']],
    ['text only', [chunk({ content: 'a' })]],
    ['a call only', [call({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } })]],
    ['half a call before [DONE]', [call({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }), '[DONE]']],
    ['half a call without an id', [call({ index: 0, function: { name: 'f', arguments: '{' } }), '[DONE]']],
    ['reasoning alone before [DONE]', [chunk({ reasoning_content: 'a' }), '[DONE]']],
  ])('%s is a truncated stream', (_, chunks) => {
    expect(() => decode(...chunks)).toThrow(expect.objectContaining({ code: 'upstream_stream_truncated' }));
  });

  test.each([
    ['text', [chunk({ content: 'a' }), '[DONE]'], 'stop'],
    ['text after reasoning', [chunk({ reasoning_content: 'r' }), chunk({ content: 'a' }), '[DONE]'], 'stop'],
    ['a refusal after reasoning', [chunk({ reasoning_content: 'r' }), chunk({ refusal: 'a' }), '[DONE]'], 'refusal'],
    ['a refusal after text', [chunk({ content: 'a' }), chunk({ refusal: 'b' }), chunk({}, 'stop')], 'refusal'],
    ['reasoning that was finished', [chunk({ reasoning_content: 'r' }), chunk({}, 'length'), '[DONE]'], 'length'],
    ['a whole call', [call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }), '[DONE]'], 'tool-calls'],
    ['text beside an empty entry', [chunk({ content: 'a' }), call({ index: 0, function: {} }), '[DONE]'], 'stop'],
    ['a custom call', [call({ index: 0, id: 'a', custom: { name: 'f', input: '{' } }), '[DONE]'], 'tool-calls'],
    [
      'half a call that was finished',
      [call({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }), chunk({}, 'length'), '[DONE]'],
      'length',
    ],
  ] as const)('%s needs no more than [DONE]', (_, chunks, finishReason) => {
    expect(collectEvents(decode(...chunks)).candidates[0]?.finishReason).toBe(finishReason);
  });

  test('nothing follows [DONE]', () => {
    const events = decode(chunk({ content: 'a' }, 'stop'), '[DONE]', chunk({ content: 'b' }), '[DONE]');
    expect(events.filter((event) => event.type === 'text-delta')).toHaveLength(1);
    expect(events.filter((event) => event.type === 'response-end')).toHaveLength(1);
  });
});

describe('errors in the stream', () => {
  test.each([
    [{ error: { message: 'slow down', type: 'rate_limit_error' } }, 429, 'slow down'],
    [{ error: { message: 'bad', code: 400 } }, 400, 'bad'],
    [{ error: { message: 'late', code: '503' } }, 503, 'late'],
    [{ error: 'boom' }, 502, 'boom'],
    [{ type: 'error', message: 'slow', code: 429 }, 429, 'slow'],
    [{ object: 'error', message: 'long', type: 'BadRequestError', code: 400 }, 400, 'long'],
    [{ code: 'overloaded', message: 'busy' }, 529, 'busy'],
    [{ status: 503, message: 'down' }, 503, 'down'],
    [{ type: 'error', error: { message: 'inner', type: 'invalid_request_error' } }, 400, 'inner'],
    [{ detail: 'no such model' }, 502, 'no such model'],
  ])('%j', (error, status, message) => {
    expect(() => decode(chunk({ content: 'a' }), error)).toThrow(expect.objectContaining({ status, message }));
  });

  test.each([
    {},
    { message: 'hello' },
    { detail: '' },
    { code: 1 },
    { choices: [], message: 'x', code: 1 },
    { error: false },
  ])('%j is none', (data) => {
    expect(content(chunk({ content: 'a' }, 'stop'), data)).toStrictEqual([{ type: 'text', text: 'a' }]);
  });

  test('an event named error', () => {
    const decoder = codec.createStreamDecoder();
    expect(() => decoder.push({ event: 'error', data: 'gone' })).toThrow(expect.objectContaining({ message: 'gone' }));
  });

  test('data that is no JSON', () => {
    expect(() => decode('<html>')).toThrow(expect.objectContaining({ code: 'upstream_invalid_response' }));
  });
});

describe('tool calls of careless servers', () => {
  const end = chunk({}, 'tool_calls');
  const toolCall = (id: string, name: string, text: string) => ({
    type: 'tool-call',
    id,
    name,
    kind: 'function',
    arguments: text,
  });

  test('without indexes', () => {
    const calls = content(
      call({ id: 'a', function: { name: 'f', arguments: '{' } }),
      call({ function: { arguments: '}' } }),
      call({ id: 'b', function: { name: 'g', arguments: '{}' } }),
      end,
    );
    expect(calls).toStrictEqual([toolCall('a', 'f', '{}'), toolCall('b', 'g', '{}')]);
  });

  test('with index 0 for every call', () => {
    const calls = content(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      call({ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }),
      end,
    );
    expect(calls).toStrictEqual([toolCall('a', 'f', '{}'), toolCall('b', 'g', '{}')]);
  });

  test('with an id that repeats, comes late or never comes', () => {
    const repeated = { index: 0, id: 'a', function: { name: 'f', arguments: '1' } };
    const calls = content(
      call(repeated),
      call(repeated),
      call({ index: 1, function: { name: 'g', arguments: '{"x":' } }),
      call({ index: 1, id: 'late', function: { arguments: '1}' } }),
      call({ index: 2, function: { name: 'h', arguments: {} } }),
      end,
    );
    expect(calls).toStrictEqual([
      toolCall('a', 'f', '11'),
      toolCall('late', 'g', '{"x":1}'),
      toolCall('call_0_2', 'h', '{}'),
    ]);
  });

  test('that never name the tool', () => {
    const nameless = call({ index: 0, id: 'a', function: { name: null, arguments: '{}' } });
    expect(() => decode(nameless, end)).toThrow(expect.objectContaining({ code: 'upstream_invalid_response' }));
    const named = call({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } });
    expect(content(nameless, named, end)).toStrictEqual([toolCall('b', 'g', '{}')]);
    expect(content(call({ index: 0, function: { name: '', arguments: '' } }), end)).toStrictEqual([]);
  });

  test('a call wins over the finish reason; without any, tool_calls is a stop', () => {
    const one = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
    expect(collectEvents(decode(call(one), chunk({}, 'stop'))).candidates[0]?.finishReason).toBe('tool-calls');
    expect(collectEvents(decode(chunk({ content: 'x' }), end)).candidates[0]?.finishReason).toBe('stop');
  });
});

describe('reasoning of other servers', () => {
  test('Mistral sends thinking as content items', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    expect(content(chunk({ content: [thinking] }), chunk({ content: 'ok' }, 'stop'))).toStrictEqual([
      { type: 'reasoning', text: 'hm', summary: false, redacted: false },
      { type: 'text', text: 'ok' },
    ]);
  });

  test('xAI counts reasoning apart from the completion', () => {
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 10,
      completion_tokens_details: { reasoning_tokens: 7 },
    };
    const { usage: read } = collectEvents(decode(chunk({ content: 'x' }, 'stop'), { choices: [], usage }));
    expect(read).toMatchObject({ inputTokens: 1, outputTokens: 9, reasoningTokens: 7 });
  });
});
