import { expect, it } from 'vitest';
import type { FinishReason } from '../../ir/index.ts';
import { decodeStopReason, encodeCacheControl, encodeStopReason, sanitizeToolId } from './wire.ts';

it.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['sensitive', 'content-filter'],
  ['anything', 'other'],
  [null, 'other'],
])('stop_reason %j means %s', (stopReason, finishReason) => expect(decodeStopReason(stopReason)).toBe(finishReason));

it.each<[FinishReason, string, string, string, string]>([
  ['stop', 'end_turn', 'tool_use', 'refusal', 'stop_sequence'],
  ['tool-calls', 'end_turn', 'tool_use', 'refusal', 'stop_sequence'],
  ['error', 'end_turn', 'tool_use', 'refusal', 'stop_sequence'],
  ['other', 'end_turn', 'tool_use', 'refusal', 'stop_sequence'],
  ['length', 'max_tokens', 'max_tokens', 'max_tokens', 'max_tokens'],
  ['pause', 'pause_turn', 'pause_turn', 'pause_turn', 'pause_turn'],
  ['refusal', 'refusal', 'refusal', 'refusal', 'refusal'],
  ['content-filter', 'refusal', 'refusal', 'refusal', 'refusal'],
])('%s is %s; with a call %s, with a refusal %s, with a stop sequence %s', (finishReason, ...expected) => {
  const none = { hasCall: false, hasRefusal: false, stopSequence: undefined };
  const facts = [
    none,
    { hasCall: true, hasRefusal: true, stopSequence: 'END' },
    { ...none, hasRefusal: true, stopSequence: 'END' },
    { ...none, stopSequence: '' },
  ];
  expect(facts.map((one) => encodeStopReason(finishReason, one))).toEqual(expected);
});

it('a breakpoint without a lifetime names none', () => {
  expect(encodeCacheControl({})).toStrictEqual({ type: 'ephemeral' });
  expect(encodeCacheControl({ ttl: '5m' })).toStrictEqual({ type: 'ephemeral', ttl: '5m' });
});

it.each([
  ['', '_'],
  ['aZ0_-', 'aZ0_-'],
  ['a.b:c', 'a_b_c'],
])('the id %j is sent as %j', (id, wire) => expect(sanitizeToolId(id)).toBe(wire));
