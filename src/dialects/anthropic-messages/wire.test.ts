import { expect, it } from 'vitest';
import { decodeStopReason } from './wire.ts';

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
