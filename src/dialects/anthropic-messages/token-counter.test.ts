import { expect, test } from 'vitest';
import { tokenCounter } from './token-counter.ts';

test('a count request is a message request', () => {
  const body = { model: 'm', messages: [] };
  expect(tokenCounter.toGenerationBody(body)).toBe(body);
});

test('only what the endpoint takes is sent to it', () => {
  const counted = {
    messages: [],
    system: 's',
    tools: [],
    tool_choice: { type: 'auto' },
    thinking: { type: 'adaptive' },
    output_config: {},
    mcp_servers: [],
    context_management: {},
  };
  const refused = { model: 'm', max_tokens: 9, stream: true, temperature: 1, metadata: {}, stop_sequences: [] };
  expect(tokenCounter.toCountBody({ ...refused, ...counted }, 'up', false)).toEqual({ model: 'up', ...counted });
});

test('the answer', () => {
  expect(tokenCounter.encodeCount(7)).toEqual({ input_tokens: 7 });
  expect(tokenCounter.decodeCount({ input_tokens: 7 })).toBe(7);
  expect(tokenCounter.decodeCount({ input_tokens: '7' })).toBeUndefined();
});
