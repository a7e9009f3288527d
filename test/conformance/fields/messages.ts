/** Claude Messages: https://docs.anthropic.com/en/api/messages (with its public betas) */
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { FieldCase } from './model.ts';

const tool = { name: 'f', input_schema: { type: 'object', properties: {} } };
const user = { role: 'user', content: 'hi' };
const parts = { max_tokens: 64, messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] };
const withTool = { max_tokens: 64, messages: [user], tools: [tool] };
const thinking = { max_tokens: 9000, messages: [user], thinking: { type: 'enabled', budget_tokens: 2000 } };
const history = {
  max_tokens: 64,
  messages: [
    user,
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'r' }] },
  ],
  tools: [tool],
};
const document = {
  max_tokens: 64,
  messages: [
    {
      role: 'user',
      content: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }],
    },
  ],
};
const search = { max_tokens: 64, messages: [user], tools: [{ type: 'web_search_20250305', name: 'web_search' }] };
const part = (value: unknown): FieldCase => ({ path: 'messages[0].content[1]', value, base: parts });
const said = (value: unknown): FieldCase => ({ path: 'messages[1].content[2]', value, base: history });
const offered = (value: unknown): FieldCase => ({ path: 'tools[1]', value, base: withTool });
const ephemeral = { type: 'ephemeral' };

export const messagesBase: Wire = { max_tokens: 64, messages: [user] };

export const messagesFields: readonly FieldCase[] = [
  { path: 'diagnostics', value: { previous_message_id: 'msg_1' } },
  { path: 'user_profile_id', value: 'profile_1' },
  { path: 'workspace_id', value: 'wrkspc_1' },
  { path: 'max_tokens', value: 77 },
  { path: 'system', value: 'be brief' },
  {
    path: 'system',
    value: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  },
  {
    path: 'system[0].cache_control',
    value: ephemeral,
    base: { max_tokens: 64, messages: [user], system: [{ type: 'text', text: 'a' }] },
  },
  { path: 'metadata.user_id', value: 'u', alsoNamed: ['user'] },
  { path: 'stop_sequences', value: ['END'] },
  { path: 'temperature', value: 0.3 },
  { path: 'top_k', value: 5 },
  { path: 'top_p', value: 0.3 },
  { path: 'thinking', value: { type: 'enabled', budget_tokens: 2000 }, base: { max_tokens: 9000, messages: [user] } },
  { path: 'thinking', value: { type: 'disabled' } },
  { path: 'thinking', value: { type: 'adaptive' } },
  { path: 'thinking.display', value: 'omitted', base: thinking },
  { path: 'service_tier', value: 'standard_only' },
  { path: 'container', value: 'container_1' },
  { path: 'context_management', value: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
  { path: 'context_management', value: { edits: [{ type: 'clear_thinking_20251015' }] } },
  { path: 'mcp_servers', value: [{ type: 'url', url: 'https://example.com', name: 'n' }] },
  { path: 'output_config.effort', value: 'low' },
  { path: 'output_config.task_budget', value: { type: 'tokens', total: 20_000 } },
  { path: 'output_config.format', value: { type: 'json_schema', schema: { type: 'object', properties: {} } } },
  { path: 'output_format', value: { type: 'json_schema', schema: { type: 'object', properties: {} } } },
  { path: 'inference_geo', value: 'us' },
  { path: 'speed', value: 'fast' },
  { path: 'speed', value: 'standard' },
  { path: 'cache_control', value: ephemeral },
  { path: 'tool_choice', value: { type: 'any' }, base: withTool },
  { path: 'tool_choice', value: { type: 'tool', name: 'f' }, base: withTool },
  { path: 'tool_choice', value: { type: 'none' }, base: withTool },
  {
    path: 'tool_choice.disable_parallel_tool_use',
    value: true,
    base: { ...withTool, tool_choice: { type: 'auto' } },
    alsoNamed: ['parallel_tool_calls'],
  },
  { path: 'tools', value: [tool] },
  { path: 'tools[0].description', value: 'does f', base: withTool },
  { path: 'tools[0].strict', value: true, base: withTool },
  { path: 'tools[0].cache_control', value: ephemeral, base: withTool },
  { path: 'tools[0].defer_loading', value: true, base: withTool },
  { path: 'tools[0].allowed_callers', value: ['code_execution_20250825'], base: withTool },
  { path: 'tools[0].input_examples', value: [{ a: 1 }], base: withTool },
  { path: 'tools[0].eager_input_streaming', value: true, base: withTool },
  offered({ type: 'bash_20250124', name: 'bash' }),
  offered({ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }),
  offered({ type: 'web_search_20250305', name: 'web_search' }),
  { path: 'tools[0].max_uses', value: 3, base: search },
  { path: 'tools[0].allowed_domains', value: ['example.com'], base: search },
  { path: 'tools[0].blocked_domains', value: ['example.com'], base: search },
  { path: 'tools[0].user_location', value: { type: 'approximate', country: 'CH' }, base: search },
  offered({ type: 'web_fetch_20250910', name: 'web_fetch' }),
  offered({ type: 'code_execution_20250825', name: 'code_execution' }),
  offered({ type: 'memory_20250818', name: 'memory' }),
  offered({ type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 }),
  offered({ type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' }),
  offered({ type: 'mcp_toolset', mcp_server_name: 'n' }),
  part({ type: 'text', text: 'second' }),
  { path: 'messages[0].content[0].cache_control', value: ephemeral, base: parts },
  part({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }),
  part({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
  part({ type: 'image', source: { type: 'file', file_id: 'file_1' } }),
  part({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }),
  part({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } }),
  part({ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }),
  part({ type: 'document', source: { type: 'file', file_id: 'file_1' } }),
  part({ type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'chunk' }] } }),
  { path: 'messages[0].content[0].title', value: 'T', base: document },
  { path: 'messages[0].content[0].context', value: 'about', base: document },
  { path: 'messages[0].content[0].citations', value: { enabled: true }, base: document },
  part({
    type: 'search_result',
    source: 'https://example.com',
    title: 't',
    content: [{ type: 'text', text: 'found' }],
  }),
  part({ type: 'container_upload', file_id: 'file_1' }),
  part({ type: 'novel', novel: 1 }),
  said({ type: 'thinking', thinking: 'thought', signature: 'c2ln' }),
  said({ type: 'redacted_thinking', data: 'ZGF0YQ==' }),
  {
    path: 'messages[1].content[0].citations',
    value: [{ type: 'char_location', cited_text: 'x', document_index: 0, start_char_index: 0, end_char_index: 1 }],
    base: history,
  },
  said({ type: 'tool_use', id: 'toolu_2', name: 'g', input: { a: 1 } }),
  said({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }),
  said({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
  said({
    type: 'code_execution_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: { type: 'code_execution_result', stdout: 'x', stderr: '', return_code: 0, content: [] },
  }),
  said({ type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'n', server_name: 's', input: {} }),
  said({ type: 'compaction', content: 'summary' }),
  { path: 'messages[2].content[0].is_error', value: true, base: history },
  { path: 'messages[2].content[0].cache_control', value: ephemeral, base: history },
  {
    path: 'messages[2].content[0].content',
    value: [
      { type: 'text', text: 'x' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ],
    base: history,
  },
  {
    path: 'messages[2].content[0].content',
    value: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }],
    base: history,
  },
  {
    path: 'messages[2].content[0].content',
    value: [{ type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'found' }] }],
    base: history,
  },
  { path: 'messages[2].content[0].content', value: [{ type: 'tool_reference', tool_name: 'f' }], base: history },
  { path: 'messages[2].content[1]', value: { type: 'text', text: 'and so?' }, base: history },
  { path: 'messages[1]', value: { role: 'system', content: 'sys' } },
];
