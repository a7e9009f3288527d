/** A conversation with a tool call and its result, in each dialect's own words: the model must see the same prompt. */
import { expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { askDirectly, type ModelProxy, proxyForModels } from './model-server.ts';

const at: ModelProxy = proxyForModels();
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = { name: 'get_weather', arguments: '{"city":"Zürich"}' };
const chat = {
  max_tokens: 40,
  tools: [{ type: 'function', function: { name: call.name, description: 'Weather.', parameters: schema } }],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather in Zürich?' },
    { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'call_1', type: 'function', function: call }] },
    { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    { role: 'user', content: 'And tomorrow?' },
  ],
};
const messages = {
  model: 'tiny-chat',
  temperature: 0,
  max_tokens: 40,
  system: 'Be brief.',
  tools: [{ name: call.name, description: 'Weather.', input_schema: schema }],
  messages: [
    { role: 'user', content: 'Weather in Zürich?' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'call_1', name: call.name, input: { city: 'Zürich' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' },
        { type: 'text', text: 'And tomorrow?' },
      ],
    },
  ],
};
const responses = {
  model: 'tiny-chat',
  temperature: 0,
  max_output_tokens: 40,
  instructions: 'Be brief.',
  tools: [{ type: 'function', name: call.name, description: 'Weather.', parameters: schema }],
  input: [
    { role: 'user', content: 'Weather in Zürich?' },
    { role: 'assistant', content: 'I look.' },
    { type: 'function_call', call_id: 'call_1', ...call },
    { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
    { role: 'user', content: 'And tomorrow?' },
  ],
};
const gemini = {
  generationConfig: { temperature: 0, maxOutputTokens: 40 },
  systemInstruction: { parts: [{ text: 'Be brief.' }] },
  tools: [{ functionDeclarations: [{ name: call.name, description: 'Weather.', parametersJsonSchema: schema }] }],
  contents: [
    { role: 'user', parts: [{ text: 'Weather in Zürich?' }] },
    {
      role: 'model',
      parts: [{ text: 'I look.' }, { functionCall: { id: 'call_1', name: call.name, args: { city: 'Zürich' } } }],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { id: 'call_1', name: call.name, response: { output: 'sunny' } } },
        { text: 'And tomorrow?' },
      ],
    },
  ],
};

test.for([
  ['openai chat', '/v1/chat/completions', { model: 'tiny-chat', temperature: 0, ...chat }],
  ['openai responses', '/v1/responses', responses],
  ['anthropic messages', '/v1/messages', messages],
  ['gemini', '/v1beta/models/tiny-chat:generateContent', gemini],
] as const)('%s', async ([, path, body]) => {
  const direct = await askDirectly(at.server, chat);
  const reply = await fetch(at.proxy + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await reply.text();
  expect(reply.status, answer).toBe(200);
  // The same text at temperature 0, wherever the dialect puts it. A tool call may follow it: the tools are still there.
  expect(direct.text.length).toBeGreaterThan(10);
  expect(answer).toContain(JSON.stringify(direct.text).slice(1, -1));
  expect(reply.headers.get('x-llmproxy-dropped')).toBeNull();
});
