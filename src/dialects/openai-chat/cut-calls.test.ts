import { expect, test } from 'vitest';
import { collectEvents } from '../../ir/collect.ts';
import { openaiChat } from './index.ts';

/** How an answer with these calls ended, as a whole and as a stream, which must agree. */
function endOf(finish_reason: string, ...calls: readonly object[]): string | undefined {
  const tool_calls = calls.map((call, index) => ({ index, id: `c${index}`, ...call }));
  const message = { role: 'assistant', content: null, tool_calls };
  const whole = openaiChat.decodeResponse({ id: 'x', model: 'm', choices: [{ index: 0, message, finish_reason }] });
  const decoder = openaiChat.createStreamDecoder();
  const data = JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta: message, finish_reason }] });
  const streamed = collectEvents([...decoder.push({ event: undefined, data }), ...decoder.end()]);
  expect(streamed.candidates[0]?.finishReason).toBe(whole.candidates[0]?.finishReason);
  return whole.candidates[0]?.finishReason;
}

const called = (args: string) => ({ type: 'function', function: { name: 'f', arguments: args } });
const custom = { type: 'custom', custom: { name: 'c', input: 'half a te' } };

test('a call that the output limit cut off is no call that can be run', () => {
  expect(endOf('length', called('{"a":'))).toBe('length');
  expect(endOf('length', called('{}'), called('{"a'))).toBe('length');
  expect(endOf('length', called(''))).toBe('length');
});

test('whole calls can be, whatever the reason', () => {
  expect(endOf('length', called('{"a":1}'))).toBe('tool-calls');
  expect(endOf('length', custom)).toBe('tool-calls');
  expect(endOf('tool_calls', called('{"a":'))).toBe('tool-calls');
});
