import { describe, expect, test } from 'vitest';
import type { GenerationResponse, JsonObject, JsonValue, Part } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';
import { encryptCarried } from './reasoning-item.ts';

const usage = { inputTokens: 1, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 0 };
const answer = (content: Part[], more: Partial<GenerationResponse> = {}): GenerationResponse => ({
  ...{ id: 'r', model: 'up', usage, extensions: {} },
  candidates: [{ content, finishReason: 'stop' }],
  ...more,
});

function write(response: GenerationResponse, body: JsonObject = {}): { value: JsonObject; lost: string[] } {
  const request = openaiResponses.decodeRequest({ model: 'm', input: 'x', ...body }, {});
  const context = { model: 'm', request, nowS: 7, newId: (prefix: string) => `${prefix}new`, framing: 'sse' } as const;
  const { value, warnings } = openaiResponses.encodeResponse(response, context);
  return { value, lost: warnings.map(({ path, reason }) => `${path}: ${reason}`) };
}

const text = (value: string, more: object = {}): Part => ({ type: 'text', text: value, ...more });
const said = (value: string, annotations: JsonValue[] = []): JsonObject => ({
  ...{ type: 'output_text', annotations, logprobs: [], text: value },
});
const message = (index: number, ...content: JsonObject[]): JsonObject => ({
  ...{ id: `msg_r_${index}`, type: 'message', status: 'completed', role: 'assistant', content },
});
const sealed = (origin: string): object => ({ signature: { origin, value: 's' } });
const carrier = (index: number, callId: string | undefined): JsonObject => ({
  ...{ id: `rs_r_${index}`, type: 'reasoning', summary: [] },
  encrypted_content: encryptCarried({ origin: 'gemini', value: 's' }, callId),
});
const call = (id: string, kind: 'function' | 'custom', args: string, more: object = {}): Part => ({
  ...{ type: 'tool-call', id, name: 'f', kind, arguments: args },
  ...more,
});
const run = (index: number, more: JsonObject = {}): JsonObject => ({
  ...{ id: `fc_r_${index}`, type: 'function_call', status: 'completed', arguments: '{}', call_id: 'c', name: 'f' },
  ...more,
});
const custom = (input: string): JsonObject => ({
  ...{ id: 'ctc_r_0', type: 'custom_tool_call', status: 'completed', call_id: 'c', input, name: 'f' },
});
const image = { type: 'media', kind: 'image' } as const;
const own = { type: 'later' };
const search = { type: 'server-tool', tool: 'web-search', id: 's', origin: 'gemini' } as const;
const lost = (type: string): string => `candidates[0].content[0]: the Responses API cannot answer with this ${type}`;
const offersCustom = { tools: [{ type: 'custom', name: 'f' }] };

describe('the parts of an answer', () => {
  test.each<[Part[], JsonObject[], string[]]>([
    [[], [], []],
    [
      [text('a'), { type: 'refusal', text: 'n' }, text('b')],
      [message(0, said('a'), { type: 'refusal', refusal: 'n' }, said('b'))],
      [],
    ],
    [[text('a', sealed('openai-responses')), text('b')], [message(0, said('a'), said('b'))], []],
    [
      [text('a', sealed('gemini')), text('b')],
      [message(0, said('a')), carrier(1, undefined), message(2, said('b'))],
      [],
    ],
    [[text('a'), call('c', 'function', ''), text('b')], [message(0, said('a')), run(1), message(2, said('b'))], []],
    [[call('', 'function', '{}')], [run(0, { call_id: 'call_r_0' })], []],
    [[call('c', 'function', '{}', sealed('gemini'))], [run(0), carrier(1, 'c')], []],
    [[call('c', 'function', '{}', sealed('openai-responses'))], [run(0)], []],
    [[call('c', 'custom', 'ls')], [custom('ls')], []],
    [
      [{ type: 'reasoning', text: 't', summary: false, redacted: false }],
      [{ id: 'rs_r_0', type: 'reasoning', summary: [{ type: 'summary_text', text: 't' }] }],
      [],
    ],
    [
      [{ type: 'reasoning', text: '', summary: true, redacted: false, id: 'rs_x' }],
      [{ id: 'rs_x', type: 'reasoning', summary: [] }],
      [],
    ],
    [
      [{ type: 'reasoning', text: '', summary: true, redacted: false, id: 'x' }],
      [{ id: 'rs_r_0', type: 'reasoning', summary: [] }],
      [],
    ],
    [
      [{ ...image, source: { type: 'base64', mediaType: 'image/png', data: 'A' }, revisedPrompt: 'cat' }],
      [
        {
          id: 'ig_r_0',
          type: 'image_generation_call',
          status: 'completed',
          output_format: 'png',
          revised_prompt: 'cat',
          result: 'A',
        },
      ],
      [],
    ],
    [[{ ...image, source: { type: 'url', url: 'https://a.test' } }], [], [lost('media')]],
    [
      [{ type: 'media', kind: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'A' } }],
      [],
      [lost('media')],
    ],
    [[{ type: 'opaque', dialect: 'openai-responses', value: own }], [own], []],
    [[{ type: 'opaque', dialect: 'gemini', value: own }], [], [lost('opaque')]],
    [[{ type: 'tool-result', callId: 'c', content: [], isError: false, kind: 'function' }], [], [lost('tool-result')]],
    [[{ ...search, phase: 'whole', origin: 'openai-responses', value: own }], [own], []],
    [
      [{ ...search, phase: 'whole', value: own }],
      [{ id: 'ws_r_0', type: 'web_search_call', status: 'completed', action: { type: 'search', query: '' } }],
      [],
    ],
    [
      [{ ...search, phase: 'call', queries: ['q'] }, { ...search, phase: 'result', results: [] }, text('a')],
      [
        {
          id: 'ws_r_0',
          type: 'web_search_call',
          status: 'completed',
          action: { type: 'search', query: 'q', sources: [] },
        },
        message(1, said('a')),
      ],
      [],
    ],
    [[{ ...search, tool: 'image-generation', phase: 'whole' }], [], [lost('server-tool')]],
    [
      [text('a', { citations: { dialect: 'gemini', items: [{}] } })],
      [message(0, said('a'))],
      ['candidates[0].content[0].citations: citations of gemini without a URL have no form here'],
    ],
  ])('%j', (content, output, losses) => {
    const written = write(answer(content));
    expect(written.value['output']).toStrictEqual(output);
    expect(written.lost).toStrictEqual(losses);
  });

  test('a call of a custom tool in the form of a function', () => {
    expect(write(answer([call('c', 'function', '{"input":"ls"}')]), offersCustom).value['output']).toStrictEqual([
      custom('ls'),
    ]);
    expect(write(answer([call('c', 'custom', '{"input":"ls"}')]), offersCustom).value['output']).toStrictEqual([
      custom('{"input":"ls"}'),
    ]);
  });

  test('log probabilities stand at the first text', () => {
    const logprobs = [{ token: 'a' }];
    const candidates = [{ content: [text('a'), text('b')], finishReason: 'stop' as const, logprobs }];
    expect(write(answer([], { candidates })).value['output']).toStrictEqual([
      message(0, { ...said('a'), logprobs }, said('b')),
    ]);
  });

  test('there is one answer only, or none', () => {
    const candidates = ['a', 'b'].map((value) => ({ content: [text(value)], finishReason: 'stop' as const }));
    const written = write(answer([], { candidates }));
    expect(written.value['output']).toStrictEqual([message(0, said('a'))]);
    expect(written.lost).toStrictEqual(['candidates: the Responses API has one answer only; the first was kept']);
    expect(write(answer([], { candidates: [] })).value).toMatchObject({ status: 'completed', output: [] });
  });
});

describe('the request is repeated', () => {
  const defaults = {
    ...{ id: 'resp_r', object: 'response', created_at: 7, completed_at: 7, status: 'completed', error: null },
    ...{ incomplete_details: null, output: [], model: 'm', access_programs: null, background: false },
    ...{ instructions: null, max_output_tokens: null, max_tool_calls: null, parallel_tool_calls: true },
    ...{ previous_response_id: null, prompt_cache_key: null, reasoning: { effort: null, summary: null } },
    ...{ safety_identifier: null, service_tier: 'default', store: false, temperature: 1, top_p: 1 },
    ...{ text: { format: { type: 'text' } }, tool_choice: 'auto', presence_penalty: 0, frequency_penalty: 0 },
    ...{ tools: [], top_logprobs: 0, truncation: 'disabled', user: null, metadata: {} },
    usage: {
      ...{ input_tokens: 1, output_tokens: 2, total_tokens: 3 },
      ...{ input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 } },
      output_tokens_details: { reasoning_tokens: 0 },
    },
  };
  const tool = { type: 'function', name: 'f' };

  test.each<[JsonObject, JsonObject]>([
    [{}, {}],
    [{ instructions: 'be kind' }, { instructions: 'be kind' }],
    [
      { max_output_tokens: 9, max_tool_calls: 2 },
      { max_output_tokens: 9, max_tool_calls: 2 },
    ],
    [
      { previous_response_id: 'p', prompt_cache_key: 'k' },
      { previous_response_id: 'p', prompt_cache_key: 'k' },
    ],
    [
      { parallel_tool_calls: false, tool_choice: 'none' },
      { parallel_tool_calls: false, tool_choice: 'none' },
    ],
    [{ reasoning: { effort: 'low' } }, { reasoning: { effort: 'low', summary: null } }],
    [
      { safety_identifier: 's', user: 'u', metadata: { a: 'b' } },
      { safety_identifier: 's', user: 'u', metadata: { a: 'b' } },
    ],
    [
      { service_tier: 'flex', store: true },
      { service_tier: 'flex', store: true },
    ],
    [
      { temperature: 0, top_p: 0.5, top_logprobs: 3 },
      { temperature: 0, top_p: 0.5, top_logprobs: 3 },
    ],
    [{ text: { verbosity: 'low' } }, { text: { format: { type: 'text' }, verbosity: 'low' } }],
    [{ truncation: 'auto' }, { truncation: 'auto' }],
    [
      { tools: [tool, { type: 'custom', name: 'c' }] },
      {
        tools: [
          { description: null, parameters: null, strict: null, ...tool },
          { type: 'custom', name: 'c' },
        ],
      },
    ],
  ])('%j', (body, echo) => {
    expect(write(answer([]), body).value).toStrictEqual({ ...defaults, ...echo });
  });

  test('what the upstream says of tier and time stands above', () => {
    const told = write(answer([], { serviceTier: 'priority', createdAtS: 9 }), { service_tier: 'auto' }).value;
    expect(told).toMatchObject({ service_tier: 'priority', created_at: 9, completed_at: 9 });
    expect(write(answer([], { createdAtS: 3 })).value).toMatchObject({ created_at: 3, completed_at: 7 });
    expect(write(answer([], { id: 'resp_a' })).value['id']).toBe('resp_a');
    expect(write(answer([], { id: '' })).value['id']).toBe('resp_new');
  });
});

describe("an upstream's answer", () => {
  const read = (body: JsonObject): GenerationResponse =>
    openaiResponses.decodeResponse({ id: 'r', model: 'm', ...body });
  const none = { inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  const bare = { id: 'r', model: 'm', usage: none, extensions: {} };
  const item = (...content: JsonObject[]): JsonObject => ({ type: 'message', content });

  test.each<[JsonObject, object]>([
    [{ output: [] }, { candidates: [{ content: [], finishReason: 'stop' }] }],
    [
      { output: [], created_at: 5 },
      { candidates: [{ content: [], finishReason: 'stop' }], createdAtS: 5 },
    ],
    [
      { output: [], service_tier: 'flex' },
      { candidates: [{ content: [], finishReason: 'stop' }], serviceTier: 'flex' },
    ],
    [
      { output: [], conversation: { id: 'c' } },
      {
        candidates: [{ content: [], finishReason: 'stop' }],
        extensions: { 'openai-responses': { conversation: { id: 'c' } } },
      },
    ],
    [{ output: [], conversation: null }, { candidates: [{ content: [], finishReason: 'stop' }] }],
    [
      { output: [item({ type: 'output_text', text: 'a', logprobs: [{ token: 'a' }] }, { type: 'later' })] },
      {
        candidates: [
          {
            content: [text('a'), { type: 'opaque', dialect: 'openai-responses', value: { type: 'later' } }],
            finishReason: 'stop',
            logprobs: [{ token: 'a' }],
          },
        ],
      },
    ],
    [
      { output: [item({ type: 'refusal', refusal: 'no' })] },
      { candidates: [{ content: [{ type: 'refusal', text: 'no' }], finishReason: 'refusal' }] },
    ],
    [
      { output: [{ type: 'function_call', id: 'fc', name: 'f', arguments: '{}' }] },
      { candidates: [{ content: [call('fc', 'function', '{}')], finishReason: 'tool-calls' }] },
    ],
    [
      { output: [{ type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'ls' }, carrier(1, 'c')] },
      { candidates: [{ content: [call('c', 'custom', 'ls', sealed('gemini'))], finishReason: 'tool-calls' }] },
    ],
    [
      { output: [{ type: 'image_generation_call', result: '' }] },
      {
        candidates: [
          {
            content: [
              {
                ...{
                  type: 'server-tool',
                  phase: 'whole',
                  id: '',
                  origin: 'openai-responses',
                  tool: 'image-generation',
                },
                value: { type: 'image_generation_call', result: '' },
              },
            ],
            finishReason: 'stop',
          },
        ],
      },
    ],
    [
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] },
      { candidates: [{ content: [], finishReason: 'content-filter' }] },
    ],
    [{ status: 'incomplete', output: [] }, { candidates: [{ content: [], finishReason: 'other' }] }],
  ])('%j', (body, expected) => {
    expect(read(body)).toStrictEqual({ ...bare, ...expected });
  });

  test.each([{}, { output: {} }, { output: null }])('%j is none', (body) => {
    expect(() => read(body)).toThrowError('the upstream answer has no list `output`');
  });
});
