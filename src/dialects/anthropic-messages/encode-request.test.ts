import { describe, expect, it } from 'vitest';
import type { GenerationRequest, JsonObject, Part, ReasoningConfig, Sampling, Tool } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeRequest } from './encode-request.ts';

const user = { role: 'user', content: [{ type: 'text', text: 'hi' }], path: 'messages[0]' } as const;
const shell: Tool = { type: 'function', name: 'sh', path: 'tools[0]' };

function encode(more: Partial<GenerationRequest>, target: Partial<EncodeTarget> = {}) {
  const encoded = encodeRequest(
    { model: 'm', stream: false, messages: [user], tools: [], sampling: {}, extensions: {}, ...more },
    { model: 'claude', stream: false, quirks: {}, ...target },
  );
  return { body: encoded.value, paths: encoded.warnings.map((warning) => warning.path) };
}

describe('max_tokens', () => {
  it.each<[number | undefined, number | undefined, number]>([
    [undefined, undefined, 8192],
    [undefined, 4096, 4096],
    [undefined, 64_000, 32_000],
    [100, 64_000, 100],
    [100_000, undefined, 100_000],
  ])('wanted %s, model %s -> %s', (maxOutputTokens, modelMax, expected) => {
    const sampling: Sampling = maxOutputTokens === undefined ? {} : { maxOutputTokens };
    const { body, paths } = encode({ sampling }, modelMax === undefined ? {} : { maxOutputTokens: modelMax });
    expect([body['max_tokens'], paths]).toEqual([expected, []]);
  });

  it('is lowered, with a warning, to what the model can', () => {
    const { body, paths } = encode({ sampling: { maxOutputTokens: 100_000 } }, { maxOutputTokens: 64_000 });
    expect([body['max_tokens'], paths]).toEqual([64_000, ['sampling.maxOutputTokens']]);
  });
});

describe('reasoning', () => {
  const levels = { reasoning: { levels: ['low', 'medium', 'high', 'max'] } };
  const budgets = { maxOutputTokens: 64_000, reasoning: { minBudget: 1024, maxBudget: 32_000 } };
  const adaptive = { type: 'adaptive' };

  it.each<[ReasoningConfig, Partial<EncodeTarget>, JsonObject]>([
    [{ effort: 'minimal' }, levels, { thinking: adaptive, output_config: { effort: 'low' } }],
    [{ effort: 'high' }, levels, { thinking: adaptive, output_config: { effort: 'high' } }],
    [{ effort: 'xhigh' }, levels, { thinking: adaptive, output_config: { effort: 'high' } }],
    [{ effort: 'max' }, levels, { thinking: adaptive, output_config: { effort: 'max' } }],
    [{ budgetTokens: 9000 }, levels, { thinking: adaptive, output_config: { effort: 'high' } }],
    [{ budgetTokens: -1 }, levels, { thinking: adaptive }],
    [{ adaptive: true, summary: 'auto' }, levels, { thinking: { type: 'adaptive', display: 'summarized' } }],
    [{ effort: 'none' }, levels, { thinking: { type: 'disabled' } }],
    [{ budgetTokens: 0 }, budgets, { thinking: { type: 'disabled' } }],
    [{ effort: 'minimal' }, budgets, { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    [{ effort: 'medium' }, budgets, { thinking: { type: 'enabled', budget_tokens: 8192 } }],
    [{ effort: 'max' }, budgets, { thinking: { type: 'enabled', budget_tokens: 32_000 }, max_tokens: 64_000 }],
    [{ adaptive: true }, budgets, { thinking: { type: 'enabled', budget_tokens: 8192 } }],
    [{ effort: 'high' }, {}, { thinking: { type: 'enabled', budget_tokens: 24_576 }, max_tokens: 32_000 }],
  ])('%j on %j -> %j', (reasoning, target, expected) => {
    const { body, paths } = encode({ reasoning }, target);
    expect(body).toMatchObject(expected);
    expect(paths).toEqual([]);
  });

  it('the wish to see reasoning switches it on for a model that is known to think', () => {
    const seen = { reasoning: { summary: 'auto' } } as const;
    expect(encode(seen, levels).body).toMatchObject({ thinking: { type: 'adaptive', display: 'summarized' } });
    expect(encode(seen, budgets).body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 8192 } });
    for (const unknown of [{}, { reasoning: {} }, { reasoning: { levels: [] } }]) {
      expect(encode(seen, unknown).body).not.toHaveProperty('thinking');
    }
    expect(encode({ reasoning: { summary: 'none' } }, levels).body).not.toHaveProperty('thinking');
    expect(encode({ reasoning: {} }, levels).body).not.toHaveProperty('thinking');
  });

  it('raises the limit by the budget, so that the answer keeps its room', () => {
    const { body, paths } = encode({ reasoning: { effort: 'high' }, sampling: { maxOutputTokens: 1000 } }, budgets);
    expect(body).toMatchObject({ max_tokens: 25_576, thinking: { budget_tokens: 24_576 } });
    expect(paths).toEqual(['sampling.maxOutputTokens']);
  });

  it('lowers the budget where the model cannot generate more', () => {
    const small = { maxOutputTokens: 8192, reasoning: { maxBudget: 32_000 } };
    const { body } = encode({ reasoning: { effort: 'high' } }, small);
    expect(body).toMatchObject({ max_tokens: 8192, thinking: { budget_tokens: 7168 } });
  });

  it('leaves thinking off where not even the smallest budget fits', () => {
    const { body, paths } = encode({ reasoning: { effort: 'low' } }, { maxOutputTokens: 1500 - 512 });
    expect(body).not.toHaveProperty('thinking');
    expect(paths).toEqual(['reasoning']);
  });

  it('leaves thinking off when a tool is forced', () => {
    const request = { reasoning: { effort: 'high' }, tools: [shell], toolChoice: { type: 'required' } } as const;
    const { body, paths } = encode(request, levels);
    expect(body).toMatchObject({ tool_choice: { type: 'any' } });
    expect(body).not.toHaveProperty('thinking');
    expect(paths).toEqual(['reasoning']);
  });

  it('thinks when a tool is forced that is not there', () => {
    const request = { reasoning: { effort: 'high' }, toolChoice: { type: 'required' } } as const;
    const { body, paths } = encode(request, levels);
    expect(body).toMatchObject({ thinking: adaptive });
    expect(paths).toEqual(['toolChoice']);
  });

  it('leaves a budget off amid a tool loop that began without Claude thinking; adaptive may go on', () => {
    const call: Part = { type: 'tool-call', id: 'a', name: 'sh', kind: 'function', arguments: '{}' };
    const result: Part = { type: 'tool-result', callId: 'a', content: [], isError: false, kind: 'function' };
    const messages = [
      user,
      { role: 'assistant', content: [call], path: 'messages[1]' },
      { role: 'user', content: [result], path: 'messages[2]' },
    ] as const;
    const request = { messages, tools: [shell], reasoning: { effort: 'high' } } as const;
    const budget = encode(request, budgets);
    expect(budget.body).not.toHaveProperty('thinking');
    expect(budget.paths).toEqual(['reasoning']);
    expect(encode(request, levels).body).toMatchObject({ thinking: adaptive });
  });
});

describe('sampling', () => {
  const thinking = { reasoning: { effort: 'low' } } as const;
  it.each<[Sampling, Partial<GenerationRequest>, JsonObject, string[]]>([
    [{ temperature: 1.7 }, {}, { temperature: 1 }, ['sampling.temperature']],
    [{ temperature: 0.5, topP: 0.9 }, {}, { temperature: 0.5 }, ['sampling.topP']],
    [{ temperature: 1, topP: 0.9 }, {}, { top_p: 0.9 }, []],
    [{ temperature: 1, topP: 0.95 }, thinking, { top_p: 0.95 }, []],
    [{ topP: 0.9, topK: 5 }, {}, { top_p: 0.9, top_k: 5 }, []],
    [{ temperature: 0.5, topK: 5 }, thinking, {}, ['sampling.temperature', 'sampling.topK']],
    [{ temperature: 1 }, thinking, { temperature: 1 }, []],
    [{ topP: 0.9 }, thinking, {}, ['sampling.topP']],
    [{ topP: 0.97 }, thinking, { top_p: 0.97 }, []],
    [{ stop: ['\n', 'END'] }, {}, { stop_sequences: ['END'] }, ['sampling.stop']],
    [
      { seed: 1, candidateCount: 2, logprobs: true, topLogprobs: 2, presencePenalty: 1, frequencyPenalty: 1 },
      {},
      {},
      ['presencePenalty', 'frequencyPenalty', 'candidateCount', 'logprobs', 'topLogprobs'].map((k) => `sampling.${k}`),
    ],
    [{ candidateCount: 1, presencePenalty: 0, logprobs: false }, {}, {}, []],
  ])('%j with %j', (sampling, more, expected, warned) => {
    const { body, paths } = encode({ ...more, sampling });
    const keys = ['temperature', 'top_p', 'top_k', 'stop_sequences'];
    expect(Object.fromEntries(Object.entries(body).filter(([key]) => keys.includes(key)))).toEqual(expected);
    expect(paths.toSorted()).toEqual(('seed' in sampling ? [...warned, 'sampling.seed'] : warned).toSorted());
  });
});

it('names every field without a place', () => {
  const { body, paths } = encode({
    output: { type: 'json-object' },
    promptCacheKey: 'k',
    verbosity: 'low',
    store: true,
    modalities: ['text', 'image'],
    metadata: { a: '1' },
    serviceTier: 'flex',
    extensions: { 'openai-chat': { logit_bias: { 50256: -100 }, stream_options: { include_usage: true } } },
  });
  expect(Object.keys(body)).toEqual(['model', 'max_tokens', 'system', 'messages']);
  expect(body['system']).toEqual([{ type: 'text', text: expect.stringContaining('JSON object') }]);
  const expected = ['logit_bias', 'modalities', 'output', 'serviceTier', 'store'];
  expect(paths.toSorted()).toEqual([...expected, 'verbosity']);
});

it('closes the objects of an output schema, not the data in it, and names those that were open', () => {
  const open = { type: 'object', additionalProperties: true };
  const item = { type: 'object', properties: { type: { type: 'string' } } };
  const schema = {
    type: 'object',
    properties: { list: { type: 'array', items: item }, open },
    default: { type: 'object' },
  };
  const { body, paths } = encode({ output: { type: 'json-schema', schema } });
  expect(body['output_config']).toEqual({
    format: {
      type: 'json_schema',
      schema: {
        ...schema,
        properties: {
          list: { type: 'array', items: { ...item, additionalProperties: false } },
          open: { ...open, additionalProperties: false },
        },
        additionalProperties: false,
      },
    },
  });
  expect(paths).toEqual(['output.schema.properties.open.additionalProperties']);
});

it('joins its own further settings of the output with those that it translates', () => {
  const extensions = { 'anthropic-messages': { output_config: { later: 1, effort: 'later' } } };
  expect(encode({ extensions }).body['output_config']).toEqual({ later: 1, effort: 'later' });
  const levels = { reasoning: { levels: ['high'] } };
  expect(encode({ extensions, reasoning: { effort: 'high' } }, levels).body['output_config']).toEqual({
    later: 1,
    effort: 'high',
  });
});

it('leaves out what the upstream rejects', () => {
  const { body, paths } = encode({ sampling: { topK: 3 } }, { quirks: { rejects: ['top_k', 'absent'] } });
  expect(body).not.toHaveProperty('top_k');
  expect(paths).toEqual(['top_k']);
});

describe('tools', () => {
  it('gives every tool a schema and keeps the first of a name', () => {
    const { body, paths } = encode({ tools: [shell, { ...shell, path: 'tools[1]' }] });
    expect(body['tools']).toEqual([{ name: 'sh', input_schema: { type: 'object', properties: {} } }]);
    expect(paths).toEqual(['tools[1]']);
  });

  it('describes a custom tool with its grammar', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
    const tool: Tool = { type: 'custom', name: 'patch', description: 'Patches.', format, path: 'tools[0]' };
    expect(encode({ tools: [tool] }).body['tools']).toMatchObject([
      {
        name: 'patch',
        description: 'Patches.\n\nThe input must follow this lark grammar:\nstart: "x"',
        input_schema: { required: ['input'] },
      },
    ]);
  });

  it('knows web search of other dialects, and names what it does not know', () => {
    const tools: Tool[] = [
      { type: 'built-in', name: 'web-search', extensions: { gemini: { type: 't', depth: 1 } }, path: 'tools[0]' },
      { type: 'built-in', name: 'code-execution', path: 'tools[1]' },
      { type: 'opaque', dialect: 'openai-responses', value: { type: 'local_shell' }, path: 'tools[2]' },
    ];
    const { body, paths } = encode({ tools });
    expect(body['tools']).toEqual([{ type: 'web_search_20250305', name: 'web_search' }]);
    expect(paths).toEqual(['tools[0].depth', 'tools[1]', 'tools[2]']);
  });

  it('offers only the allowed ones', () => {
    const tools: Tool[] = [shell, { type: 'function', name: 'ls', path: 'tools[1]' }];
    const { body } = encode({ tools, toolChoice: { type: 'required', names: ['ls'] }, parallelToolCalls: false });
    expect(body).toMatchObject({
      tools: [{ name: 'ls' }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
  });

  it('sends no choice without tools', () => {
    expect(encode({ toolChoice: { type: 'auto' } }).body).not.toHaveProperty('tool_choice');
  });
});
