import { invalidRequest } from '../../errors.ts';
import { readCacheControl } from '../../ir/cache-control.ts';
import { isJsonObject, type JsonObject, type JsonValue, type Tool, type ToolChoice } from '../../ir/index.ts';
import {
  field,
  readArray,
  readBoolean,
  readObject,
  readString,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { decodeWebSearch } from './web-search.ts';
import { dialectId } from './wire.ts';

const toolKeys: ReadonlySet<string> = new Set(['type', 'function', 'cache_control']);
const functionKeys: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'strict', 'cache_control']);

/** `tools` and the older `functions`. */
export function decodeTools(body: JsonObject): Tool[] {
  const tools = (readArray(body, 'tools', '') ?? []).map((value, index) => decodeTool(value, `tools[${index}]`));
  const functions = (readArray(body, 'functions', '') ?? []).map((value, index) => {
    const path = `functions[${index}]`;
    return decodeFunction({}, requireObjectValue(value, path), path, path);
  });
  const search = decodeWebSearch(body);
  return [...tools, ...functions, ...(search === undefined ? [] : [search])];
}

function decodeTool(value: JsonValue, path: string): Tool {
  const tool = requireObjectValue(value, path);
  const type = requireString(tool, 'type', path);
  switch (type) {
    case 'function':
      return decodeFunction(tool, requireObjectValue(tool['function'], `${path}.function`), path, `${path}.function`);
    case 'custom':
      return decodeCustom(requireObjectValue(tool['custom'], `${path}.custom`), path);
    default:
      return { type: 'opaque', dialect: dialectId, value: tool, path };
  }
}

function decodeFunction(tool: JsonObject, body: JsonObject, path: string, at: string): Tool {
  const description = readString(body, 'description', at);
  const parameters = readObject(body, 'parameters', at);
  const strict = readBoolean(body, 'strict', at);
  const inner = unknownFields(body, functionKeys);
  const outer = unknownFields(tool, toolKeys);
  const own = { ...outer, ...(inner !== undefined && { function: inner }) };
  return {
    type: 'function',
    name: requireString(body, 'name', at),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
    ...readCacheControl(body),
    ...readCacheControl(tool),
    ...((inner ?? outer) !== undefined && { extensions: { [dialectId]: own } }),
    path,
  };
}

function decodeCustom(body: JsonObject, path: string): Tool {
  const at = `${path}.custom`;
  const description = readString(body, 'description', at);
  const format = readObject(body, 'format', at);
  // Chat nests what the hub, like Responses, keeps flat: { type: 'grammar', grammar: { syntax, definition } }.
  const grammar = format === undefined ? undefined : readObject(format, 'grammar', `${at}.format`);
  return {
    type: 'custom',
    name: requireString(body, 'name', at),
    ...(description !== undefined && { description }),
    ...(format !== undefined && { format: grammar === undefined ? format : { type: 'grammar', ...grammar } }),
    path,
  };
}

/** `tool_choice`, or the older `function_call`. */
export function decodeToolChoice(body: JsonObject): ToolChoice | undefined {
  const legacy = field(body, 'function_call');
  const value = field(body, 'tool_choice') ?? legacy;
  const path = legacy === undefined || 'tool_choice' in body ? 'tool_choice' : 'function_call';
  if (value === undefined) return undefined;
  if (typeof value === 'string') return decodeMode(value, path);
  if (!isJsonObject(value)) throw invalidRequest(path, 'must be a string or an object');
  if (path === 'function_call') return { type: 'tool', name: requireString(value, 'name', path) };
  return decodeChoiceObject(value, path);
}

function decodeMode(mode: string, path: string): ToolChoice {
  switch (mode) {
    case 'auto':
    case 'none':
    case 'required':
      return { type: mode };
    // Mistral's word for it.
    case 'any':
      return { type: 'required' };
    default:
      throw invalidRequest(path, 'must be none, auto, required or an object');
  }
}

function decodeChoiceObject(value: JsonObject, path: string): ToolChoice {
  const type = readString(value, 'type', path);
  if (type === 'function' || type === 'custom') {
    const body = requireObjectValue(value[type], `${path}.${type}`);
    return { type: 'tool', name: requireString(body, 'name', `${path}.${type}`) };
  }
  if (type !== 'allowed_tools') return { type: 'opaque', dialect: dialectId, value };
  const at = `${path}.allowed_tools`;
  const allowed = requireObjectValue(value['allowed_tools'], at);
  const names = (readArray(allowed, 'tools', at) ?? []).map((item, index) => toolName(item, `${at}.tools[${index}]`));
  // A tool of a kind without a name cannot be listed in the hub's words.
  if (names.includes(undefined)) return { type: 'opaque', dialect: dialectId, value };
  const mode = readString(allowed, 'mode', at) === 'required' ? 'required' : 'auto';
  return { type: mode, names: names.filter((name) => name !== undefined) };
}

function toolName(item: JsonValue, path: string): string | undefined {
  const tool = requireObjectValue(item, path);
  const key = 'custom' in tool ? 'custom' : 'function';
  const body = tool[key];
  return isJsonObject(body) ? readString(body, 'name', `${path}.${key}`) : undefined;
}
