import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, Tool, ToolChoice } from '../../ir/index.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';

describe('tools', () => {
  const parameters = { type: 'object', properties: {} };
  const path = 'tools[0]';

  test.each<[JsonObject, Tool]>([
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', name: 'f', path },
    ],
    [
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: false } },
      { type: 'function', name: 'f', description: 'd', parameters, strict: false, path },
    ],
    [
      { type: 'function', function: { name: 'f', cache_control: { type: 'ephemeral', ttl: '1h' } } },
      { type: 'function', name: 'f', cacheControl: { ttl: '1h' }, path },
    ],
    [
      { type: 'function', cache_control: { type: 'ephemeral' }, function: { name: 'f' } },
      { type: 'function', name: 'f', cacheControl: {}, path },
    ],
    [
      { type: 'function', defer: true, function: { name: 'f' } },
      { type: 'function', name: 'f', extensions: { 'openai-chat': { defer: true } }, path },
    ],
    [
      { type: 'function', function: { name: 'f', examples: [1] } },
      { type: 'function', name: 'f', extensions: { 'openai-chat': { function: { examples: [1] } } }, path },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { type: 'custom', name: 'c', path },
    ],
    [
      { type: 'custom', custom: { name: 'c', description: 'd', format: { type: 'text' } } },
      { type: 'custom', name: 'c', description: 'd', format: { type: 'text' }, path },
    ],
    [
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' }, path },
    ],
    [
      { type: 'mcp', server_label: 'x' },
      { type: 'opaque', dialect: 'openai-chat', value: { type: 'mcp', server_label: 'x' }, path },
    ],
  ])('%j', (wire, tool) => {
    expect(decodeTools({ tools: [wire] })).toStrictEqual([tool]);
  });

  test('the older functions come behind, and the search after them', () => {
    const body = {
      web_search_options: {},
      functions: [{ name: 'old', parameters, extra: 1 }, { name: 'older' }],
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'function', function: { name: 'g' } },
      ],
    };
    expect(decodeTools(body)).toStrictEqual([
      { type: 'function', name: 'f', path: 'tools[0]' },
      { type: 'function', name: 'g', path: 'tools[1]' },
      {
        type: 'function',
        name: 'old',
        parameters,
        extensions: { 'openai-chat': { function: { extra: 1 } } },
        path: 'functions[0]',
      },
      { type: 'function', name: 'older', path: 'functions[1]' },
      { type: 'built-in', name: 'web-search', extensions: { 'openai-chat': {} }, path: 'web_search_options' },
    ]);
    expect(decodeTools({})).toStrictEqual([]);
  });

  test.each<[JsonObject, string]>([
    [{ tools: {} }, 'tools: must be an array'],
    [{ tools: [1] }, 'tools[0]: must be an object'],
    [{ tools: [{}] }, 'tools[0].type: is required and must be a string'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function: must be an object'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name: is required and must be a string'],
    [
      { tools: [{ type: 'function', function: { name: 'f', description: 1 } }] },
      'tools[0].function.description: must be a string',
    ],
    [
      { tools: [{ type: 'function', function: { name: 'f', parameters: 1 } }] },
      'tools[0].function.parameters: must be an object',
    ],
    [
      { tools: [{ type: 'function', function: { name: 'f', strict: 1 } }] },
      'tools[0].function.strict: must be true or false',
    ],
    [{ tools: [{ type: 'custom' }] }, 'tools[0].custom: must be an object'],
    [{ tools: [{ type: 'custom', custom: {} }] }, 'tools[0].custom.name: is required and must be a string'],
    [
      { tools: [{ type: 'custom', custom: { name: 'c', description: 1 } }] },
      'tools[0].custom.description: must be a string',
    ],
    [{ tools: [{ type: 'custom', custom: { name: 'c', format: 1 } }] }, 'tools[0].custom.format: must be an object'],
    [
      { tools: [{ type: 'custom', custom: { name: 'c', format: { grammar: 1 } } }] },
      'tools[0].custom.format.grammar: must be an object',
    ],
    [{ functions: {} }, 'functions: must be an array'],
    [{ functions: [1] }, 'functions[0]: must be an object'],
    [{ functions: [{ name: 'a' }, {}] }, 'functions[1].name: is required and must be a string'],
  ])('%j is refused', (body, message) => {
    expect(() => decodeTools(body)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});

describe('tool_choice', () => {
  const allowed = (mode: JsonValue, ...tools: JsonValue[]): JsonObject => ({
    type: 'allowed_tools',
    allowed_tools: { mode, tools },
  });
  const f = { type: 'function', function: { name: 'f' } };
  const c = { type: 'custom', custom: { name: 'c' } };

  test.each<[JsonValue, ToolChoice]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    ['any', { type: 'required' }],
    [f, { type: 'tool', name: 'f' }],
    [c, { type: 'tool', name: 'c' }],
    [allowed('required', f, c), { type: 'required', names: ['f', 'c'] }],
    [allowed('auto', f), { type: 'auto', names: ['f'] }],
    [allowed(null), { type: 'auto', names: [] }],
    [
      { type: 'allowed_tools', allowed_tools: {} },
      { type: 'auto', names: [] },
    ],
    [
      allowed('auto', f, { type: 'mcp' }),
      { type: 'opaque', dialect: 'openai-chat', value: allowed('auto', f, { type: 'mcp' }) },
    ],
    [{ type: 'mcp' }, { type: 'opaque', dialect: 'openai-chat', value: { type: 'mcp' } }],
    [{}, { type: 'opaque', dialect: 'openai-chat', value: {} }],
  ])('%j', (wire, choice) => {
    expect(decodeToolChoice({ tool_choice: wire })).toStrictEqual(choice);
  });

  test.each<[JsonObject, ToolChoice | undefined]>([
    [{}, undefined],
    [{ tool_choice: null }, undefined],
    [{ function_call: null }, undefined],
    [{ function_call: 'none' }, { type: 'none' }],
    [{ function_call: { name: 'f' } }, { type: 'tool', name: 'f' }],
    [{ function_call: { name: 'f' }, tool_choice: 'auto' }, { type: 'auto' }],
  ])('the older function_call: %j', (body, choice) => {
    expect(decodeToolChoice(body)).toStrictEqual(choice);
  });

  test.each<[JsonObject, string]>([
    [{ tool_choice: 'some' }, 'tool_choice: must be none, auto, required or an object'],
    [{ tool_choice: 1 }, 'tool_choice: must be a string or an object'],
    [{ tool_choice: [] }, 'tool_choice: must be a string or an object'],
    [{ tool_choice: { type: 1 } }, 'tool_choice.type: must be a string'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.function: must be an object'],
    [{ tool_choice: { type: 'custom', custom: {} } }, 'tool_choice.custom.name: is required and must be a string'],
    [{ tool_choice: { type: 'allowed_tools' } }, 'tool_choice.allowed_tools: must be an object'],
    [
      { tool_choice: { type: 'allowed_tools', allowed_tools: { tools: 1 } } },
      'tool_choice.allowed_tools.tools: must be an array',
    ],
    [{ tool_choice: allowed('auto', f, 1) }, 'tool_choice.allowed_tools.tools[1]: must be an object'],
    [
      { tool_choice: allowed('auto', { function: { name: 1 } }) },
      'tool_choice.allowed_tools.tools[0].function.name: must be a string',
    ],
    [
      { tool_choice: allowed('auto', { custom: { name: 1 } }) },
      'tool_choice.allowed_tools.tools[0].custom.name: must be a string',
    ],
    [{ tool_choice: allowed(1) }, 'tool_choice.allowed_tools.mode: must be a string'],
    [{ function_call: 'some' }, 'function_call: must be none, auto, required or an object'],
    [{ function_call: 1 }, 'function_call: must be a string or an object'],
    [{ function_call: {} }, 'function_call.name: is required and must be a string'],
  ])('%j is refused', (body, message) => {
    expect(() => decodeToolChoice(body)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});
