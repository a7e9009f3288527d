import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, Tool, ToolChoice } from '../../ir/index.ts';
import { decodeToolChoice, encodeToolChoice } from './tool-choice.ts';
import { decodeTools, encodeTools } from './tools.ts';

const path = 'tools[0]';
const ext = (value: JsonObject): object => ({ extensions: { 'openai-responses': value } });
const builtIn = (name: string, wire: JsonObject, more: object = {}): object => ({
  ...{ type: 'built-in', name, ...more, ...ext(wire), path },
});

describe('a tool', () => {
  test.each<[JsonObject, object]>([
    [
      { type: 'function', name: 'f' },
      { type: 'function', name: 'f', path },
    ],
    [
      { type: 'function', name: 'f', description: 'd', parameters: {}, strict: true, later: 1 },
      { type: 'function', name: 'f', description: 'd', parameters: {}, strict: true, ...ext({ later: 1 }), path },
    ],
    [
      { type: 'custom', name: 'c' },
      { type: 'custom', name: 'c', path },
    ],
    [
      { type: 'custom', name: 'c', description: 'd', format: { type: 'text' }, later: 1 },
      { type: 'custom', name: 'c', description: 'd', format: { type: 'text' }, ...ext({ later: 1 }), path },
    ],
    [
      { type: 'code_interpreter', container: 'x' },
      builtIn('code-execution', { type: 'code_interpreter', container: 'x' }),
    ],
    [{ type: 'image_generation' }, builtIn('image-generation', { type: 'image_generation' })],
    [{ type: 'web_search' }, builtIn('web-search', { type: 'web_search' })],
    [
      { type: 'web_search_preview', search_context_size: 'low' },
      builtIn(
        'web-search',
        { type: 'web_search_preview', search_context_size: 'low' },
        { search: { contextSize: 'low' } },
      ),
    ],
    [
      { type: 'later', x: 1 },
      { type: 'opaque', dialect: 'openai-responses', value: { type: 'later', x: 1 }, path },
    ],
    [
      { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }, { type: 'later' }] },
      {
        type: 'opaque',
        dialect: 'openai-responses',
        value: { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }, { type: 'later' }] },
        path,
      },
    ],
    [
      { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] },
      {
        type: 'opaque',
        dialect: 'openai-responses',
        value: { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] },
        path,
      },
    ],
  ])('%j goes back as it came', (wire, tool) => {
    const tools = decodeTools([wire], 'tools');
    expect(tools).toStrictEqual([tool]);
    expect(encodeTools(tools, true)).toStrictEqual({ value: [wire], warnings: [] });
  });

  test("of a search has what others' searches have too", () => {
    const wire = {
      type: 'web_search',
      filters: { allowed_domains: ['a.test'] },
      search_context_size: 'high',
      user_location: { type: 'approximate', city: 'Bern' },
    };
    const [tool] = decodeTools([wire], 'tools');
    if (tool?.type !== 'built-in') throw new Error('no built-in tool');
    const search = { allowedDomains: ['a.test'], contextSize: 'high', userLocation: { city: 'Bern' } } as const;
    expect(tool.search).toStrictEqual(search);
    const foreign = { type: 'built-in', name: 'web-search', search, path } as const;
    expect(encodeTools([foreign], false)).toStrictEqual({ value: [wire], warnings: [] });
  });

  test('of another dialect', () => {
    const sealed = { type: 'object', properties: {}, additionalProperties: false, required: [] } as const;
    const tools: Tool[] = [
      { type: 'function', name: 'f', path: 'tools[0]' },
      { type: 'function', name: 'g', parameters: sealed, strict: true, path: 'tools[1]' },
      { type: 'custom', name: 'c', path: 'tools[2]' },
      { type: 'built-in', name: 'code-execution', path: 'tools[3]' },
      { type: 'built-in', name: 'image-generation', path: 'tools[4]' },
      { type: 'built-in', name: 'web-search', path: 'tools[5]' },
      { type: 'built-in', name: 'url-context', path: 'tools[6]' },
      { type: 'opaque', dialect: 'gemini', value: {}, path: 'tools[7]' },
      { type: 'built-in', name: 'web-search', extensions: { gemini: {} }, path: 'tools[8]' },
    ];
    expect(encodeTools(tools, false)).toStrictEqual({
      value: [
        { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
        {
          type: 'function',
          name: 'g',
          parameters: sealed,
          strict: true,
        },
        { type: 'custom', name: 'c' },
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'image_generation' },
        { type: 'web_search' },
        { type: 'web_search' },
      ],
      warnings: [
        { path: 'tools[6]', reason: 'the Responses API has no tool that fetches given URLs' },
        { path: 'tools[7]', reason: 'only gemini understands this tool' },
      ],
    });
  });

  test('of a namespace goes back into it, also when the namespaces are copies of each other', () => {
    const wire = [
      { type: 'namespace', name: 'n', description: 'N', tools: [{ type: 'function', name: 'a' }] },
      { type: 'namespace', name: 'o', tools: [{ type: 'custom', name: 'b' }] },
      { type: 'function', name: 'c' },
      {
        type: 'namespace',
        name: 'o',
        tools: [
          { type: 'function', name: 'd' },
          { type: 'function', name: 'e' },
        ],
      },
    ];
    const tools = decodeTools(wire, 'tools');
    expect(tools.map((tool) => [tool.type !== 'opaque' && tool.name, tool.path])).toStrictEqual([
      ['n__a', 'tools[0].tools[0]'],
      ['o__b', 'tools[1].tools[0]'],
      ['c', 'tools[2]'],
      ['o__d', 'tools[3].tools[0]'],
      ['o__e', 'tools[3].tools[1]'],
    ]);
    expect(encodeTools(tools, true).value).toStrictEqual(wire);
    const copies = structuredClone(tools);
    expect(encodeTools(copies, true).value).toStrictEqual(wire);
  });

  test('that a conversation brought is not repeated', () => {
    const tools = decodeTools([{ type: 'function', name: 'a' }], 'input[0].tools');
    expect(encodeTools(tools, true).value).toStrictEqual([]);
  });
});

const offered = decodeTools(
  [
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'c' },
    { type: 'custom', name: 'both' },
    { type: 'function', name: 'both' },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] },
    { type: 'web_search_preview' },
    { type: 'code_interpreter' },
    { type: 'image_generation' },
  ],
  'tools',
);
const opaqueChoice = (value: JsonObject): ToolChoice => ({ type: 'opaque', dialect: 'openai-responses', value });

describe('a choice', () => {
  test.each<[JsonValue, ToolChoice]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'custom', name: 'c' },
      { type: 'tool', name: 'c' },
    ],
    [
      { type: 'function', name: 'both' },
      { type: 'tool', name: 'both' },
    ],
    [
      { type: 'function', name: 'f', namespace: 'n' },
      { type: 'tool', name: 'n__f' },
    ],
    [{ type: 'web_search_preview' }, { type: 'built-in', name: 'web-search' }],
    [{ type: 'code_interpreter' }, { type: 'built-in', name: 'code-execution' }],
    [{ type: 'image_generation' }, { type: 'built-in', name: 'image-generation' }],
    [{ type: 'my_web_search' }, opaqueChoice({ type: 'my_web_search' })],
    [{ type: 'mcp', server_label: 's' }, opaqueChoice({ type: 'mcp', server_label: 's' })],
    [
      { type: 'mcp', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      opaqueChoice({ type: 'mcp', mode: 'auto', tools: [{ type: 'function', name: 'f' }] }),
    ],
    [
      {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'c' },
        ],
      },
      { type: 'auto', names: ['f', 'c'] },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
      { type: 'required', names: ['f'] },
    ],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [] },
      opaqueChoice({ type: 'allowed_tools', mode: 'auto', tools: [] }),
    ],
    [
      { type: 'allowed_tools', mode: 'later', tools: [{ type: 'function', name: 'f' }] },
      opaqueChoice({ type: 'allowed_tools', mode: 'later', tools: [{ type: 'function', name: 'f' }] }),
    ],
    [
      {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'mcp', name: 'x' },
        ],
      },
      opaqueChoice({
        type: 'allowed_tools',
        mode: 'auto',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'mcp', name: 'x' },
        ],
      }),
    ],
  ])('%j goes back as it came', (wire, choice) => {
    expect(decodeToolChoice(wire, 'tool_choice')).toStrictEqual(choice);
    expect(encodeToolChoice(choice, offered)).toStrictEqual(wire);
  });

  test.each<[ToolChoice, JsonValue | undefined]>([
    [{ type: 'none', names: ['f'] }, 'none'],
    [
      { type: 'tool', name: 'unknown' },
      { type: 'function', name: 'unknown' },
    ],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, undefined],
    [{ type: 'built-in', name: 'url-context' }, undefined],
  ])('%j of another dialect', (choice, wire) => {
    expect(encodeToolChoice(choice, offered)).toStrictEqual(wire);
  });

  test('of a tool that is not offered', () => {
    expect(encodeToolChoice({ type: 'built-in', name: 'web-search' }, [])).toStrictEqual({ type: 'web_search' });
  });

  test.each<[JsonValue, string]>([
    ['later', 'tool_choice: must be auto, none, required or an object'],
    [7, 'tool_choice: must be an object'],
    [{ type: 'function' }, 'tool_choice.name: is required and must be a string'],
    [{ type: 'custom', name: '' }, 'tool_choice.name: is required and must be a string'],
  ])('%j is refused', (wire, message) => {
    expect(() => decodeToolChoice(wire, 'tool_choice')).toThrowError(message);
  });
});
