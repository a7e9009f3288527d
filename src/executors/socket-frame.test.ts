import { expect, it } from 'vitest';
import { readUpstreamFrame, toServerSentEvent } from './socket-frame.ts';

it.each([
  [{ type: 'response.output_text.delta', delta: 'x' }, { kind: 'event' }],
  [{ type: 'response.output_text.delta', delta: '"error"' }, { kind: 'event' }],
  [{ type: 'response.output_item.done', item: { type: 'x', id: '"response.completed"' } }, { kind: 'event' }],
  [{ type: 'codex.rate_limits' }, { kind: 'notice' }],
  [{ type: 'codex.response.metadata' }, { kind: 'notice' }],
  [
    { type: 'response.created', response: { id: 'r' } },
    { kind: 'created', responseId: 'r' },
  ],
  [{ type: 'response.created' }, { kind: 'created', responseId: undefined }],
  [
    { type: 'response.completed', response: { id: 'r' } },
    { kind: 'terminal', responseId: 'r' },
  ],
  [
    { type: 'response.incomplete', response: { id: 5 } },
    { kind: 'terminal', responseId: undefined },
  ],
  [
    { type: 'response.failed', response: {} },
    { kind: 'terminal', responseId: undefined },
  ],
  [
    { type: 'response.done', response: { id: 'r' } },
    { kind: 'terminal', responseId: 'r' },
  ],
  [
    { type: 'error', status: 429, error: { code: 'c', message: 'm' } },
    { kind: 'error', status: 429, code: 'c', body: { error: { code: 'c', message: 'm' } } },
  ],
  [
    { type: 'error', status_code: 401, body: { error: { code: 'c' } } },
    { kind: 'error', status: 401, code: 'c', body: { error: { code: 'c' } } },
  ],
  [
    { type: 'error', code: 'c', message: 'm', sequence_number: 3, headers: {} },
    { kind: 'error', status: 0, code: 'c', body: { error: { code: 'c', message: 'm' } } },
  ],
  [
    { type: 'error', status: 200, error: { code: 5 } },
    { kind: 'error', status: 0, code: '', body: { error: { code: 5 } } },
  ],
])('reads %j', (frame, expected) => {
  expect(readUpstreamFrame(JSON.stringify(frame))).toEqual(expected);
});

it.each(['not json "error"', '["error"]', '{"kind":"error"}'])('passes %s on', (text) => {
  expect(readUpstreamFrame(text)).toEqual({ kind: 'event' });
});

it('writes a frame as one event', () => {
  expect(toServerSentEvent('{\n  "type": "response.done",\r\n  "a": "x\\ny"}')).toBe(
    'data: {   "type":"response.completed",   "a": "x\\ny"}\n\n',
  );
});
