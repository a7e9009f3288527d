/** Chat Completions: https://platform.openai.com/docs/api-reference/chat/create, and what compatible servers add. */
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { FieldCase } from './model.ts';

const fn = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };
const custom = { type: 'custom', custom: { name: 'c' } };
const user = { role: 'user', content: 'hi' };
const parts = { messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] };
const history = {
  messages: [
    user,
    {
      role: 'assistant',
      content: 'a',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'r' },
    { role: 'assistant', content: 'b' },
    user,
  ],
  tools: [fn],
};
const schema = {
  messages: [user],
  response_format: {
    type: 'json_schema',
    json_schema: { schema: { type: 'object', properties: {} }, name: 'response' },
  },
};
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const withImage = { messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }, image] }] };

export const chatBase: Wire = { messages: [user] };

export const chatFields: readonly FieldCase[] = [
  { path: 'audio', value: { voice: 'alloy', format: 'wav' } },
  { path: 'frequency_penalty', value: 0.5 },
  { path: 'presence_penalty', value: 0.5 },
  {
    path: 'function_call',
    value: { name: 'f' },
    base: { messages: [user], functions: [{ name: 'f', parameters: { type: 'object', properties: {} } }] },
    alsoNamed: ['tool_choice'],
  },
  { path: 'functions', value: [{ name: 'f', parameters: { type: 'object', properties: {} } }] },
  { path: 'logit_bias', value: { '50256': -100 } },
  { path: 'logprobs', value: true },
  { path: 'top_logprobs', value: 3, base: { messages: [user], logprobs: true } },
  { path: 'max_completion_tokens', value: 77 },
  { path: 'max_tokens', value: 77 },
  { path: 'metadata', value: { run: 'x' } },
  { path: 'modalities', value: ['text', 'audio'] },
  { path: 'moderation', value: { model: 'omni-moderation-latest' } },
  { path: 'prompt_cache_options', value: { ttl: '30m' } },
  { path: 'n', value: 2 },
  { path: 'parallel_tool_calls', value: false, base: { messages: [user], tools: [fn] } },
  { path: 'prediction', value: { type: 'content', content: 'abc' } },
  { path: 'prompt_cache_key', value: 'k' },
  { path: 'prompt_cache_retention', value: '24h' },
  { path: 'reasoning_effort', value: 'low' },
  { path: 'response_format', value: { type: 'json_object' } },
  {
    path: 'response_format',
    value: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object', properties: {} } } },
  },
  { path: 'response_format', value: { type: 'grammar', grammar: 'root ::= "a"' } },
  { path: 'response_format.json_schema.name', value: 'person', base: schema },
  { path: 'response_format.json_schema.description', value: 'a person', base: schema },
  { path: 'response_format.json_schema.strict', value: true, base: schema },
  { path: 'safety_identifier', value: 'u', alsoNamed: ['user'] },
  { path: 'seed', value: 7 },
  { path: 'service_tier', value: 'flex' },
  { path: 'service_tier', value: 'priority' },
  { path: 'stop', value: 'END' },
  { path: 'stop', value: ['END', 'X'] },
  { path: 'store', value: true },
  { path: 'stream_options', value: { include_usage: true } },
  { path: 'temperature', value: 0.3 },
  { path: 'temperature', value: 1.7 },
  { path: 'top_p', value: 0.3 },
  { path: 'top_k', value: 5 },
  { path: 'min_p', value: 0.1 },
  { path: 'repetition_penalty', value: 1.1 },
  { path: 'user', value: 'u' },
  { path: 'verbosity', value: 'low' },
  { path: 'web_search_options', value: { search_context_size: 'low' } },
  { path: 'tools', value: [fn] },
  { path: 'tools', value: [custom] },
  { path: 'tools[0].function.description', value: 'does f', base: { messages: [user], tools: [fn] } },
  { path: 'tools[0].function.strict', value: true, base: { messages: [user], tools: [fn] } },
  { path: 'tools[0].custom.description', value: 'does c', base: { messages: [user], tools: [custom] } },
  {
    path: 'tools[0].custom.format',
    value: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } },
    base: { messages: [user], tools: [custom] },
  },
  { path: 'tool_choice', value: 'required', base: { messages: [user], tools: [fn] } },
  {
    path: 'tool_choice',
    value: { type: 'function', function: { name: 'f' } },
    base: { messages: [user], tools: [fn] },
  },
  {
    path: 'tool_choice',
    value: { type: 'custom', custom: { name: 'c' } },
    base: { messages: [user], tools: [custom] },
  },
  {
    path: 'tool_choice',
    value: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
    },
    base: { messages: [user], tools: [fn, { type: 'function', function: { name: 'g' } }] },
  },
  { path: 'messages[0].name', value: 'alice' },
  { path: 'messages[1].name', value: 'bot', base: history },
  { path: 'messages[1].refusal', value: 'I will not', base: history },
  { path: 'messages[1].reasoning_content', value: 'I thought', base: history, alsoNamed: ['messages[1].content[0]'] },
  { path: 'messages[1].audio', value: { id: 'audio_1' }, base: history, alsoNamed: ['messages[1].content[1]'] },
  { path: 'messages[3].function_call', value: { name: 'f', arguments: '{}' }, base: history },
  { path: 'messages[2].content', value: [{ type: 'text', text: 'other' }], base: history },
  { path: 'messages[2].tool_call_id', value: 'call_other', base: history },
  {
    path: 'messages[1].tool_calls[1]',
    value: { id: 'call_2', type: 'custom', custom: { name: 'c', input: 'x' } },
    base: history,
  },
  {
    path: 'messages[1].tool_calls[1]',
    value: { id: 'call_2', type: 'function', function: { name: 'g', arguments: 'not json' } },
    base: history,
  },
  { path: 'messages[0].content[1]', value: { type: 'text', text: 'second' }, base: parts },
  { path: 'messages[0].content[1]', value: image, base: parts },
  {
    path: 'messages[0].content[1]',
    value: { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    base: parts,
  },
  { path: 'messages[0].content[1].image_url.detail', value: 'low', base: withImage },
  {
    path: 'messages[0].content[1]',
    value: { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
    base: parts,
  },
  { path: 'messages[0].content[1]', value: { type: 'file', file: { file_id: 'file-1' } }, base: parts },
  {
    path: 'messages[0].content[1]',
    value: { type: 'file', file: { filename: 'b.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
    base: parts,
  },
  {
    path: 'messages[0].content[1]',
    value: { type: 'file', file: { filename: 'b.txt', file_data: 'data:text/plain;base64,aGVsbG8=' } },
    base: parts,
  },
  {
    path: 'messages[0].content[1]',
    value: { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
    base: parts,
  },
  { path: 'messages[0].content[0].cache_control', value: { type: 'ephemeral' }, base: parts },
  { path: 'messages[0].content[1]', value: { type: 'novel', novel: 1 }, base: parts },
  { path: 'messages[1]', value: { role: 'developer', content: 'dev' } },
  { path: 'messages[1]', value: { role: 'system', content: 'sys' } },
  { path: 'messages[1]', value: { role: 'function', name: 'f', content: 'r' } },
];
