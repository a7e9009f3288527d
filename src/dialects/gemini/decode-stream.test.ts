import { expect, it } from 'vitest';
import type { GenerationEvent, JsonValue } from '../../ir/index.ts';
import { emptyUsage } from '../../ir/index.ts';
import { createStreamDecoder } from './decode-stream.ts';

const stop = { candidates: [{ finishReason: 'STOP' }] };

function decode(...frames: (JsonValue | string)[]): GenerationEvent[] {
  const decoder = createStreamDecoder();
  const events = frames.flatMap((frame) => [
    ...decoder.push({ event: undefined, data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
  ]);
  return [...events, ...decoder.end()];
}
const start = { type: 'response-start', id: '', model: '' };
const end = { type: 'response-end', usage: emptyUsage };

it('frames without data and the end marks of others are passed over', () => {
  expect(decode('', stop, '[DONE]')).toStrictEqual([
    start,
    { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
    end,
  ]);
});

it('the first frame tells of the answer, and the last of its tokens', () => {
  const first = { responseId: 'r', modelVersion: 'm', createTime: '1970-01-01T00:00:02Z' };
  expect(
    decode(
      { ...first, usageMetadata: { promptTokenCount: 9 } },
      { ...stop, responseId: 'other' },
      {
        usage_metadata: { promptTokenCount: 3 },
      },
    ),
  ).toStrictEqual([
    { type: 'response-start', id: 'r', model: 'm', createdAtS: 2 },
    { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
    { type: 'response-end', usage: { ...emptyUsage, inputTokens: 3 } },
  ]);
});

it('calls have ids with that of the answer', () => {
  const call = { content: { parts: [{ functionCall: { name: 'f' } }] }, finishReason: 'STOP' };
  expect(decode({ responseId: 'r', candidates: [call] })).toMatchObject([
    { type: 'response-start' },
    { type: 'tool-call-start', id: 'call_r_f_0' },
    { type: 'tool-call-delta', arguments: '{}' },
    { type: 'block-end' },
    { type: 'candidate-end', finishReason: 'tool-calls' },
    { type: 'response-end' },
  ]);
});

it('an empty finish reason is none', () => {
  expect(() => decode({ candidates: [{ finishReason: '' }] })).toThrow(
    expect.objectContaining({
      code: 'upstream_stream_truncated',
      message: 'the Gemini stream ended without a finishReason',
    }),
  );
});

it('a refused prompt ends the answer; one that is told of later does not take back its end', () => {
  const blocked = { promptFeedback: { blockReason: 'OTHER' } };
  const filtered = { type: 'candidate-end', candidate: 0, finishReason: 'content-filter' };
  expect(decode(blocked)).toStrictEqual([start, filtered, end]);
  expect(decode({ promptFeedback: {} }, stop)[1]).toMatchObject({ finishReason: 'stop' });
  expect(decode(stop, blocked)[1]).toMatchObject({ finishReason: 'stop' });
});

it.each([
  ['{', 'the Gemini stream holds a frame that is not JSON'],
  ['5', 'the Gemini stream holds a frame that is not an object'],
  ['[]', 'the Gemini stream holds a frame that is not an object'],
])('%s is refused', (data, message) => {
  expect(() => decode(data)).toThrow(expect.objectContaining({ code: 'upstream_invalid_response', message }));
});

it('what was wrong with the JSON is kept', () => {
  expect(() => decode('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
});

it('a frame may stand in an array', () => {
  expect(decode([stop])).toStrictEqual(decode(stop));
});
