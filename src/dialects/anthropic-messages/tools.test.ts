/** Tools and the choice among them, in Claude's words and out of them. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest, JsonObject, Tool, ToolChoice } from '../../ir/index.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const own = (fields: JsonObject) => ({ 'anthropic-messages': fields });

describe('read', () => {
  const decode = (body: JsonObject) => decodeRequest({ model: 'm', messages: [], ...body }, {});
  const search = { type: 'web_search_20250305', name: 'web_search' };
  const builtIn = (name: string, wire: JsonObject, more: object = {}) => ({
    type: 'built-in',
    name,
    extensions: own(wire),
    path: 'tools[0]',
    ...more,
  });
  const location = { type: 'approximate', city: 'Graz', country: 'AT' };

  it.each<[JsonObject, object]>([
    [{ name: 'f' }, { type: 'function', name: 'f', path: 'tools[0]' }],
    [
      { type: null, name: 'f', description: '' },
      { type: 'function', name: 'f', description: '', path: 'tools[0]' },
    ],
    [
      { type: 'custom', name: 'f', description: 'd', input_schema: { type: 'object' }, strict: false },
      {
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: { type: 'object' },
        strict: false,
        path: 'tools[0]',
      },
    ],
    [
      { name: 'f', strict: true, cache_control: { type: 'ephemeral', ttl: '5m' }, defer_loading: true },
      {
        type: 'function',
        name: 'f',
        strict: true,
        cacheControl: { ttl: '5m' },
        extensions: own({ defer_loading: true }),
        path: 'tools[0]',
      },
    ],
    [search, builtIn('web-search', search)],
    [
      {
        ...search,
        max_uses: 3,
        allowed_domains: ['a.example', 1],
        blocked_domains: ['b.example'],
        user_location: location,
      },
      {
        ...builtIn('web-search', {
          ...search,
          max_uses: 3,
          allowed_domains: ['a.example', 1],
          blocked_domains: ['b.example'],
          user_location: location,
        }),
        search: {
          allowedDomains: ['a.example'],
          blockedDomains: ['b.example'],
          maxUses: 3,
          userLocation: { city: 'Graz', country: 'AT' },
        },
      },
    ],
    [{ ...search, max_uses: '3' }, builtIn('web-search', { ...search, max_uses: '3' })],
    [
      { type: 'code_execution_20250825', name: 'code_execution', max_uses: 3 },
      builtIn('code-execution', { type: 'code_execution_20250825', name: 'code_execution', max_uses: 3 }),
    ],
    [
      { type: 'web_fetch_20250910', name: 'web_fetch' },
      builtIn('url-context', { type: 'web_fetch_20250910', name: 'web_fetch' }),
    ],
    [
      { type: 'bash_20250124', name: 'bash' },
      {
        type: 'opaque',
        dialect: 'anthropic-messages',
        value: { type: 'bash_20250124', name: 'bash' },
        path: 'tools[0]',
      },
    ],
  ])('%j', (tool, expected) => expect(decode({ tools: [tool] }).tools).toStrictEqual([expected]));

  it.each<[JsonObject, object]>([
    [{ type: 'auto' }, { toolChoice: { type: 'auto' } }],
    [{ type: 'any' }, { toolChoice: { type: 'required' } }],
    [{ type: 'none' }, { toolChoice: { type: 'none' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { type: 'tool', name: 'f' } }],
    [{ type: 'tool', name: 'web_search' }, { toolChoice: { type: 'built-in', name: 'web-search' } }],
    [
      { type: 'later', x: 1 },
      { toolChoice: { type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later', x: 1 } } },
    ],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { toolChoice: { type: 'auto' }, parallelToolCalls: false },
    ],
    [{ type: 'auto', disable_parallel_tool_use: false }, { toolChoice: { type: 'auto' } }],
  ])('choice %j', (tool_choice, expected) => {
    const { toolChoice, parallelToolCalls } = decode({ tool_choice, tools: [{ name: 'f' }, search] });
    expect({ toolChoice, parallelToolCalls }).toEqual(expected);
  });
});

describe('written', () => {
  const shell: Tool = { type: 'function', name: 'sh', path: 'tools[0]' };
  function encode(more: Partial<GenerationRequest>): JsonObject {
    const request = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {}, ...more };
    return encodeRequest(request, { model: 'claude', stream: false, quirks: {} }).value;
  }
  const schema = { type: 'object', properties: {} };
  const builtIn = { type: 'built-in', name: 'web-search', path: 'tools[0]' } as const;
  const search = { type: 'web_search_20250305', name: 'web_search' };

  it.each<[Tool, object]>([
    [shell, { name: 'sh', input_schema: schema }],
    [
      { ...shell, description: '' },
      { name: 'sh', description: '', input_schema: schema },
    ],
    [
      { ...shell, strict: false },
      { name: 'sh', input_schema: schema },
    ],
    [
      { ...shell, strict: true, parameters: schema },
      { name: 'sh', input_schema: { ...schema, additionalProperties: false }, strict: true },
    ],
    [
      { ...shell, extensions: { ...own({ defer_loading: true }), gemini: { other: 1 } }, cacheControl: { ttl: '1h' } },
      {
        name: 'sh',
        input_schema: schema,
        defer_loading: true,
        cache_control: { type: 'ephemeral', ttl: '1h' },
      },
    ],
    [
      { type: 'custom', name: 'c.d', path: 'tools[0]' },
      {
        name: 'c_d',
        description: '',
        input_schema: {
          type: 'object',
          properties: { input: { type: 'string' } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    ],
    [builtIn, search],
    [
      { ...builtIn, extensions: own({ ...search, max_uses: 1 }) },
      { ...search, max_uses: 1 },
    ],
    [
      { ...builtIn, search: { allowedDomains: ['a.example'], blockedDomains: ['b.example'], maxUses: 0 } },
      { ...search, allowed_domains: ['a.example'], max_uses: 0 },
    ],
    [
      { ...builtIn, search: { blockedDomains: ['b.example'], userLocation: { city: 'Graz' }, contextSize: 'low' } },
      { ...search, blocked_domains: ['b.example'], user_location: { type: 'approximate', city: 'Graz' } },
    ],
    [
      { type: 'opaque', dialect: 'anthropic-messages', value: { type: 'bash_1', name: 'bash' }, path: 'tools[0]' },
      { type: 'bash_1', name: 'bash' },
    ],
  ])('%j', (tool, expected) => expect(encode({ tools: [tool] })['tools']).toStrictEqual([expected]));

  it('settings of a search that only its own dialect knows are named', () => {
    const lost = (fields: JsonObject, options: object) =>
      encodeRequest(
        {
          model: 'm',
          stream: false,
          messages: [],
          tools: [
            { ...builtIn, extensions: { 'openai-responses': { type: 'web_search', ...fields } }, search: options },
          ],
          sampling: {},
          extensions: {},
        },
        { model: 'claude', stream: false, quirks: {} },
      ).warnings.map(({ path }) => path);
    const domains = ['a.example'];
    expect(lost({ filters: { allowed_domains: domains } }, { allowedDomains: domains })).toStrictEqual([]);
    expect(lost({ user_location: { city: 'Graz' } }, { userLocation: { city: 'Graz' } })).toStrictEqual([]);
    expect(lost({ search_context_size: 'low' }, { contextSize: 'low' })).toStrictEqual([
      'tools[0].search_context_size',
    ]);
  });

  it('tools without a name may stand beside each other', () => {
    const toolset = (server: string): Tool => ({
      type: 'opaque',
      dialect: 'anthropic-messages',
      value: { type: 'mcp_toolset', mcp_server_name: server },
      path: 'tools[0]',
    });
    expect(encode({ tools: [toolset('a'), toolset('b')] })['tools']).toHaveLength(2);
  });

  const tools: Tool[] = [shell, { ...shell, name: 'a.b' }, builtIn];
  const fetch: Tool = {
    type: 'built-in',
    name: 'url-context',
    path: 't',
    extensions: own({ type: 'f', name: 'fetch' }),
  };
  it.each<[ToolChoice | undefined, boolean | undefined, unknown]>([
    [undefined, undefined, undefined],
    [undefined, true, undefined],
    [undefined, false, { type: 'auto', disable_parallel_tool_use: true }],
    [{ type: 'auto' }, undefined, { type: 'auto' }],
    [{ type: 'auto' }, true, { type: 'auto' }],
    [{ type: 'auto' }, false, { type: 'auto', disable_parallel_tool_use: true }],
    [{ type: 'none' }, false, { type: 'none' }],
    [{ type: 'required' }, false, { type: 'any', disable_parallel_tool_use: true }],
    [{ type: 'tool', name: 'a.b' }, undefined, { type: 'tool', name: 'a_b' }],
    [{ type: 'tool', name: 'sh' }, false, { type: 'tool', name: 'sh', disable_parallel_tool_use: true }],
    [{ type: 'built-in', name: 'web-search' }, undefined, { type: 'tool', name: 'web_search' }],
    [
      { type: 'built-in', name: 'url-context' },
      false,
      { type: 'tool', name: 'fetch', disable_parallel_tool_use: true },
    ],
    [{ type: 'built-in', name: 'code-execution' }, false, undefined],
    [{ type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later' } }, false, { type: 'later' }],
    [{ type: 'opaque', dialect: 'gemini', value: { type: 'later' } }, undefined, undefined],
  ])('choice %j, in parallel %j', (toolChoice, parallelToolCalls, expected) => {
    const body = encode({
      tools: [...tools, fetch],
      ...(toolChoice && { toolChoice }),
      ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    });
    expect(body['tool_choice']).toStrictEqual(expected);
    expect('tool_choice' in body).toBe(expected !== undefined);
  });

  it('a function that has the name of a built-in tool is not that', () => {
    const named: Tool = { ...shell, name: 'web-search' };
    const choice = { type: 'built-in', name: 'web-search' } as const;
    expect(encode({ tools: [named, builtIn], toolChoice: choice })['tool_choice']).toStrictEqual({
      type: 'tool',
      name: 'web_search',
    });
  });

  it('a choice among some leaves the others out, but not those that the provider runs', () => {
    const opaque: Tool = { type: 'opaque', dialect: 'anthropic-messages', value: { name: 'own' }, path: 't' };
    const names = (toolChoice: ToolChoice) => {
      const offered = encode({ tools: [...tools, opaque], toolChoice })['tools'];
      return Array.isArray(offered) ? offered.map(({ name }) => name) : offered;
    };
    expect(names({ type: 'auto', names: ['sh'] })).toStrictEqual(['sh', 'web_search', 'own']);
    expect(names({ type: 'auto' })).toStrictEqual(['sh', 'a_b', 'web_search', 'own']);
    expect(names({ type: 'tool', name: 'sh' })).toStrictEqual(['sh', 'a_b', 'web_search', 'own']);
  });
});
