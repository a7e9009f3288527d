/** Beginning, end and usage of streams. */
import { describe, expect, test } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject } from '../../ir/index.ts';
import { openaiChat as codec } from './index.ts';

/** The events of all chunks. */
function read(...data: readonly (object | string)[]): GenerationEvent[] {
  const decoder = codec.createStreamDecoder();
  const events = data.flatMap((chunk) =>
    decoder.push({ event: undefined, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }),
  );
  return [...events, ...decoder.end()];
}
const choice = (delta: JsonObject, more: object = {}): object => ({ choices: [{ index: 0, delta, ...more }] });

describe('the whole stream', () => {
  const usage = { ...emptyUsage, inputTokens: 1, outputTokens: 2 };
  const wireUsage = { prompt_tokens: 1, completion_tokens: 2 };
  const stop = choice({}, { finish_reason: 'stop' });
  const candidateEnd = (more: object = {}): object => ({
    type: 'candidate-end',
    candidate: 0,
    finishReason: 'stop',
    ...more,
  });

  test.each<[string, object[], object]>([
    [
      'all of it',
      [{ id: 'r', model: 'm', created: 5, service_tier: 'flex' }],
      { id: 'r', model: 'm', createdAtS: 5, serviceTier: 'flex' },
    ],
    ['wrong types', [{ id: 1, model: 2, created: 'x', service_tier: 3 }], { id: '', model: '' }],
  ])('its head: %s', (_, [head], start) => {
    expect(read({ ...head, ...stop })[0]).toStrictEqual({ type: 'response-start', ...start });
  });

  test('the first chunk with a choice says who answers', () => {
    const events = read({ id: '', model: '', choices: [] }, { id: 'r', model: 'm', ...stop }, { id: 'late', ...stop });
    expect(events.filter(({ type }) => type === 'response-start')).toStrictEqual([
      { type: 'response-start', id: 'r', model: 'm' },
    ]);
  });

  test('without any choice it is the first chunk', () => {
    expect(read({ id: 'r', choices: [] }, { id: 's', choices: [5] }, '[DONE]')).toStrictEqual([
      { type: 'response-start', id: 'r', model: '' },
      { type: 'response-end', usage: emptyUsage },
    ]);
  });

  test.each<[string, object[]]>([
    ['behind', [stop, { choices: [], usage: wireUsage }]],
    ['beside', [{ ...stop, usage: wireUsage }]],
    ['the last one', [{ ...stop, usage: { prompt_tokens: 9 } }, { usage: wireUsage }, { usage: null }]],
    ['in a choice', [choice({}, { finish_reason: 'stop', usage: wireUsage })]],
    ['of Groq', [{ ...stop, x_groq: { usage: wireUsage } }]],
    ['of Groq without', [{ ...stop, usage: wireUsage }, { x_groq: { id: 'x' } }, { x_groq: 5 }]],
  ])('usage: %s', (_, chunks) => {
    expect(read(...chunks).at(-1)).toStrictEqual({ type: 'response-end', usage });
  });

  test.each<[object, object]>([
    [{ finish_reason: 'stop', stop_reason: 'END' }, { stopSequence: 'END' }],
    [{ finish_reason: 'stop', stop_reason: 5 }, {}],
    [{ finish_reason: 'length' }, { finishReason: 'length' }],
  ])('the end %j', (more, end) => {
    expect(read(choice({ content: 'a' }, { stop_reason: 'early' }), choice({}, more)).at(-2)).toStrictEqual(
      candidateEnd(end),
    );
  });

  test('a later finish reason counts, an empty one does not', () => {
    const events = read(choice({}, { finish_reason: 'length' }), stop, choice({}, { finish_reason: '' }));
    expect(events.at(-2)).toStrictEqual(candidateEnd());
  });

  test('candidates end in their order, whatever they began in; one without an index is the first', () => {
    const other = { choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'length' }] };
    const events = read(other, { choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] });
    expect(events.slice(1)).toStrictEqual([
      { type: 'text-start', block: 0, candidate: 1 },
      { type: 'text-delta', block: 0, text: 'b' },
      { type: 'text-start', block: 1, candidate: 0 },
      { type: 'text-delta', block: 1, text: 'a' },
      { type: 'block-end', block: 1 },
      { type: 'block-end', block: 0 },
      candidateEnd(),
      candidateEnd({ candidate: 1, finishReason: 'length' }),
      { type: 'response-end', usage: emptyUsage },
    ]);
  });

  test.each<[string, (object | string)[]]>([
    ['frames without data', ['', stop]],
    ['[DONE] with spaces around', [stop, ' [DONE] ']],
    ['what comes after [DONE]', [stop, '[DONE]', choice({ content: 'x' }), { error: 'x' }]],
  ])('is not disturbed by %s', (_, chunks) => {
    expect(read(...chunks)).toStrictEqual([
      { type: 'response-start', id: '', model: '' },
      candidateEnd(),
      { type: 'response-end', usage: emptyUsage },
    ]);
  });

  test.each<[string, (object | string)[]]>([
    ['one of two candidates has no end', [stop, { choices: [{ index: 1, delta: { content: 'a' } }] }]],
    [
      'one of two candidates has half a call',
      [stop, { choices: [{ index: 1, delta: { tool_calls: [{ id: 'c', function: { name: 'f' } }] } }] }, '[DONE]'],
    ],
    ['chunks came, but no choice', [{ id: 'r', choices: [] }]],
  ])('is cut short when %s', (_, chunks) => {
    expect(() => read(...chunks)).toThrow(
      expect.objectContaining({
        code: 'upstream_stream_truncated',
        message: 'the upstream ended the stream before the answer was complete',
      }),
    );
  });

  test('an error event is one whatever it holds', () => {
    const push = (data: string): unknown => codec.createStreamDecoder().push({ event: 'error', data });
    expect(() => push('{"message":"gone"}')).toThrow(expect.objectContaining({ status: 502, message: 'gone' }));
    expect(() => read('[]')).toThrow(
      expect.objectContaining({ message: 'the upstream streamed data that is not a JSON object' }),
    );
  });
});
