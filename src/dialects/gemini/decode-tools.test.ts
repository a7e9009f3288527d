import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, Tool } from '../../ir/index.ts';
import { decodeToolConfig, decodeTools } from './decode-tools.ts';

describe('tools', () => {
  it.each<[string, JsonValue, Tool]>([
    [
      'a plain built-in tool',
      { googleSearch: {} },
      { type: 'built-in', name: 'web-search', path: 'tools[0].googleSearch' },
    ],
    [
      'one in snake case',
      { code_execution: {} },
      { type: 'built-in', name: 'code-execution', path: 'tools[0].codeExecution' },
    ],
    ['url context', { urlContext: {} }, { type: 'built-in', name: 'url-context', path: 'tools[0].urlContext' }],
    [
      'one with settings',
      { googleSearch: { timeRangeFilter: { startTime: 'x' } } },
      {
        type: 'built-in',
        name: 'web-search',
        extensions: { gemini: { googleSearch: { timeRangeFilter: { startTime: 'x' } } } },
        path: 'tools[0]',
      },
    ],
    [
      'the older search, which must be written as it was',
      { googleSearchRetrieval: {} },
      {
        type: 'built-in',
        name: 'web-search',
        extensions: { gemini: { googleSearchRetrieval: {} } },
        path: 'tools[0]',
      },
    ],
    [
      'a tool that only Gemini has',
      { google_maps: { enable_widget: true } },
      {
        type: 'opaque',
        dialect: 'gemini',
        value: { googleMaps: { enable_widget: true } },
        path: 'tools[0].googleMaps',
      },
    ],
  ])('%s', (_, wire, expected) => expect(decodeTools([wire])).toStrictEqual([expected]));

  it('null is no tool, and neither is an empty object', () => {
    expect(decodeTools([{ googleSearch: null, later: null }, {}, { functionDeclarations: [] }])).toEqual([]);
  });

  it('one element may hold several, each named by where it stands', () => {
    const declaration = {
      name: 'g',
      description: 'd',
      parameters: { type: 'OBJECT' },
      behavior: 'BLOCKING',
      response_json_schema: { type: 'string' },
    };
    const wire = { function_declarations: [{ name: 'f' }, declaration], googleSearch: {} };
    expect(decodeTools([{}, wire])).toStrictEqual([
      { type: 'function', name: 'f', path: 'tools[1].functionDeclarations[0]' },
      {
        type: 'function',
        name: 'g',
        description: 'd',
        parameters: { type: 'object' },
        extensions: { gemini: { behavior: 'BLOCKING', responseJsonSchema: { type: 'string' } } },
        path: 'tools[1].functionDeclarations[1]',
      },
      { type: 'built-in', name: 'web-search', path: 'tools[1].googleSearch' },
    ]);
  });

  it('the JSON Schema of a function wins over the older one', () => {
    const wire = { name: 'f', parameters: { type: 'STRING' }, parametersJsonSchema: { type: 'object' } };
    expect(decodeTools([{ functionDeclarations: [wire] }])).toMatchObject([{ parameters: { type: 'object' } }]);
  });

  it.each<[JsonValue, string]>([
    [5, 'tools[0]'],
    [{ googleSearch: 5 }, 'tools[0].googleSearch'],
    [{ functionDeclarations: {} }, 'tools[0].functionDeclarations'],
    [{ functionDeclarations: [5] }, 'tools[0].functionDeclarations[0]'],
    [{ functionDeclarations: [{}] }, 'tools[0].functionDeclarations[0].name'],
    [{ functionDeclarations: [{ name: 'f', description: 5 }] }, 'tools[0].functionDeclarations[0].description'],
    [{ functionDeclarations: [{ name: 'f', parameters: 5 }] }, 'tools[0].functionDeclarations[0].parameters'],
    [
      { functionDeclarations: [{ name: 'f', parametersJsonSchema: 5 }] },
      'tools[0].functionDeclarations[0].parametersJsonSchema',
    ],
  ])('%j is refused at %s', (wire, path) => {
    expect(() => decodeTools([wire])).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
  });

  it('a schema that is too deep is named by its member', () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 140; depth++) deep = { items: deep };
    expect(() => decodeTools([{ functionDeclarations: [{ name: 'f', parameters: deep }] }])).toThrow(
      /^tools\[0\]\.functionDeclarations\[0\]\.parameters\.items\./,
    );
  });
});

describe('tool config', () => {
  const calling = (functionCallingConfig: JsonObject) => decodeToolConfig({ functionCallingConfig });

  it.each<[JsonObject, JsonObject]>([
    [{ mode: 'AUTO' }, { choice: { type: 'auto' } }],
    [{ mode: 'auto', allowedFunctionNames: ['f'] }, { choice: { type: 'auto', names: ['f'] } }],
    [{ mode: 'NONE', allowedFunctionNames: ['f'] }, { choice: { type: 'none' } }],
    [{ mode: 'ANY' }, { choice: { type: 'required' } }],
    [{ mode: 'ANY', allowedFunctionNames: ['f'] }, { choice: { type: 'tool', name: 'f' } }],
    [{ mode: 'any', allowed_function_names: ['f', 'g'] }, { choice: { type: 'required', names: ['f', 'g'] } }],
    [{ mode: 'ANY', allowedFunctionNames: ['f', 5] }, { choice: { type: 'tool', name: 'f' } }],
    [
      { mode: 'validated', allowedFunctionNames: ['f'] },
      { choice: { type: 'auto', names: ['f'] }, rest: { functionCallingConfig: { mode: 'VALIDATED' } } },
    ],
    [
      { mode: 'ANY', later: 1 },
      { choice: { type: 'required' }, rest: { functionCallingConfig: { later: 1 } } },
    ],
    [
      { mode: 'ANY', allowedFunctionNames: ['f'], later: 1 },
      { choice: { type: 'tool', name: 'f' }, rest: { functionCallingConfig: { later: 1 } } },
    ],
    [{ mode: 'NONE' }, { choice: { type: 'none' } }],
    [{ mode: 'MODE_UNSPECIFIED' }, {}],
    [{ mode: 'MODE_UNSPECIFIED', later: 1 }, { rest: { functionCallingConfig: { later: 1 } } }],
    [{ allowedFunctionNames: null }, {}],
  ])('%j', (wire, expected) => expect(calling(wire)).toStrictEqual(expected));

  it('says nothing where there is none', () => {
    expect(decodeToolConfig(undefined)).toStrictEqual({});
    expect(decodeToolConfig({})).toStrictEqual({});
  });

  it('keeps what else it holds', () => {
    expect(decodeToolConfig({ retrieval_config: { a: 1 }, functionCallingConfig: { mode: 'AUTO' } })).toStrictEqual({
      choice: { type: 'auto' },
      rest: { retrievalConfig: { a: 1 } },
    });
  });

  it.each<[JsonObject, string]>([
    [{ mode: 'SOME' }, 'toolConfig.functionCallingConfig.mode'],
    [{ mode: 5 }, 'toolConfig.functionCallingConfig.mode'],
    [{ mode: 'ANY', allowedFunctionNames: 'f' }, 'toolConfig.functionCallingConfig.allowedFunctionNames'],
  ])('%j is refused at %s', (wire, path) => {
    expect(() => calling(wire)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
  });

  it('says which modes there are', () => {
    expect(() => calling({ mode: 'SOME' })).toThrow(/must be AUTO, ANY, NONE or VALIDATED/);
  });
});
