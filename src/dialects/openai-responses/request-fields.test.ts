import { describe, expect, test } from 'vitest';
import type { GenerationRequest, JsonObject } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const decode = (body: JsonObject): GenerationRequest => openaiResponses.decodeRequest({ model: 'm', ...body }, {});
const asked = (fields: JsonObject): GenerationRequest => decode({ input: 'x', ...fields });

const bare = {
  model: 'm',
  stream: false,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }], path: 'input' }],
  tools: [],
  sampling: {},
  extensions: { 'openai-responses': {} },
};
const own = (fields: JsonObject): object => ({ extensions: { 'openai-responses': fields } });

describe('a field of a request', () => {
  test.each<[JsonObject, object]>([
    [{}, {}],
    [{ stream: true }, { stream: true }],
    [{ instructions: '' }, {}],
    [
      { instructions: 'be kind' },
      {
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'be kind' }], path: 'instructions' },
          ...bare.messages,
        ],
      },
    ],
    [{ max_output_tokens: 9 }, { sampling: { maxOutputTokens: 9 } }],
    [{ temperature: 0 }, { sampling: { temperature: 0 } }],
    [{ top_p: 0.5 }, { sampling: { topP: 0.5 } }],
    [{ top_logprobs: 2 }, { sampling: { topLogprobs: 2 } }],
    [
      { include: ['message.output_text.logprobs'] },
      { sampling: { logprobs: true }, ...own({ include: ['message.output_text.logprobs'] }) },
    ],
    [{ include: ['other'] }, own({ include: ['other'] })],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ prompt_cache_key: 'k' }, { promptCacheKey: 'k' }],
    [{ user: 'u' }, { user: 'u' }],
    [{ safety_identifier: 's' }, { user: 's', ...own({ safety_identifier: 's' }) }],
    [
      { user: 'u', safety_identifier: 's' },
      { user: 'u', ...own({ safety_identifier: 's' }) },
    ],
    [{ metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ store: false }, { store: false }],
    [{ tool_choice: 'none' }, { toolChoice: { type: 'none' } }],
    [{ later: 1 }, own({ later: 1 })],
    [{ text: {} }, {}],
    [{ text: { verbosity: 'low', later: 1 } }, { verbosity: 'low', ...own({ text: { later: 1 } }) }],
    [{ text: { format: { type: 'text' } } }, { output: { type: 'text' } }],
    [{ text: { format: { type: 'json_object' } } }, { output: { type: 'json-object' } }],
    [{ text: { format: { type: 'json_schema', schema: {} } } }, { output: { type: 'json-schema', schema: {} } }],
    [
      { text: { format: { type: 'json_schema', schema: {}, name: 'n', description: 'd', strict: false } } },
      { output: { type: 'json-schema', schema: {}, name: 'n', description: 'd', strict: false } },
    ],
    [{ reasoning: {} }, { reasoning: {} }],
    [{ reasoning: { effort: 'low' } }, { reasoning: { effort: 'low' } }],
    [
      { reasoning: { effort: 'someday' } },
      { reasoning: { unknownEffort: 'someday' }, ...own({ reasoning: { effort: 'someday' } }) },
    ],
    [{ reasoning: { summary: 'auto' } }, { reasoning: { summary: 'auto' } }],
    [{ reasoning: { summary: 'concise' } }, { reasoning: { summary: 'concise' } }],
    [{ reasoning: { summary: 'detailed' } }, { reasoning: { summary: 'detailed' } }],
    [{ reasoning: { summary: 'none' } }, { reasoning: { summary: 'none' } }],
    [{ reasoning: { generate_summary: 'auto' } }, { reasoning: { summary: 'auto' } }],
    [{ reasoning: { summary: 'long' } }, { reasoning: {}, ...own({ reasoning: { summary: 'long' } }) }],
    [
      { reasoning: { effort: 'low', summary: null, context: 'all', summary_style: 's' } },
      { reasoning: { effort: 'low' }, ...own({ reasoning: { context: 'all', summary_style: 's' } }) },
    ],
  ])('%j', (fields, expected) => {
    expect(asked(fields)).toStrictEqual({ ...bare, ...expected });
  });
});

describe('a request is refused that', () => {
  test.each<[JsonObject, string]>([
    [{}, 'input: is required'],
    [{ input: 7 }, 'input: must be a string or an array of items'],
    [{ input: [7] }, 'input[0]: must be an object'],
    [{ input: [{}] }, 'input[0].type: is required and must be a string'],
    [{ input: [{ type: 7 }] }, 'input[0].type: must be a string'],
    [{ input: [{ role: 'user' }] }, 'input[0].content: must be a string or an array of content parts'],
    [{ input: [{ role: 'tool', content: '' }] }, 'input[0].role: must be system, developer, user or assistant'],
    [{ input: [{ type: 'message', content: '' }] }, 'input[0].role: is required and must be a string'],
    [{ input: [{ role: 'user', content: [7] }] }, 'input[0].content[0]: must be an object'],
    [{ input: [{ type: 'function_call', name: 'f' }] }, 'input[0].call_id: is required and must be a string'],
    [{ input: [{ type: 'function_call', call_id: 'c', name: 'f' }] }, 'input[0].arguments: is required'],
    [{ input: [{ type: 'custom_tool_call', call_id: 'c', name: 'f' }] }, 'input[0].input: is required'],
    [{ input: [{ type: 'function_call_output', output: '' }] }, 'input[0].call_id: is required'],
    [{ input: [{ type: 'function_call_output', call_id: 'c', output: 7 }] }, 'input[0].output: must be a string'],
    [{ input: [{ type: 'additional_tools', tools: [7] }] }, 'input[0].tools[0]: must be an object'],
    [{ input: 'x', tool_choice: 'later' }, 'tool_choice: must be auto, none, required or an object'],
    [{ input: 'x', text: { format: {} } }, 'text.format.type: is required'],
    [{ input: 'x', text: { format: 'text' } }, 'text.format: must be an object'],
    [{ input: 'x', text: { format: { type: 'x' } } }, 'text.format.type: must be text, json_object or json_schema'],
    [
      { input: 'x', text: { format: { type: 'json_schema' } } },
      'text.format.schema: is required and must be an object',
    ],
    [{ input: 'x', text: { format: { type: 'json_schema', schema: 1 } } }, 'text.format.schema: must be an object'],
    [
      { input: 'x', text: { format: { type: 'json_schema', schema: {}, name: 1 } } },
      'text.format.name: must be a string',
    ],
    [
      { input: 'x', text: { format: { type: 'json_schema', schema: {}, description: 1 } } },
      'text.format.description: must be a string',
    ],
    [{ input: 'x', text: { format: { type: 'json_schema', schema: {}, strict: 1 } } }, 'text.format.strict: must be'],
    [{ input: 'x', text: { verbosity: 1 } }, 'text.verbosity: must be a string'],
    [{ input: 'x', reasoning: { effort: 1 } }, 'reasoning.effort: must be a string'],
    [{ input: 'x', reasoning: { summary: 1 } }, 'reasoning.summary: must be a string'],
    [{ input: 'x', reasoning: { generate_summary: 1 } }, 'reasoning.generate_summary: must be a string'],
    [{ input: 'x', tools: [{ type: 'function', name: '' }] }, 'tools[0].name: must not be empty'],
    [{ input: 'x', tools: [{ type: 'namespace', name: 'n' }] }, 'tools[0].tools: is required'],
    [{ input: 'x', tools: [{ type: 'namespace', name: 'n', tools: [7] }] }, 'tools[0].tools[0]: must be an object'],
    [{ input: 'x', tools: [{ type: 'namespace', tools: [] }] }, 'tools[0].name: is required'],
    [{ input: 'x', tools: [{ type: 'namespace', name: 'n', tools: [{}] }] }, 'tools[0].tools[0].type: is required'],
  ])('%j', (body, message) => {
    expect(() => decode(body)).toThrowError(message);
  });
});

test.each(['previous_response_id', 'conversation', 'prompt'])('%s may be all the input there is', (key) => {
  expect(decode({ [key]: key === 'prompt' ? { id: 'x' } : 'x' }).messages).toStrictEqual([]);
});

describe('fields for an upstream', () => {
  const target = { model: 'up', stream: false, quirks: {} };
  const foreign = (more: Partial<GenerationRequest>): GenerationRequest => ({
    ...{ model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} },
    ...more,
  });
  const sealed = { type: 'object', properties: {}, additionalProperties: false } as const;
  const constant = { model: 'up', input: [], store: false, include: ['reasoning.encrypted_content'] };

  test.each<[Partial<GenerationRequest>, JsonObject]>([
    [{ user: 'u' }, { safety_identifier: 'u' }],
    [{ user: 'u'.repeat(64) }, { safety_identifier: 'u'.repeat(64) }],
    [{ user: 'u'.repeat(65) }, { safety_identifier: `${'u'.repeat(47)}_606525991ab3efb0` }],
    [{ promptCacheKey: 'k' }, { prompt_cache_key: 'k' }],
    [
      { sampling: { logprobs: true, topLogprobs: 2 } },
      { include: ['reasoning.encrypted_content', 'message.output_text.logprobs'], top_logprobs: 2 },
    ],
    [{ sampling: { logprobs: false } }, {}],
    [{ toolChoice: { type: 'required' }, parallelToolCalls: false }, {}],
    [{ reasoning: {} }, { reasoning: { summary: 'auto' } }],
    [{ reasoning: { effort: 'none' } }, { reasoning: { effort: 'none' } }],
    [{ reasoning: { effort: 'low', summary: 'none' } }, { reasoning: { effort: 'low' } }],
    [{ reasoning: { summary: 'none' } }, {}],
    [
      { output: { type: 'json-schema', schema: {} } },
      { text: { format: { type: 'json_schema', name: 'response', schema: {} } } },
    ],
    [
      { output: { type: 'json-schema', schema: { ...sealed, required: [] }, strict: true, name: 'n' } },
      {
        text: {
          format: {
            type: 'json_schema',
            name: 'n',
            schema: { ...sealed, required: [] },
            strict: true,
          },
        },
      },
    ],
    [
      { store: true, metadata: { a: 'b' } },
      { store: true, metadata: { a: 'b' } },
    ],
  ])('%j', (more, fields) => {
    const { value, warnings } = openaiResponses.encodeRequest(foreign(more), target);
    expect(value).toStrictEqual({ ...constant, ...fields });
    expect(warnings).toStrictEqual([]);
  });

  test.each([
    [{ presencePenalty: 1 }, 'sampling.presencePenalty'],
    [{ frequencyPenalty: -1 }, 'sampling.frequencyPenalty'],
    [{ candidateCount: 2 }, 'sampling.candidateCount'],
    [{ stop: ['a'] }, 'sampling.stop'],
    [{ topK: 0 }, 'sampling.topK'],
    [{ seed: 0 }, 'sampling.seed'],
  ])('%j is lost', (sampling, path) => {
    const { warnings } = openaiResponses.encodeRequest(foreign({ sampling }), target);
    expect(warnings).toStrictEqual([{ path, reason: 'not available in the Responses API' }]);
  });

  test.each([{ presencePenalty: 0 }, { frequencyPenalty: 0 }, { candidateCount: 1 }, { stop: [] }])(
    '%j asks for nothing',
    (sampling) => {
      expect(openaiResponses.encodeRequest(foreign({ sampling }), target).warnings).toStrictEqual([]);
    },
  );

  test('kinds of answer that there are not', () => {
    const request = foreign({ modalities: ['text', 'audio'], toolChoice: { type: 'opaque', dialect: 'x', value: {} } });
    expect(openaiResponses.encodeRequest(request, target).warnings).toStrictEqual([
      { path: 'modalities', reason: 'the Responses API cannot answer with audio' },
      { path: 'toolChoice', reason: 'only another dialect understands this tool choice' },
    ]);
  });

  test.each<JsonObject>([
    { user: 'u', safety_identifier: 's' },
    { safety_identifier: 's' },
    { user: 'u'.repeat(70), prompt_cache_key: 'k'.repeat(70) },
    { include: ['file_search_call.results'] },
    { reasoning: { effort: 'low', summary: 'none', context: 'all' }, text: { later: 1, verbosity: 'low' } },
    { reasoning: {} },
    { tool_choice: 'none', parallel_tool_calls: true },
    { service_tier: 'fast' },
    { text: { format: { type: 'json_schema', name: 'n', schema: { minLength: 1 }, strict: true } } },
  ])("this dialect's own go as they came: %j", (fields) => {
    const { value, warnings } = openaiResponses.encodeRequest(asked(fields), target);
    const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] }];
    expect(value).toStrictEqual({ model: 'up', input, ...fields });
    expect(warnings).toStrictEqual([]);
  });

  test('no input is sent where the conversation is stored', () => {
    const request = decode({ previous_response_id: 'r' });
    expect(openaiResponses.encodeRequest(request, target).value).toStrictEqual({
      model: 'up',
      previous_response_id: 'r',
    });
  });

  test('a schema that cannot be strict is told of', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '(?=x)' } } };
    const tool = { type: 'function', name: 'f', strict: true, parameters: schema, path: 'tools[0]' } as const;
    const output = { type: 'json-schema', schema, strict: true } as const;
    const { warnings } = openaiResponses.encodeRequest(foreign({ output, tools: [tool] }), target);
    const paths = warnings.map(({ path }) => path.replace(/(parameters|schema).*/, '$1'));
    expect(new Set(paths)).toStrictEqual(new Set(['tools[0].parameters', 'output.schema']));
  });
});
