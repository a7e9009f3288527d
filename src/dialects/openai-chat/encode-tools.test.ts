import { describe, expect, test } from 'vitest';
import {
  collectWarnings,
  type GenerationRequest,
  type JsonObject,
  type JsonValue,
  type Tool,
  type ToolChoice,
} from '../../ir/index.ts';
import type { EncodeQuirks, EncodeTarget } from '../codec.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { encodeWebSearch, hasWebSearch } from './web-search.ts';

const path = 'tools[0]';
const target = (quirks: EncodeQuirks = {}, model = 'm'): EncodeTarget => ({ model, stream: false, quirks });
const lowered = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

describe('tools', () => {
  const write = (tools: Tool[], quirks: EncodeQuirks = {}, searches = false) => {
    const { warnings, warn } = collectWarnings();
    return { tools: encodeTools(tools, quirks, searches, warn), warnings };
  };
  const parameters = { type: 'object', properties: { a: { type: 'string' } } };
  const closed = { ...parameters, required: ['a'], additionalProperties: false };

  test.each<[Tool, JsonObject]>([
    [
      { type: 'function', name: 'f', path },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'function', name: 'f', description: 'd', parameters, strict: false, path },
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: false } },
    ],
    [
      { type: 'function', name: 'f', parameters: closed, strict: true, path },
      { type: 'function', function: { name: 'f', parameters: closed, strict: true } },
    ],
    [
      {
        type: 'function',
        name: 'f',
        extensions: { 'openai-chat': { defer: true, function: { name: 'not this', examples: [1] } } },
        path,
      },
      { defer: true, type: 'function', function: { name: 'f', examples: [1] } },
    ],
    [
      { type: 'function', name: 'f', extensions: { 'openai-chat': { function: 'x' } }, path },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'custom', name: 'c', path },
      { type: 'custom', custom: { name: 'c' } },
    ],
    [
      { type: 'custom', name: 'c', description: 'd', format: { type: 'text' }, path },
      { type: 'custom', custom: { name: 'c', description: 'd', format: { type: 'text' } } },
    ],
    [
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' }, path },
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
    ],
    [{ type: 'opaque', dialect: 'openai-chat', value: { type: 'mcp' }, path }, { type: 'mcp' }],
  ])('%j', (tool, wire) => {
    expect(write([tool])).toStrictEqual({ tools: [wire], warnings: [] });
  });

  test('custom tools are functions where only those are known', () => {
    const tool: Tool = { type: 'custom', name: 'c', description: 'd', path };
    expect(write([tool], { noCustomTools: true })).toStrictEqual({
      tools: [{ type: 'function', function: { name: 'c', description: 'd', parameters: lowered } }],
      warnings: [],
    });
  });

  test.each<[Tool, boolean, string | undefined]>([
    [{ type: 'built-in', name: 'web-search', path }, true, undefined],
    [{ type: 'built-in', name: 'web-search', extensions: { 'openai-chat': {} }, path }, false, undefined],
    [
      { type: 'built-in', name: 'web-search', extensions: { gemini: {} }, path },
      false,
      'the built-in tool web-search does not exist in Chat Completions',
    ],
    [
      { type: 'built-in', name: 'code-execution', path },
      true,
      'the built-in tool code-execution does not exist in Chat Completions',
    ],
    [
      { type: 'opaque', dialect: 'gemini', value: {}, path },
      true,
      'a tool of gemini that Chat Completions does not know',
    ],
  ])('%j is none of them, searching: %s', (tool, searches, reason) => {
    const warnings = reason === undefined ? [] : [{ path, reason }];
    expect(write([tool], {}, searches)).toStrictEqual({ tools: [], warnings });
  });

  test('of two with one name the first is used', () => {
    const tools: Tool[] = [
      { type: 'function', name: 'f', path: 'a' },
      { type: 'custom', name: 'f', path: 'b' },
      { type: 'function', name: 'g', path: 'c' },
      { type: 'opaque', dialect: 'openai-chat', value: {}, path: 'd' },
      { type: 'opaque', dialect: 'openai-chat', value: {}, path: 'e' },
    ];
    expect(write(tools)).toStrictEqual({
      tools: [{ type: 'function', function: { name: 'f' } }, { type: 'function', function: { name: 'g' } }, {}, {}],
      warnings: [{ path: 'b', reason: 'a tool of this name was already given; the first one is used' }],
    });
  });

  test('what the schema loses is told with its place', () => {
    const open = { ...parameters, additionalProperties: false };
    const tool: Tool = { type: 'function', name: 'f', parameters: open, path };
    const optional = { type: ['string', 'null'] };
    expect(write([tool])).toStrictEqual({
      tools: [{ type: 'function', function: { name: 'f', parameters: open } }],
      warnings: [],
    });
    const strict = write([{ ...tool, strict: true }]);
    expect(strict.tools).toMatchObject([
      { function: { parameters: { properties: { a: optional }, required: ['a'] } } },
    ]);
    expect(strict.warnings.map((warning) => warning.path)).toStrictEqual(['tools[0].parameters.properties.a.required']);
  });
});

describe('tool choice', () => {
  const tools: Tool[] = [
    { type: 'function', name: 'f', path },
    { type: 'custom', name: 'c', path },
  ];
  const f = { type: 'function', function: { name: 'f' } };
  const c = { type: 'custom', custom: { name: 'c' } };
  const allowed = (mode: string, ...references: JsonObject[]): JsonObject => ({
    type: 'allowed_tools',
    allowed_tools: { mode, tools: references },
  });
  const write = (choice: ToolChoice, quirks: EncodeQuirks = {}) => {
    const { warnings, warn } = collectWarnings();
    return [encodeToolChoice(choice, tools, quirks, warn), warnings];
  };

  test.each<[ToolChoice, JsonValue]>([
    [{ type: 'none' }, 'none'],
    [{ type: 'none', names: ['f'] }, 'none'],
    [{ type: 'auto' }, 'auto'],
    [{ type: 'required' }, 'required'],
    [{ type: 'tool', name: 'f' }, f],
    [{ type: 'tool', name: 'c' }, c],
    [
      { type: 'tool', name: 'unknown' },
      { type: 'function', function: { name: 'unknown' } },
    ],
    [{ type: 'required', names: ['c'] }, c],
    [{ type: 'required', names: ['f', 'c'] }, allowed('required', f, c)],
    [{ type: 'required', names: [] }, allowed('required')],
    [{ type: 'auto', names: ['f'] }, allowed('auto', f)],
    [{ type: 'opaque', dialect: 'openai-chat', value: { type: 'x' } }, { type: 'x' }],
  ])('%j', (choice, wire) => {
    expect(write(choice)).toStrictEqual([wire, []]);
  });

  test('of a custom tool that is sent as a function', () => {
    expect(write({ type: 'tool', name: 'c' }, { noCustomTools: true })).toStrictEqual([
      { type: 'function', function: { name: 'c' } },
      [],
    ]);
  });

  test.each<[ToolChoice, string]>([
    [{ type: 'built-in', name: 'web-search' }, 'Chat Completions cannot demand the web-search tool'],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, 'a choice of gemini that Chat Completions does not know'],
  ])('%j is lost', (choice, reason) => {
    expect(write(choice)).toStrictEqual([undefined, [{ path: 'toolChoice', reason }]]);
  });

  test.each<[ToolChoice, number]>([
    [{ type: 'auto' }, 0],
    [{ type: 'none' }, 0],
    [{ type: 'required' }, 1],
    [{ type: 'tool', name: 'f' }, 1],
  ])('%j without tools is lost with %d warning', (toolChoice, warned) => {
    const request: GenerationRequest = {
      model: 'm',
      stream: false,
      messages: [],
      tools: [],
      sampling: {},
      extensions: {},
      parallelToolCalls: false,
      toolChoice,
    };
    const reason = 'Chat Completions takes it only together with tools';
    expect(encodeRequest(request, target())).toStrictEqual({
      value: { model: 'm', messages: [] },
      warnings: warned === 0 ? [] : [{ path: 'toolChoice', reason }],
    });
  });
});

describe('web search', () => {
  test.each([
    ['gpt-4o-search-preview', true],
    ['search', true],
    ['vendor/search-1', true],
    ['a_search', true],
    ['a:search:b', true],
    ['x-search_1', true],
    ['research-1', false],
    ['searching', false],
    ['gpt-4o', false],
  ])('the model %s searches: %s', (model, searches) => {
    expect(hasWebSearch(target({}, model))).toBe(searches);
  });

  test('the server’s declaration goes before the model’s name', () => {
    expect(hasWebSearch(target({ webSearchOptions: true }, 'm'))).toBe(true);
    expect(hasWebSearch(target({ webSearchOptions: false }, 'search'))).toBe(false);
  });

  const write = (tool: Tool, quirks: EncodeQuirks = { webSearchOptions: true }) => {
    const { warnings, warn } = collectWarnings();
    return [encodeWebSearch([tool], target(quirks), warn), warnings.map((warning) => warning.path)];
  };
  const search = (more: object = {}): Tool => ({ type: 'built-in', name: 'web-search', path, ...more });

  test.each<[Tool, JsonObject | undefined]>([
    [search(), {}],
    [search({ search: { contextSize: 'low' } }), { search_context_size: 'low' }],
    [
      search({ search: { userLocation: { city: 'Ulm' } } }),
      { user_location: { type: 'approximate', approximate: { city: 'Ulm' } } },
    ],
    [search({ search: { contextSize: 'low' }, extensions: { 'openai-chat': { own: 1 } } }), { own: 1 }],
    [{ type: 'built-in', name: 'url-context', path }, undefined],
    [{ type: 'function', name: 'web-search', path }, undefined],
  ])('%j', (tool, options) => {
    expect(write(tool)).toStrictEqual([options, []]);
  });

  test('settings of others are told; a server that does not search gets only its own', () => {
    const extensions = { 'anthropic-messages': { max_uses: 5, user_location: { city: 'Ulm' } } };
    expect(write(search({ extensions }))).toStrictEqual([{}, ['tools[0].max_uses']]);
    expect(write(search({ extensions }), {})).toStrictEqual([undefined, []]);
    expect(write(search({ extensions: { 'openai-chat': {} } }), {})).toStrictEqual([{}, []]);
  });
});
