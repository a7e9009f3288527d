import { describe, expect, test } from 'vitest';
import type { GenerationRequest, JsonObject } from '../../ir/index.ts';
import type { DecodeRequestContext } from '../codec.ts';
import { decodeRequest } from './decode-request.ts';

const base = { model: 'm', messages: [] };
const read = (body: JsonObject, context: DecodeRequestContext = {}): GenerationRequest =>
  decodeRequest({ ...base, ...body }, context);

/** What a body says beyond a bare one. */
const bare = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };
const says = (more: Partial<GenerationRequest>): GenerationRequest => ({ ...bare, ...more });

test('a body with nothing but what is required', () => {
  expect(read({})).toStrictEqual(bare);
});

test('what the URL says of the model and streaming goes before the body', () => {
  expect(decodeRequest({ messages: [] }, { model: 'url', stream: true })).toStrictEqual(
    says({ model: 'url', stream: true }),
  );
  expect(read({ stream: true }, { model: 'url', stream: false })).toStrictEqual(says({ model: 'url' }));
  expect(read({ stream: true })).toStrictEqual(says({ stream: true }));
});

describe('sampling', () => {
  test.each<[JsonObject, GenerationRequest['sampling']]>([
    [{ temperature: 0 }, { temperature: 0 }],
    [{ top_p: 0.5 }, { topP: 0.5 }],
    [{ top_k: 3 }, { topK: 3 }],
    [{ seed: 4 }, { seed: 4 }],
    [{ presence_penalty: -1 }, { presencePenalty: -1 }],
    [{ frequency_penalty: 1 }, { frequencyPenalty: 1 }],
    [{ n: 2 }, { candidateCount: 2 }],
    [{ top_logprobs: 5 }, { topLogprobs: 5 }],
    [{ logprobs: false }, { logprobs: false }],
    [{ max_tokens: 8 }, { maxOutputTokens: 8 }],
    [{ max_completion_tokens: 9 }, { maxOutputTokens: 9 }],
    [{ max_tokens: 8, max_completion_tokens: 9 }, { maxOutputTokens: 9 }],
    [{ stop: 'x' }, { stop: ['x'] }],
    [{ stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    [{ stop: [] }, { stop: [] }],
    [{ temperature: null, stop: null, max_tokens: null, logprobs: null }, {}],
  ])('%j', (body, sampling) => {
    expect(read(body)).toStrictEqual(says({ sampling }));
  });
});

describe('hints', () => {
  test.each<[JsonObject, Partial<GenerationRequest>]>([
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ prompt_cache_key: 'k' }, { promptCacheKey: 'k' }],
    [{ user: 'u' }, { user: 'u' }],
    [{ metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ store: false }, { store: false }],
    [{ verbosity: 'low' }, { verbosity: 'low' }],
    [{ modalities: ['TEXT', 'Audio'] }, { modalities: ['text', 'audio'] }],
    [{ user: null, metadata: null, modalities: null, store: null }, {}],
  ])('%j', (body, hints) => {
    expect(read(body)).toStrictEqual(says(hints));
  });

  test('the newer name of the user is also kept as it came', () => {
    const extensions = { 'openai-chat': { safety_identifier: 's' } };
    expect(read({ safety_identifier: 's' })).toStrictEqual(says({ user: 's', extensions }));
    expect(read({ safety_identifier: 's', user: 'u' })).toStrictEqual(says({ user: 'u', extensions }));
  });
});

describe('the form of the answer', () => {
  const schema = { type: 'object' };
  test.each<[JsonObject, GenerationRequest['output']]>([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json-object' }],
    [
      { type: 'json_schema', json_schema: { name: 'n', description: 'd', strict: true, schema } },
      { type: 'json-schema', name: 'n', description: 'd', strict: true, schema },
    ],
    [
      { type: 'json_schema', json_schema: { strict: false } },
      { type: 'json-schema', strict: false, schema: {} },
    ],
    [{ type: 'json_schema' }, { type: 'json-schema', schema: {} }],
  ])('%j', (format, output) => {
    expect(read({ response_format: format })).toStrictEqual(says({ ...(output && { output }) }));
  });

  test('a form that is not known stays with its dialect', () => {
    const format = { type: 'grammar', grammar: 'x' };
    expect(read({ response_format: format })).toStrictEqual(
      says({ extensions: { 'openai-chat': { response_format: format } } }),
    );
    expect(read({ response_format: null })).toStrictEqual(
      says({ extensions: { 'openai-chat': { response_format: null } } }),
    );
  });
});

describe('fields that only this dialect knows', () => {
  test.each<[JsonObject]>([
    [{ logit_bias: { 5: 1 } }],
    [{ stream_options: { include_usage: true } }],
    [{ functions: [], function_call: null }],
  ])('%j', (fields) => {
    expect(read(fields)).toStrictEqual(says({ extensions: { 'openai-chat': fields } }));
  });

  test.each<[JsonObject, GenerationRequest['reasoning'], JsonObject | undefined]>([
    [{ reasoning_effort: 'low' }, { effort: 'low', summary: 'auto' }, undefined],
    // Without a level of the hub it is passed on as it came.
    [{ reasoning_effort: 'auto' }, { adaptive: true, summary: 'auto' }, { reasoning_effort: 'auto' }],
    [{ reasoning_effort: 'ultra' }, { unknownEffort: 'ultra' }, { reasoning_effort: 'ultra' }],
    [
      { reasoning: { effort: 'low' }, reasoning_effort: 'high' },
      { effort: 'low', summary: 'auto' },
      { reasoning: { effort: 'low' }, reasoning_effort: 'high' },
    ],
  ])('%j', (body, reasoning, kept) => {
    expect(read(body)).toStrictEqual(
      says({ ...(reasoning && { reasoning }), extensions: kept === undefined ? {} : { 'openai-chat': kept } }),
    );
  });

  test('known ones are not among them', () => {
    const known =
      'model messages stream tools tool_choice parallel_tool_calls verbosity stop n seed logprobs top_logprobs ' +
      'presence_penalty frequency_penalty max_tokens max_completion_tokens temperature top_p top_k prompt_cache_key ' +
      'user metadata service_tier store modalities web_search_options';
    const nulls = Object.fromEntries(known.split(' ').map((key) => [key, null]));
    expect(read({ ...nulls, ...base })).toStrictEqual(bare);
  });
});

describe('a wrong type is told with its place', () => {
  test.each<[JsonObject, string, string]>([
    [{ model: 5 }, 'model', 'must be a string'],
    [{ model: null }, 'model', 'is required and must be a string'],
    [{ messages: null }, 'messages', 'is required and must be an array'],
    [{ messages: {} }, 'messages', 'must be an array'],
    [{ stream: 'yes' }, 'stream', 'must be true or false'],
    [{ parallel_tool_calls: 1 }, 'parallel_tool_calls', 'must be true or false'],
    [{ prompt_cache_key: 1 }, 'prompt_cache_key', 'must be a string'],
    [{ user: 1 }, 'user', 'must be a string'],
    [{ safety_identifier: 1 }, 'safety_identifier', 'must be a string'],
    [{ metadata: 'x' }, 'metadata', 'must be an object'],
    [{ service_tier: 1 }, 'service_tier', 'must be a string'],
    [{ store: 'x' }, 'store', 'must be true or false'],
    [{ verbosity: 1 }, 'verbosity', 'must be a string'],
    [{ modalities: 'text' }, 'modalities', 'must be an array'],
    [{ modalities: ['text', 1] }, 'modalities[1]', 'must be a string'],
    [{ temperature: '1' }, 'temperature', 'must be a number'],
    [{ n: '1' }, 'n', 'must be a number'],
    [{ max_tokens: '1' }, 'max_tokens', 'must be a number'],
    [{ max_completion_tokens: '1' }, 'max_completion_tokens', 'must be a number'],
    [{ logprobs: 1 }, 'logprobs', 'must be true or false'],
    [{ stop: 1 }, 'stop', 'must be an array'],
    [{ stop: ['a', 1] }, 'stop[1]', 'must be a string'],
    [{ response_format: 'json' }, 'response_format', 'must be an object'],
    [{ response_format: { type: 1 } }, 'response_format.type', 'must be a string'],
    [{ response_format: { type: 'json_schema', json_schema: 1 } }, 'response_format.json_schema', 'must be an object'],
    ...(
      [
        ['name', 'must be a string'],
        ['description', 'must be a string'],
        ['strict', 'must be true or false'],
        ['schema', 'must be an object'],
      ] as const
    ).map(([key, reason]): [JsonObject, string, string] => [
      { response_format: { type: 'json_schema', json_schema: { [key]: 1 } } },
      `response_format.json_schema.${key}`,
      reason,
    ]),
    [{ reasoning: 'x' }, 'reasoning', 'must be an object'],
    [{ reasoning: { effort: 1 } }, 'reasoning.effort', 'must be a string'],
    [{ reasoning: { max_tokens: 'x' } }, 'reasoning.max_tokens', 'must be a number'],
    [{ reasoning_effort: 1 }, 'reasoning_effort', 'must be a string'],
    [{ extra_body: 1 }, 'extra_body', 'must be an object'],
    [{ extra_body: { google: 1 } }, 'extra_body.google', 'must be an object'],
    [{ extra_body: { google: { thinking_config: 1 } } }, 'extra_body.google.thinking_config', 'must be an object'],
    ...(
      [
        ['thinking_level', 1, 'must be a string'],
        ['thinking_budget', 'x', 'must be a number'],
        ['include_thoughts', 1, 'must be true or false'],
      ] as const
    ).map(([key, value, reason]): [JsonObject, string, string] => [
      { extra_body: { google: { thinking_config: { [key]: value } } } },
      `extra_body.google.thinking_config.${key}`,
      reason,
    ]),
    [{ web_search_options: 1 }, 'web_search_options', 'must be an object'],
  ])('%j', (body, path, reason) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'invalid_request', path, message: `${path}: ${reason}` }),
    );
  });
});

describe('web_search_options', () => {
  test.each<[JsonObject, object]>([
    [{}, {}],
    [{ search_context_size: 'high' }, { search: { contextSize: 'high' } }],
    [{ search_context_size: 'huge' }, {}],
    [
      { user_location: { type: 'approximate', approximate: { city: 'Ulm' } } },
      { search: { userLocation: { city: 'Ulm' } } },
    ],
    [{ user_location: 'Ulm' }, {}],
  ])('%j', (options, search) => {
    const extensions = { 'openai-chat': options };
    const tool = { type: 'built-in', name: 'web-search', ...search, extensions, path: 'web_search_options' };
    expect(read({ web_search_options: options }).tools).toStrictEqual([tool]);
  });
});
