/** The members of a request's body other than messages and tools. */
import { describe, expect, test } from 'vitest';
import type { GenerationRequest, JsonObject } from '../../ir/index.ts';
import type { EncodeQuirks } from '../codec.ts';
import { encodeRequest } from './encode-request.ts';

function write(request: Partial<GenerationRequest>, quirks: EncodeQuirks = {}, stream = false) {
  const whole = { model: 'client', stream, messages: [], tools: [], sampling: {}, extensions: {}, ...request };
  return encodeRequest(whole, { model: 'up', stream, quirks });
}
const own = (fields: JsonObject): Partial<GenerationRequest> => ({ extensions: { 'openai-chat': fields } });

describe('members', () => {
  const schema = { type: 'object', properties: {} };
  const closed = { ...schema, required: [], additionalProperties: false };
  const output = (more: object): Partial<GenerationRequest> => ({ output: { type: 'json-schema', schema, ...more } });
  const format = (json_schema: JsonObject): JsonObject => ({ response_format: { type: 'json_schema', json_schema } });

  test.each<[Partial<GenerationRequest>, JsonObject]>([
    [{}, {}],
    [{ sampling: { maxOutputTokens: 1 } }, { max_tokens: 1 }],
    [{ sampling: { temperature: 0 } }, { temperature: 0 }],
    [{ sampling: { topP: 0.5 } }, { top_p: 0.5 }],
    [{ sampling: { topK: 5 } }, { top_k: 5 }],
    [{ sampling: { stop: ['x'] } }, { stop: ['x'] }],
    [{ sampling: { seed: 5 } }, { seed: 5 }],
    [{ sampling: { presencePenalty: 1 } }, { presence_penalty: 1 }],
    [{ sampling: { frequencyPenalty: 1 } }, { frequency_penalty: 1 }],
    [{ sampling: { candidateCount: 2 } }, { n: 2 }],
    [{ sampling: { logprobs: true } }, { logprobs: true }],
    [{ sampling: { topLogprobs: 2 } }, { top_logprobs: 2 }],
    [{ output: { type: 'text' } }, {}],
    [{ output: { type: 'json-object' } }, { response_format: { type: 'json_object' } }],
    [output({}), format({ name: 'response', schema })],
    [
      output({ name: 'n', description: 'd', strict: false }),
      format({ name: 'n', description: 'd', schema, strict: false }),
    ],
    [output({ strict: true, schema: closed }), format({ name: 'response', schema: closed, strict: true })],
    [{ verbosity: 'low' }, { verbosity: 'low' }],
    [{ promptCacheKey: 'k' }, { prompt_cache_key: 'k' }],
    [{ user: 'u' }, { user: 'u' }],
    [{ user: 'u', ...own({ safety_identifier: 'u' }) }, { safety_identifier: 'u' }],
    [
      { user: 'u', ...own({ safety_identifier: 's' }) },
      { safety_identifier: 's', user: 'u' },
    ],
    [{ metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    [{ serviceTier: 'flex' }, { service_tier: 'flex' }],
    [{ serviceTier: 'standard_only' }, { service_tier: 'default' }],
    [{ store: true }, { store: true }],
    [{ store: false }, {}],
    [{ modalities: ['text'] }, {}],
    [{ modalities: [] }, {}],
    [{ modalities: ['text', 'audio'] }, { modalities: ['text', 'audio'] }],
    [{ reasoning: { effort: 'low' } }, { reasoning_effort: 'low' }],
    [own({ logit_bias: { 1: 2 }, functions: [], function_call: 'auto', stream_options: {} }), { logit_bias: { 1: 2 } }],
    [
      { tools: [{ type: 'function', name: 'f', path: 'tools[0]' }], parallelToolCalls: false },
      { tools: [{ type: 'function', function: { name: 'f' } }], parallel_tool_calls: false },
    ],
  ])('%j', (request, members) => {
    expect(write(request)).toStrictEqual({ value: { model: 'up', messages: [], ...members }, warnings: [] });
  });

  test('own fields do not outdo what the hub says', () => {
    const { value } = write({ ...own({ model: 'x', temperature: 1 }), sampling: { temperature: 0 } });
    expect(value).toStrictEqual({ model: 'up', messages: [], temperature: 0 });
  });
});

describe('streams', () => {
  test.each<[JsonObject, EncodeQuirks, JsonObject]>([
    [{}, {}, { stream: true, stream_options: { include_usage: true } }],
    [
      { stream_options: { include_usage: false, include_obfuscation: false } },
      {},
      { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
    ],
    [{ stream_options: null }, {}, { stream: true, stream_options: { include_usage: true } }],
    [{ stream_options: {} }, { noStreamOptions: true }, { stream: true }],
  ])('%j', (fields, quirks, members) => {
    expect(write(own(fields), quirks, true).value).toStrictEqual({ model: 'up', messages: [], ...members });
  });
});

test('what the schema of the answer loses is told with its place', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
  const lost = (strict: boolean): readonly string[] =>
    write({ output: { type: 'json-schema', schema, strict } }).warnings.map(({ path }) => path);
  expect([lost(true), lost(false)]).toStrictEqual([['output.schema.properties.a.required'], []]);
});

test('fields that only others know are told', () => {
  const { warnings } = write({ extensions: { gemini: { cachedThing: 1 } } });
  expect(warnings).toStrictEqual([{ path: 'cachedThing', reason: 'only gemini knows this field' }]);
});

test('calls without results get one, as servers demand', () => {
  const call = { type: 'tool-call', id: 'a', name: 'f', kind: 'function', arguments: '{}' } as const;
  const { value } = write({
    messages: [
      { role: 'assistant', content: [call], path: 'messages[0]' },
      { role: 'user', content: [{ type: 'text', text: 'u' }], path: 'messages[1]' },
    ],
  });
  expect(value['messages']).toMatchObject([{ role: 'assistant' }, { role: 'tool' }, { role: 'user', content: 'u' }]);
});
