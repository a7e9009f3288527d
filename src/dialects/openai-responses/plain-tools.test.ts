import { expect, test } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const find = { type: 'function', name: 'find', strict: false, parameters: { type: 'object', properties: {} } };
const namespace = { type: 'namespace', name: 'docs', description: 'd', tools: [find] };
const patch = { type: 'custom', name: 'patch', description: 'p', format: { type: 'text' } };
const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };

function send(body: JsonObject) {
  const request = openaiResponses.decodeRequest({ model: 'm', input: 'hi', ...body }, {});
  const target = { model: 'm', stream: false, quirks: { plainTools: ['web_search'] } };
  return openaiResponses.encodeRequest(request, target);
}

test('custom tools and those of namespaces become functions', () => {
  const { value, warnings } = send({ tools: [patch, namespace, { ...find, defer_loading: true }] });
  const input = { type: 'string' };
  expect(value['tools']).toStrictEqual([
    {
      type: 'function',
      name: 'patch',
      description: 'p',
      parameters: { type: 'object', properties: { input }, required: ['input'], additionalProperties: false },
    },
    { ...find, name: 'docs__find' },
    find,
  ]);
  expect(warnings).toEqual([]);
});

test('an empty namespace is no tool, and settings about tools go with the last of them', () => {
  const tools = [{ ...namespace, tools: [] }];
  const { value } = send({ tools, tool_choice: 'auto', parallel_tool_calls: true });
  expect(value).toStrictEqual({ model: 'm', input: [user] });
});

test('hosted tools: only those that the server knows, without the member that it refuses', () => {
  const tools = [{ type: 'web_search', external_web_access: true }, { type: 'tool_search' }];
  const sent = send({ tools: [...tools, { type: 'web_search', external_web_access: false }] });
  expect(sent.value['tools']).toEqual([{ type: 'web_search' }, { type: 'web_search' }]);
  expect(sent.warnings).toEqual([
    { path: 'tools[1]', reason: 'the server has no tool of type tool_search' },
    { path: 'tools[2].external_web_access', reason: 'the server always searches the live web' },
  ]);
});

test('a schema is an object at its root', () => {
  const parameters = { anyOf: [{ properties: { a: { type: 'string' } } }] };
  const [tool] = send({ tools: [{ ...find, parameters }] }).value['tools'] as JsonObject[];
  expect(tool?.['parameters']).toMatchObject({ type: 'object', properties: { a: { type: 'string' } } });
  expect(send({ tools: [{ type: 'function', name: 'f' }] }).value['tools']).toEqual([{ type: 'function', name: 'f' }]);
});

test('the conversation calls functions', () => {
  const brought = { type: 'additional_tools', role: 'developer', tools: [patch, find] };
  const call = { call_id: 'a', name: 'patch', input: 'text' };
  const input = [
    { ...user },
    { type: 'reasoning', id: 'rs', summary: [], content: null, encrypted_content: 'x' },
    brought,
    { type: 'custom_tool_call', ...call },
    { type: 'custom_tool_call_output', call_id: 'a', output: 'done' },
    { type: 'function_call', call_id: 'b', name: 'find', namespace: 'docs', arguments: '{}' },
    { type: 'function_call_output', call_id: 'b', output: 'found' },
  ];
  const { value } = send({ input, tools: [namespace, find] });
  expect(value['input']).toStrictEqual([
    user,
    { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'x' },
    { type: 'function_call', call_id: 'a', name: 'patch', arguments: '{"input":"text"}' },
    { type: 'function_call_output', call_id: 'a', output: 'done' },
    { type: 'function_call', call_id: 'b', name: 'docs__find', arguments: '{}' },
    { type: 'function_call_output', call_id: 'b', output: 'found' },
  ]);
  const names = (value['tools'] as JsonObject[]).map((tool) => tool['name']);
  expect(names).toEqual(['docs__find', 'find', 'patch']);
});

test('choices name functions; a hosted tool is demanded as the only one allowed', () => {
  const tools = [patch, namespace, { type: 'web_search' }];
  const choose = (tool_choice: JsonObject) => send({ tools, tool_choice }).value['tool_choice'];
  expect(choose({ type: 'custom', name: 'patch' })).toEqual({ type: 'function', name: 'patch' });
  expect(choose({ type: 'function', name: 'find', namespace: 'docs' })).toEqual({
    type: 'function',
    name: 'docs__find',
  });
  const only = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'web_search' }] };
  expect(choose({ type: 'web_search' })).toEqual(only);
  const allowed = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'custom', name: 'patch' }] };
  expect(choose(allowed)).toEqual({ ...allowed, tools: [{ type: 'function', name: 'patch' }] });
  expect(choose({ type: 'image_generation' })).toBeUndefined();
  expect(send({ tools, tool_choice: { type: 'function', name: 'gone' } })).toMatchObject({
    warnings: [{ path: 'toolChoice', reason: 'the tool is not among those that the server knows' }],
  });
});

test('without the quirk nothing changes', () => {
  const request = openaiResponses.decodeRequest({ model: 'm', input: 'hi', tools: [patch, namespace] }, {});
  const { value } = openaiResponses.encodeRequest(request, { model: 'm', stream: false, quirks: {} });
  expect(value['tools']).toEqual([patch, namespace]);
});
