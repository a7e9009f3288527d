import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { decodeRequest } from './decode-request.ts';

const bare = { model: 'm', messages: [] };
const decode = (body: JsonObject) => decodeRequest({ ...bare, ...body }, {});
const nothing = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };

it('the least that a request may say', () => {
  expect(decode({})).toStrictEqual(nothing);
  expect(Object.keys(decode({})).toSorted()).toStrictEqual(Object.keys(nothing).toSorted());
});

it('the URL goes before the body', () => {
  expect(decodeRequest({ ...bare, stream: true }, { model: 'url', stream: false })).toStrictEqual({
    ...nothing,
    model: 'url',
  });
  expect(decodeRequest({ messages: [] }, { model: 'url', stream: true })).toStrictEqual({
    ...nothing,
    model: 'url',
    stream: true,
  });
});

it.each<[JsonObject, object]>([
  [{ stream: true }, { stream: true }],
  [{ max_tokens: 0 }, { sampling: { maxOutputTokens: 0 } }],
  [{ temperature: 0 }, { sampling: { temperature: 0 } }],
  [{ top_p: 0 }, { sampling: { topP: 0 } }],
  [{ top_k: 0 }, { sampling: { topK: 0 } }],
  [{ stop_sequences: ['a', ''] }, { sampling: { stop: ['a', ''] } }],
  [{ stop_sequences: [] }, {}],
  [
    { temperature: null, stop_sequences: null, tools: null, system: null, thread: null },
    { extensions: { 'anthropic-messages': { thread: null } } },
  ],
  [{ metadata: { user_id: 'u' } }, { user: 'u' }],
  [{ metadata: { user_id: '' } }, { user: '' }],
  [{ metadata: { a: 1 } }, { extensions: { 'anthropic-messages': { metadata: { a: 1 } } } }],
  [{ metadata: { user_id: 'u', a: 1 } }, { user: 'u', extensions: { 'anthropic-messages': { metadata: { a: 1 } } } }],
  [{ service_tier: 'auto' }, { serviceTier: 'auto' }],
  [{ speed: 'fast' }, { serviceTier: 'priority', extensions: { 'anthropic-messages': { speed: 'fast' } } }],
  [{ speed: 'standard' }, { extensions: { 'anthropic-messages': { speed: 'standard' } } }],
  [
    { speed: 'fast', service_tier: 'auto' },
    { serviceTier: 'auto', extensions: { 'anthropic-messages': { speed: 'fast' } } },
  ],
  [{ mcp_servers: [1] }, { extensions: { 'anthropic-messages': { mcp_servers: [1] } } }],
])('%j', (body, expected) => expect(decode(body)).toStrictEqual({ ...nothing, ...expected }));

describe('the form of the answer', () => {
  const format = { type: 'json_schema', schema: { type: 'object' } };
  const output = { type: 'json-schema', schema: { type: 'object' } };
  const extra = (fields: JsonObject) => ({ extensions: { 'anthropic-messages': fields } });
  it.each<[JsonObject, object]>([
    [{ output_config: { format } }, { output }],
    [{ output_format: format }, { output }],
    [{ output_config: { format }, output_format: { ...format, schema: {} } }, { output }],
    [{ output_config: { format: null }, output_format: format }, { output }],
    [{ output_config: { format: { type: 'later' } } }, extra({ output_config: { format: { type: 'later' } } })],
    [{ output_config: { format, later: 1 } }, { output, ...extra({ output_config: { later: 1 } }) }],
    [{ output_config: { effort: 'low' } }, { reasoning: { effort: 'low' } }],
    [
      { output_config: { effort: 'later' } },
      { reasoning: { unknownEffort: 'later' }, ...extra({ output_config: { effort: 'later' } }) },
    ],
    [{ output_config: {} }, {}],
  ])('%j', (body, expected) => expect(decode(body)).toStrictEqual({ ...nothing, ...expected }));
});

describe('reasoning', () => {
  const kept = { extensions: { 'anthropic-messages': { output_config: { effort: 'high' } } } };
  it.each<[JsonObject, object]>([
    [{ thinking: { type: 'disabled' } }, { reasoning: { effort: 'none' } }],
    [
      { thinking: { type: 'disabled' }, output_config: { effort: 'high' } },
      { reasoning: { effort: 'none' }, ...kept },
    ],
    [{ thinking: { type: 'adaptive' } }, { reasoning: { adaptive: true } }],
    [{ thinking: { type: 'auto' } }, { reasoning: { adaptive: true } }],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { reasoning: { budgetTokens: 2000 } }],
    [{ thinking: { type: 'enabled' } }, { reasoning: { budgetTokens: -1 } }],
    [{ thinking: { type: 'adaptive', display: 'summarized' } }, { reasoning: { adaptive: true, summary: 'auto' } }],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, { reasoning: { adaptive: true, summary: 'none' } }],
    [{ thinking: { type: 'adaptive', display: 'later' } }, { reasoning: { adaptive: true } }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { reasoning: { adaptive: true, effort: 'max' } },
    ],
    ...['low', 'medium', 'high', 'xhigh'].map((effort): [JsonObject, object] => [
      { output_config: { effort } },
      { reasoning: { effort } },
    ]),
  ])('%j', (body, expected) => expect(decode(body)).toStrictEqual({ ...nothing, ...expected }));
});

describe('messages', () => {
  it('have roles and paths, in order', () => {
    const messages = [
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'b' },
          { type: 'later', x: 1 },
        ],
      },
      { role: 'system', content: '' },
    ];
    expect(decode({ system: 's', messages }).messages).toStrictEqual([
      { role: 'system', content: [{ type: 'text', text: 's' }], path: 'system' },
      { role: 'user', content: [{ type: 'text', text: 'a' }], path: 'messages[0]' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'b' },
          { type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later', x: 1 } },
        ],
        path: 'messages[1]',
      },
      { role: 'system', content: [], path: 'messages[2]' },
    ]);
  });

  it.for(['', []])('an empty system prompt (%j) is none', (system) => {
    expect(decode({ system }).messages).toStrictEqual([]);
  });

  it('what is no text stays in the system prompt too', () => {
    const system = [{ type: 'redacted_thinking', data: 'llmproxy.gemini.g' }];
    expect(decode({ system }).messages[0]?.content).toStrictEqual([
      {
        type: 'reasoning',
        text: '',
        summary: true,
        redacted: true,
        signature: { origin: 'gemini', value: 'g' },
      },
    ]);
  });

  it('marks of the cache stay with the blocks of the system prompt', () => {
    const system = [{ type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '5m' } }];
    expect(decode({ system }).messages).toStrictEqual([
      { role: 'system', content: [{ type: 'text', text: 's', cacheControl: { ttl: '5m' } }], path: 'system' },
    ]);
  });
});

describe('what is wrong is named', () => {
  const at = (content: JsonValue): JsonObject => ({ messages: [{ role: 'user', content }] });
  const block = (value: JsonValue): JsonObject => at([{ type: 'text', text: 'a' }, value]);
  const result = (content: JsonValue): JsonObject => block({ type: 'tool_result', tool_use_id: 't', content });
  const second = 'messages[0].content[1]';
  it.each<[JsonObject, string, RegExp]>([
    [{ messages: {} }, 'messages', /must be an array/],
    [{ messages: ['a'] }, 'messages[0]', /must be an object/],
    [{ messages: [{ content: 'a' }] }, 'messages[0].role', /is required/],
    [{ messages: [{ role: 'x', content: 'a' }] }, 'messages[0].role', /must be user, assistant or system/],
    [at(1), 'messages[0].content', /a string or an array of content blocks/],
    [block('a'), second, /must be an object/],
    [block({}), `${second}.type`, /is required/],
    [block({ type: 'text', text: 1 }), `${second}.text`, /must be a string/],
    [block({ type: 'image' }), `${second}.source`, /must be an object/],
    [block({ type: 'image', source: {} }), `${second}.source.type`, /is required/],
    [block({ type: 'image', source: { type: 'base64' } }), `${second}.source.data`, /is required/],
    [block({ type: 'image', source: { type: 'base64', media_type: 1 } }), `${second}.source.media_type`, /a string/],
    [block({ type: 'image', source: { type: 'url' } }), `${second}.source.url`, /is required/],
    [block({ type: 'document', source: { type: 'file' } }), `${second}.source.file_id`, /is required/],
    [block({ type: 'document', source: { type: 'text' } }), `${second}.source.data`, /is required/],
    [
      block({ type: 'document', source: { type: 'text', data: 'a', media_type: 1 } }),
      `${second}.source.media_type`,
      /a string/,
    ],
    [block({ type: 'document', source: { type: 'url', url: 'u' }, title: 1 }), `${second}.title`, /must be a string/],
    [block({ type: 'thinking', thinking: 1 }), `${second}.thinking`, /must be a string/],
    [block({ type: 'thinking', thinking: 'a', signature: 1 }), `${second}.signature`, /must be a string/],
    [block({ type: 'redacted_thinking' }), `${second}.data`, /is required/],
    [block({ type: 'tool_use', name: 'n' }), `${second}.id`, /is required/],
    [block({ type: 'tool_use', id: 'i' }), `${second}.name`, /is required/],
    [block({ type: 'tool_result' }), `${second}.tool_use_id`, /is required/],
    [block({ type: 'tool_result', tool_use_id: 't', is_error: 1 }), `${second}.is_error`, /true or false/],
    [result(1), `${second}.content`, /a string or an array of content blocks/],
    [result([{ type: 'text' }]), `${second}.content[0].text`, /is required/],
    [{ system: 1 }, 'system', /a string or an array of content blocks/],
    [{ system: [{ type: 'text' }] }, 'system[0].text', /is required/],
    [{ stop_sequences: ['a', 1] }, 'stop_sequences[1]', /must be a string/],
    [{ stop_sequences: 'a' }, 'stop_sequences', /must be an array/],
    [{ stream: 'yes' }, 'stream', /true or false/],
    [{ max_tokens: '1' }, 'max_tokens', /must be a number/],
    [{ temperature: '1' }, 'temperature', /must be a number/],
    [{ top_p: '1' }, 'top_p', /must be a number/],
    [{ top_k: '1' }, 'top_k', /must be a number/],
    [{ metadata: 'a' }, 'metadata', /must be an object/],
    [{ metadata: { user_id: 1 } }, 'metadata.user_id', /must be a string/],
    [{ service_tier: 1 }, 'service_tier', /must be a string/],
    [{ speed: 1 }, 'speed', /must be a string/],
    [{ output_config: 1 }, 'output_config', /must be an object/],
    [{ output_config: { effort: 1 } }, 'output_config.effort', /must be a string/],
    [{ output_config: { format: 1 } }, 'output_config.format', /must be an object/],
    [{ output_config: { format: { type: 'json_schema' } } }, 'output_config.format.schema', /must be an object/],
    [{ output_format: 1 }, 'output_format', /must be an object/],
    [{ output_format: { type: 'json_schema' } }, 'output_format.schema', /must be an object/],
    [{ thinking: 1 }, 'thinking', /must be an object/],
    [{ thinking: {} }, 'thinking.type', /enabled, adaptive or disabled/],
    [{ thinking: { type: 'enabled', budget_tokens: '1' } }, 'thinking.budget_tokens', /must be a number/],
    [{ tools: {} }, 'tools', /must be an array/],
    [{ tools: [1] }, 'tools[0]', /must be an object/],
    [{ tools: [{ type: 1 }] }, 'tools[0].type', /must be a string/],
    [{ tools: [{ type: 'custom' }] }, 'tools[0].name', /is required/],
    [{ tools: [{ name: 'n', description: 1 }] }, 'tools[0].description', /must be a string/],
    [{ tools: [{ name: 'n', input_schema: 1 }] }, 'tools[0].input_schema', /must be an object/],
    [{ tools: [{ name: 'n', strict: 1 }] }, 'tools[0].strict', /true or false/],
    [{ tool_choice: 'auto' }, 'tool_choice', /must be an object/],
    [{ tool_choice: {} }, 'tool_choice.type', /is required/],
    [{ tool_choice: { type: 'tool' } }, 'tool_choice.name', /is required/],
    [
      { tool_choice: { type: 'auto', disable_parallel_tool_use: 1 } },
      'tool_choice.disable_parallel_tool_use',
      /true or false/,
    ],
  ])('%j', (body, path, words) => {
    const message = expect.stringMatching(words);
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'invalid_request', path, message }));
  });
});
