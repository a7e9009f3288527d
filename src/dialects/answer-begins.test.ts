import { expect, test } from 'vitest';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { gemini } from './gemini/index.ts';
import { openaiChat } from './openai-chat/index.ts';

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

test.each([
  ['Claude', anthropicMessages, '{"type":"message_start","message":{"usage":{"server_tool_use":null}}}', false],
  ['Claude', anthropicMessages, '{"type":"ping"}', false],
  ['Claude', anthropicMessages, '{"type":"content_block_start","content_block":{"type":"text","text":""}}', false],
  ['Claude', anthropicMessages, '{"type":"content_block_start","content_block":{"type":"tool_use"}}', true],
  [
    'Claude',
    anthropicMessages,
    '{"type":"content_block_start","content_block":{"type": "web_search_tool_result"}}',
    true,
  ],
  ['Claude', anthropicMessages, '{"type":"content_block_delta"}', true],
  ['Claude', anthropicMessages, '{"type":"message_delta"}', true],
  ['Claude', anthropicMessages, '{"type":"message_stop"}', true],
  ['Gemini', gemini, '{"usageMetadata":{}}', false],
  ['Gemini', gemini, '{"candidates":[]}', true],
  ['Gemini', gemini, '{"promptFeedback":{}}', true],
  ['Gemini', gemini, '{"prompt_feedback":{}}', true],
  ['Chat', openaiChat, chunk({ role: 'assistant', content: '', refusal: null }), false],
  ['Chat', openaiChat, chunk({ role: 'assistant', content: null, reasoning_content: '' }), false],
  ['Chat', openaiChat, chunk({ content: 'x' }), true],
  ['Chat', openaiChat, chunk({ reasoning_content: 'x' }), true],
  ['Chat', openaiChat, chunk({ reasoning: 'x' }), true],
  ['Chat', openaiChat, chunk({ refusal: 'x' }), true],
  ['Chat', openaiChat, chunk({ tool_calls: [] }), true],
  ['Chat', openaiChat, chunk({ images: [] }), true],
  ['Chat', openaiChat, chunk({ audio: {} }), true],
  ['Chat', openaiChat, chunk({}, 'stop'), true],
  ['Chat', openaiChat, 'data: [DONE]\n\n', true],
])('%s %#: begins the answer', (_name, codec, text, begins) => {
  expect(codec.answerBegins.test(text)).toBe(begins);
});
