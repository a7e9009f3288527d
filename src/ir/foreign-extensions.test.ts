import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import type { Extensions } from './extensions.ts';
import { foreignExtensionWarnings, foreignSettingWarnings } from './foreign-extensions.ts';
import type { JsonObject } from './json.ts';
import type { GenerationRequest } from './request.ts';

const request = (more: Partial<GenerationRequest>): GenerationRequest => ({
  model: 'm',
  stream: true,
  messages: [],
  tools: [],
  sampling: {},
  extensions: {},
  ...more,
});
const lost = (more: Partial<GenerationRequest>, own = 'other'): string[] =>
  foreignExtensionWarnings(request(more), own).map(({ path }) => path);

describe('fields of the request', () => {
  it.each<[string, JsonObject]>([
    ['openai-chat', { stream_options: { include_usage: true }, prompt_cache_retention: '24h', safety_identifier: 'u' }],
    ['openai-chat', { functions: [{ name: 'f' }], function_call: 'auto', usage: { include: true } }],
    ['openai-chat', { reasoning: { effort: 'high', exclude: true } }],
    ['openai-completions', { stream_options: { include_usage: true } }],
    ['openai-responses', { include: ['reasoning.encrypted_content'], client_metadata: { a: 'b' }, $items: { x: 1 } }],
    ['openai-responses', { truncation: 'disabled', background: false, reasoning: { generate_summary: 'auto' } }],
    ['openai-responses', { previous_response_id: null }],
    ['anthropic-messages', { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } }],
    ['anthropic-messages', { metadata: { a: 'b' }, betas: ['x'], cache_control: { type: 'ephemeral' } }],
    ['gemini', { labels: { team: 'a' }, sessionId: 's', store: false }],
    ['gemini', { toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } } }],
    ['unknown', { nothing: null, empty: {}, none: [], blank: '' }],
  ])('%s %j are hints, whose absence changes no answer', (dialect, fields) => {
    expect(lost({ extensions: { [dialect]: fields } })).toEqual([]);
  });

  it.each<[string, JsonObject, string[]]>([
    ['openai-chat', { logit_bias: { 5: 1 }, audio: { voice: 'a' } }, ['logit_bias', 'audio']],
    ['openai-chat', { reasoning: { effort: 'high', later: 1 } }, ['reasoning.later']],
    ['openai-responses', { include: ['web_search_call.action.sources'] }, ['include']],
    ['openai-responses', { truncation: 'auto', background: true }, ['truncation', 'background']],
    ['openai-responses', { text: { later: 1 }, reasoning: { effort: 'ultra' } }, ['text.later', 'reasoning.effort']],
    [
      'anthropic-messages',
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      ['context_management'],
    ],
    ['anthropic-messages', { mcp_servers: [{ url: 'https://example.com' }], speed: 'later' }, ['mcp_servers', 'speed']],
    ['gemini', { safetySettings: [{ category: 'X' }] }, ['safetySettings']],
    [
      'gemini',
      { generationConfig: { speechConfig: { a: 1 }, thinkingConfig: { later: 1 } } },
      ['generationConfig.speechConfig', 'generationConfig.thinkingConfig.later'],
    ],
    ['unknown', { anything: 0 }, ['anything']],
  ])('%s %j are missed', (dialect, fields, paths) => {
    expect(lost({ extensions: { [dialect]: fields } })).toEqual(paths);
    expect(lost({ extensions: { [dialect]: fields } }, dialect)).toEqual([]);
  });

  it('are all explained in the same words', () => {
    expect(foreignExtensionWarnings(request({ extensions: { gemini: { later: 1 } } }), 'openai-chat')).toEqual([
      { path: 'later', reason: 'only gemini knows this field' },
    ]);
  });

  it.each([
    ['openai-responses', 'previous_response_id', 'resp_1'],
    ['openai-responses', 'conversation', { id: 'conv_1' }],
    ['openai-responses', 'prompt', { id: 'pmpt_1' }],
    ['gemini', 'cachedContent', 'cachedContents/1'],
  ])('of %s that lean on a stored conversation (%s) are refused elsewhere', (dialect, key, value) => {
    const extensions: Extensions = { [dialect]: { [key]: value } };
    expect(lost({ extensions }, dialect)).toEqual([]);
    try {
      lost({ extensions });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ProxyError);
      expect(error).toMatchObject({ code: 'lossy_translation', status: 400, path: key });
    }
  });
});

it('names fields of tools and media where they stand', () => {
  const image = {
    type: 'media',
    kind: 'file',
    source: { type: 'text', text: 'x' },
    extensions: { 'anthropic-messages': { context: 'about it', citations: { enabled: false } } },
  } as const;
  const result = { type: 'tool-result', callId: 'c', content: [image], isError: false, kind: 'function' } as const;
  const messages = [{ role: 'user', content: [image, result], path: 'messages[0]' }] as const;
  const tools = [
    {
      type: 'function',
      name: 'f',
      path: 'tools[0]',
      extensions: { 'anthropic-messages': { defer_loading: true, input_examples: [{}], type: 'custom' } },
    },
  ] as const;
  expect(lost({ messages, tools })).toEqual([
    'tools[0].input_examples',
    'messages[0].content[0].context',
    'messages[0].content[1].content[0].context',
  ]);
});

it('names settings of a built-in tool without its kind and name', () => {
  const settings = { type: 'web_search', name: 'web_search', max_uses: 3, search_context_size: 'medium' };
  const tool = { type: 'built-in', name: 'web-search', path: 'tools[1]' } as const;
  const paths = (dialect: string, own: string): string[] =>
    foreignSettingWarnings({ ...tool, extensions: { [dialect]: settings } }, own).map(({ path }) => path);
  expect(paths('openai-responses', 'gemini')).toEqual(['tools[1].max_uses']);
  expect(paths('openai-responses', 'openai-responses')).toEqual([]);
  expect(paths('unknown', 'gemini')).toEqual(['tools[1].max_uses', 'tools[1].search_context_size']);
});
