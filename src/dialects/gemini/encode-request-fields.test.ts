import { describe, expect, it } from 'vitest';
import type { GenerationRequest, JsonValue, Tool, ToolChoice } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeRequest } from './encode-request.ts';

const base: GenerationRequest = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };

function encode(fields: Partial<GenerationRequest>, quirks: EncodeTarget['quirks'] = {}) {
  const { value, warnings } = encodeRequest({ ...base, ...fields }, { model: 'gemini-3-pro', stream: false, quirks });
  const { contents, ...body } = value;
  expect(contents).toEqual([]);
  return { body, warnings };
}
const f: Tool = { type: 'function', name: 'f', path: 'tools[0]' };
const declared = { tools: [{ functionDeclarations: [{ name: 'f' }] }] };

describe('fields', () => {
  it.each([
    ['auto', undefined],
    ['flex', 'flex'],
    ['priority', 'priority'],
    ['standard', 'standard'],
    ['default', 'standard'],
    ['standard_only', 'standard'],
  ])('service tier %s is %s', (serviceTier, expected) => {
    expect(encode({ serviceTier })).toStrictEqual({
      body: expected === undefined ? {} : { serviceTier: expected },
      warnings: [],
    });
  });

  it('what Gemini has no setting for is lost', () => {
    expect(encode({ serviceTier: 'scale', parallelToolCalls: false, store: true, verbosity: 'low' })).toStrictEqual({
      body: {},
      warnings: [
        { path: 'serviceTier', reason: 'Gemini does not know this tier' },
        { path: 'parallelToolCalls', reason: 'Gemini cannot be limited to one call at a time' },
        { path: 'store', reason: 'Gemini keeps no answers' },
        { path: 'verbosity', reason: 'Gemini has no setting for it' },
      ],
    });
  });

  it('settings that say what is so anyway are no loss', () => {
    const settings = { parallelToolCalls: true, store: false, verbosity: 'medium', user: 'u', metadata: { a: 1 } };
    expect(encode(settings)).toStrictEqual({ body: {}, warnings: [] });
  });

  it('what only Gemini knows joins the rest, and wins', () => {
    const gemini = {
      safetySettings: [],
      generationConfig: { topK: 5, speechConfig: { a: 1 }, thinkingConfig: { thinkingBudget: 2 } },
      serviceTier: { odd: 1 },
      tools: { odd: 2 },
    };
    const fields = { sampling: { topK: 1, topP: 0.5 }, reasoning: { effort: 'low' }, serviceTier: 'flex' } as const;
    expect(encode({ ...fields, tools: [f], extensions: { gemini } })).toStrictEqual({
      body: {
        tools: { odd: 2 },
        generationConfig: {
          topP: 0.5,
          topK: 5,
          thinkingConfig: { thinkingBudget: 2, includeThoughts: true },
          speechConfig: { a: 1 },
        },
        serviceTier: { odd: 1 },
        safetySettings: [],
      },
      warnings: [],
    });
  });

  it('what the upstream rejects is left out', () => {
    expect(encode({ serviceTier: 'flex' }, { rejects: ['serviceTier'] })).toStrictEqual({
      body: {},
      warnings: [{ path: 'serviceTier', reason: 'the upstream does not accept this field' }],
    });
  });
});

describe('tools', () => {
  const builtIn = (name: 'web-search' | 'code-execution' | 'url-context' | 'image-generation'): Tool => ({
    type: 'built-in',
    name,
    path: 'tools[1]',
  });

  it.each<[Tool, JsonValue]>([
    [builtIn('web-search'), { googleSearch: {} }],
    [builtIn('code-execution'), { codeExecution: {} }],
    [builtIn('url-context'), { urlContext: {} }],
    [
      { type: 'built-in', name: 'web-search', extensions: { gemini: { googleSearchRetrieval: {} } }, path: 'tools[1]' },
      { googleSearchRetrieval: {} },
    ],
    [{ type: 'opaque', dialect: 'gemini', value: { googleMaps: {} }, path: 'tools[1]' }, { googleMaps: {} }],
  ])('%j', (tool, wire) => {
    expect(encode({ tools: [tool] })).toStrictEqual({ body: { tools: [wire] }, warnings: [] });
  });

  it.each<[Tool, string]>([
    [builtIn('image-generation'), 'Gemini has no tool that makes images; its image models do so by themselves'],
    [{ type: 'opaque', dialect: 'openai-chat', value: {}, path: 'tools[1]' }, 'only openai-chat knows this tool'],
  ])('%j is lost', (tool, reason) => {
    expect(encode({ tools: [tool] })).toStrictEqual({ body: {}, warnings: [{ path: 'tools[1]', reason }] });
  });

  it('of Gemini give way to functions, unless the client says that it can have both', () => {
    const tools = [f, builtIn('web-search')];
    const reason = "Gemini's own tools cannot be combined with functions; the functions are kept";
    expect(encode({ tools })).toStrictEqual({ body: declared, warnings: [{ path: 'tools[1]', reason }] });
    const toolConfig = { includeServerSideToolInvocations: true };
    expect(encode({ tools, extensions: { gemini: { toolConfig } } })).toStrictEqual({
      body: { tools: [...declared.tools, { googleSearch: {} }], toolConfig },
      warnings: [],
    });
  });

  it('functions have all that Gemini knows of them; of one name the first is kept', () => {
    const second: Tool = {
      type: 'function',
      name: 'g',
      description: 'd',
      parameters: { type: 'object' },
      strict: true,
      extensions: { gemini: { behavior: 'BLOCKING' }, 'openai-chat': {} },
      path: 'tools[1]',
    };
    expect(encode({ tools: [f, second, { ...f, description: 'again', path: 'tools[2]' }] })).toStrictEqual({
      body: {
        tools: [
          {
            functionDeclarations: [
              { name: 'f' },
              { name: 'g', description: 'd', parametersJsonSchema: { type: 'object' }, behavior: 'BLOCKING' },
            ],
          },
        ],
      },
      warnings: [
        { path: 'tools[1].strict', reason: 'Gemini does not bind arguments to the schema' },
        { path: 'tools[2]', reason: 'a tool of this name is there already; the first is kept' },
      ],
    });
  });
});

describe('tool choice', () => {
  const calling = (functionCallingConfig: JsonValue) => ({ toolConfig: { functionCallingConfig } });

  it.each<[ToolChoice, JsonValue]>([
    [{ type: 'auto', names: [] }, { mode: 'AUTO' }],
    [{ type: 'none', names: ['f'] }, { mode: 'NONE' }],
    [
      { type: 'required', names: ['f'] },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
    [{ type: 'opaque', dialect: 'gemini', value: { mode: 'LATER' } }, { mode: 'LATER' }],
  ])('%j', (toolChoice, expected) => {
    expect(encode({ tools: [f], toolChoice })).toStrictEqual({
      body: { ...declared, ...calling(expected) },
      warnings: [],
    });
  });

  it.each<[ToolChoice, string]>([
    [{ type: 'opaque', dialect: 'openai-chat', value: {} }, 'only openai-chat knows this choice'],
    [{ type: 'built-in', name: 'web-search' }, "Gemini decides by itself when to use Google's tools"],
  ])('%j is lost', (toolChoice, reason) => {
    expect(encode({ tools: [f], toolChoice })).toStrictEqual({
      body: declared,
      warnings: [{ path: 'toolChoice', reason }],
    });
  });

  it.each<[ToolChoice, boolean]>([
    [{ type: 'tool', name: 'f' }, true],
    [{ type: 'required' }, true],
    [{ type: 'auto' }, false],
    [{ type: 'none' }, false],
  ])('%j without a function is a loss: %s', (toolChoice, lost) => {
    const tools: Tool[] = [{ type: 'built-in', name: 'web-search', path: 'tools[0]' }];
    expect(encode({ tools, toolChoice })).toStrictEqual({
      body: { tools: [{ googleSearch: {} }] },
      warnings: lost ? [{ path: 'toolChoice', reason: 'there is no function to call' }] : [],
    });
  });
});
