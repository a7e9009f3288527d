import { expect, test } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { replayResponse } from '../../ir/replay.ts';
import { openaiResponses } from './index.ts';

const text = { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'hi' }] };
const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 't', arguments: '{}' };

/** How an answer ended, as a whole and as a stream, which must agree. */
function endOf(fields: JsonObject, item: JsonObject = text): object {
  const response = { id: 'r', model: 'm', status: 'completed', output: [item], ...fields };
  const { finishReason, stopSequence } = openaiResponses.decodeResponse(response).candidates[0] ?? {};
  const data = JSON.stringify({ type: 'response.completed', response });
  const events = openaiResponses.createStreamDecoder().push({ event: undefined, data });
  const end = events.find((event) => event.type === 'candidate-end');
  const whole = { finishReason, ...(stopSequence !== undefined && { stopSequence }) };
  expect(end).toStrictEqual({ type: 'candidate-end', candidate: 0, ...whole });
  return whole;
}

test.each([
  [undefined, 'stop'],
  ['', 'stop'],
  ['stop', 'stop'],
  ['completed', 'stop'],
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['content_filter', 'content-filter'],
  ['later', 'stop'],
])('stop_reason %s of a completed response is %s', (stop_reason, finishReason) => {
  expect(endOf(stop_reason === undefined ? {} : { stop_reason })).toStrictEqual({ finishReason });
});

test('a call stands above the reason, an incomplete status above all', () => {
  expect(endOf({ stop_reason: 'max_tokens' }, call)).toStrictEqual({ finishReason: 'tool-calls' });
  const incomplete = { status: 'incomplete', stop_reason: 'end_turn' };
  expect(endOf({ ...incomplete, incomplete_details: { reason: 'max_output_tokens' } }, call)).toStrictEqual({
    finishReason: 'length',
  });
});

test('the stop sequence is told', () => {
  expect(endOf({ stop_sequence: 'END' })).toStrictEqual({ finishReason: 'stop', stopSequence: 'END' });
  expect(endOf({ stop_sequence: null })).toStrictEqual({ finishReason: 'stop' });
});

test.each([
  ['gAAAAfirst', undefined, 'gAAAAfirst'],
  ['gAAAAfirst', '', 'gAAAAfirst'],
  ['gAAAAfirst', 'gAAAAlast', 'gAAAAlast'],
  [undefined, undefined, undefined],
])('reasoning that began with the signature %s and ended with %s has %s', (first, last, expected) => {
  const decoder = openaiResponses.createStreamDecoder();
  const push = (event: object): unknown[] => [...decoder.push({ event: undefined, data: JSON.stringify(event) })];
  const item = (sealed: string | undefined): object => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: [],
    ...(sealed !== undefined && { encrypted_content: sealed }),
  });
  push({ type: 'response.output_item.added', output_index: 0, item: item(first) });
  const events = push({ type: 'response.output_item.done', output_index: 0, item: item(last) });
  const signature = { type: 'block-signature', block: 0, signature: { origin: 'openai-responses', value: expected } };
  expect(events.slice(1)).toStrictEqual([
    ...(expected === undefined ? [] : [signature]),
    { type: 'block-end', block: 0 },
  ]);
});

test.each([
  ['stop', false, 'completed', null],
  ['tool-calls', false, 'completed', null],
  ['pause', false, 'completed', null],
  ['other', false, 'completed', null],
  ['refusal', true, 'completed', null],
  ['refusal', false, 'incomplete', 'content_filter'],
  ['content-filter', false, 'incomplete', 'content_filter'],
  ['content-filter', true, 'incomplete', 'content_filter'],
  ['length', false, 'incomplete', 'max_output_tokens'],
  ['error', false, 'failed', null],
] as const)('an answer that ended with %s (refusal in it: %s) is %s, %s', (finishReason, refused, status, reason) => {
  const content = refused ? [{ type: 'refusal', text: 'no' } as const] : [];
  const usage = { inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  const answer = { id: 'r', model: 'm', candidates: [{ content, finishReason }], usage, extensions: {} };
  const request = openaiResponses.decodeRequest({ model: 'm', input: 'x' }, {});
  const context = { model: 'm', request, nowS: 1, newId: (prefix: string) => prefix, framing: 'sse' } as const;
  const encoder = openaiResponses.createStreamEncoder(context);
  const last = replayResponse(answer)
    .map((event) => encoder.push(event))
    .join('')
    .trimEnd()
    .split('data: ')
    .at(-1);
  const end = {
    status,
    incomplete_details: reason === null ? null : { reason },
    error: status === 'failed' ? { code: 'server_error', message: 'the model stopped with an error' } : null,
    completed_at: status === 'completed' ? 1 : null,
  };
  expect(openaiResponses.encodeResponse(answer, context).value).toMatchObject(end);
  expect(JSON.parse(last ?? '')).toMatchObject({ type: `response.${status}`, response: end });
});
