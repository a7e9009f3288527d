import { describe, expect, test } from 'vitest';
import { upstreamError } from '../../errors.ts';
import type { GenerationEvent, JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiResponses } from './index.ts';

const context = (more: Partial<ReplyContext> = {}): ReplyContext => ({
  model: 'm',
  request: openaiResponses.decodeRequest({ model: 'm', input: 'x' }, {}),
  nowS: 7,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
  ...more,
});
const parse = (text: string): JsonObject[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as JsonObject);
const usage = { inputTokens: 1, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 0 };
const START: GenerationEvent = { type: 'response-start', id: 'r', model: 'up', createdAtS: 9 };

test('an answer begins and ends with the whole response', () => {
  const encoder = openaiResponses.createStreamEncoder(context());
  const events = [START, { type: 'response-end', usage } as const].map((event) => encoder.push(event));
  const all = parse(events.join(''));
  expect(all.map((event) => event['type'])).toStrictEqual([
    'response.created',
    'response.in_progress',
    'response.completed',
  ]);
  const [created, , completed] = all.map((event) => event['response'] as JsonObject);
  expect(created).toStrictEqual({
    ...completed,
    ...{ status: 'in_progress', completed_at: null, usage: null, output: [] },
  });
  expect(completed).toMatchObject({
    ...{ id: 'resp_r', object: 'response', created_at: 9, completed_at: 9, status: 'completed', model: 'm' },
    ...{ error: null, incomplete_details: null },
    usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
  });
});

test('an answer that never began has a response at its end', () => {
  const encoder = openaiResponses.createStreamEncoder(context());
  const text = [{ type: 'text-start', block: 0, candidate: 0 } as const, { type: 'response-end', usage } as const].map(
    (event) => encoder.push(event),
  );
  const all = parse(text.join(''));
  expect(all[0]?.['item']).toMatchObject({ id: 'msg_new_0' });
  expect(all.at(-1)?.['response']).toMatchObject({ id: 'resp_new', status: 'completed' });
});

describe('a failure', () => {
  const tired = upstreamError({ status: 500, message: 'tired', code: 'server_error', param: 'p' });
  const error = { code: 'server_error', message: 'tired' };

  test('amid an answer keeps what is done', () => {
    const encoder = openaiResponses.createStreamEncoder(context());
    const before = [
      START,
      { type: 'tool-call-start', block: 0, candidate: 0, id: 'c0', name: 'f', kind: 'function' } as const,
      { type: 'tool-call-start', block: 1, candidate: 0, id: 'c1', name: 'f', kind: 'function' } as const,
      { type: 'block-end', block: 1 } as const,
    ].map((event) => encoder.push(event));
    const [first, second, ...rest] = parse(encoder.fail(tired));
    const sequence_number = parse(before.join('')).length;
    expect(first).toStrictEqual({ type: 'error', sequence_number, ...error, param: 'p' });
    expect(second).toMatchObject({
      ...{ type: 'response.failed', sequence_number: sequence_number + 1 },
      response: { id: 'resp_r', status: 'failed', error, usage: null, output: [{ call_id: 'c1' }] },
    });
    expect(rest).toStrictEqual([]);
  });

  test.each<[string | undefined, string, number, string]>([
    [undefined, '', 0, 'resp_new'],
    ['{"type":"response.created","response":{"id":"resp_a"}}', '"sequence_number":4,', 5, 'resp_a'],
    [
      '{"response" : { "object":"response", "id" : "resp_b"',
      '"sequence_number":3} "sequence_number" : 12',
      13,
      'resp_b',
    ],
    ['{"response":{"tools":[{}],"id":"x"', '"sequence_number":"x"', 0, 'resp_new'],
    ['{"response":{"id":""', '"sequence_number":  \t7', 8, 'resp_new'],
  ])('behind the passed-on head %j and tail %j goes on counting', (head, tail, sequence_number, id) => {
    const passedOn = head === undefined ? {} : { passedOn: { head, tail } };
    const [first, second] = parse(openaiResponses.createStreamEncoder(context(passedOn)).fail(tired));
    expect(first?.['sequence_number']).toBe(sequence_number);
    expect(second).toMatchObject({ sequence_number: sequence_number + 1, response: { id } });
  });
});
