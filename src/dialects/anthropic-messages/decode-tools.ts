import { readCacheControl } from '../../ir/cache-control.ts';
import type {
  BuiltInTool,
  FunctionTool,
  GenerationRequest,
  JsonObject,
  Tool,
  WebSearchOptions,
} from '../../ir/index.ts';
import {
  readArray,
  readBoolean,
  readObject,
  readString,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { readDomains, readUserLocation, searchOptions } from '../../ir/web-search-options.ts';
import { DIALECT } from './wire.ts';

const FUNCTION_FIELDS = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);

/** `tools` of a request. */
export function decodeTools(body: JsonObject): Tool[] {
  const tools = readArray(body, 'tools', '') ?? [];
  return tools.map((value, index) => {
    const path = `tools[${index}]`;
    const tool = requireObjectValue(value, path);
    const type = readString(tool, 'type', path);
    if (type === undefined || type === 'custom') return decodeFunctionTool(tool, path);
    const name = builtInName(type);
    if (name === undefined) return { type: 'opaque', dialect: DIALECT, value: tool, path };
    const search = name === 'web-search' ? decodeSearch(tool) : undefined;
    return { type: 'built-in', name, ...(search && { search }), extensions: { [DIALECT]: tool }, path };
  });
}

/** `tool_choice` and the parallel-call switch inside it; a server tool is chosen by its name like any other. */
export function decodeToolChoice(
  body: JsonObject,
  tools: readonly Tool[],
): Pick<GenerationRequest, 'toolChoice' | 'parallelToolCalls'> {
  const wire = readObject(body, 'tool_choice', '');
  if (wire === undefined) return {};
  const single = readBoolean(wire, 'disable_parallel_tool_use', 'tool_choice') === true;
  return { toolChoice: decodeChoice(wire, tools), ...(single && { parallelToolCalls: false }) };
}

function decodeChoice(wire: JsonObject, tools: readonly Tool[]): NonNullable<GenerationRequest['toolChoice']> {
  switch (requireString(wire, 'type', 'tool_choice')) {
    case 'auto':
      return { type: 'auto' };
    case 'any':
      return { type: 'required' };
    case 'none':
      return { type: 'none' };
    case 'tool': {
      const name = requireString(wire, 'name', 'tool_choice');
      const builtIn = tools.find((tool) => tool.type === 'built-in' && tool.extensions?.[DIALECT]?.['name'] === name);
      return builtIn?.type === 'built-in' ? { type: 'built-in', name: builtIn.name } : { type: 'tool', name };
    }
    default:
      return { type: 'opaque', dialect: DIALECT, value: wire };
  }
}

function decodeFunctionTool(tool: JsonObject, path: string): FunctionTool {
  const description = readString(tool, 'description', path);
  const parameters = readObject(tool, 'input_schema', path);
  const strict = readBoolean(tool, 'strict', path);
  const extra = unknownFields(tool, FUNCTION_FIELDS);
  return {
    type: 'function',
    name: requireString(tool, 'name', path),
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
    ...(strict !== undefined && { strict }),
    ...readCacheControl(tool),
    ...(extra && { extensions: { [DIALECT]: extra } }),
    path,
  };
}

function decodeSearch(tool: JsonObject): WebSearchOptions | undefined {
  const maxUses = tool['max_uses'];
  return searchOptions({
    allowedDomains: readDomains(tool['allowed_domains']),
    blockedDomains: readDomains(tool['blocked_domains']),
    maxUses: typeof maxUses === 'number' ? maxUses : undefined,
    userLocation: readUserLocation(tool['user_location']),
  });
}

/** Typed server tools carry a date: `web_search_20250305`. */
function builtInName(type: string): BuiltInTool['name'] | undefined {
  if (type.startsWith('web_search_')) return 'web-search';
  if (type.startsWith('code_execution_')) return 'code-execution';
  if (type.startsWith('web_fetch_')) return 'url-context';
  return undefined;
}
