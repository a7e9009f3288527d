import { expect, test } from 'vitest';
import { tokenCounter } from './token-counter.ts';

test('a count request without input is a request with none', () => {
  expect(tokenCounter.toGenerationBody({ model: 'm', instructions: 'i' })).toStrictEqual({
    model: 'm',
    instructions: 'i',
    input: [],
  });
  expect(tokenCounter.toGenerationBody({ model: 'm', input: null })).toStrictEqual({ model: 'm', input: [] });
  expect(tokenCounter.toGenerationBody({ model: 'm', input: 'hi' })).toStrictEqual({ model: 'm', input: 'hi' });
});

test('only what the endpoint takes is sent to it', () => {
  const counted = {
    conversation: 'c',
    input: [],
    instructions: 'i',
    parallel_tool_calls: true,
    previous_response_id: 'p',
    reasoning: { effort: 'low' },
    text: { verbosity: 'low' },
    tool_choice: 'auto',
    tools: [],
    truncation: 'auto',
  };
  const refused = { model: 'm', store: false, stream: true, include: [], temperature: 1, prompt_cache_key: 'k' };
  expect(tokenCounter.toCountBody({ ...refused, ...counted }, 'up', false)).toStrictEqual({ model: 'up', ...counted });
});

test('the answer', () => {
  expect(tokenCounter.encodeCount(7)).toStrictEqual({ object: 'response.input_tokens', input_tokens: 7 });
  expect(tokenCounter.decodeCount({ object: 'response.input_tokens', input_tokens: 7 })).toBe(7);
  expect(tokenCounter.decodeCount({ input_tokens: '7' })).toBeUndefined();
  expect(tokenCounter.decodeCount({})).toBeUndefined();
});
