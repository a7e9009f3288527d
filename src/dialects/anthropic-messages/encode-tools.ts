import { functionOfCustomTool } from '../../ir/custom-tool.ts';
import {
  type BuiltInTool,
  type CustomTool,
  type FunctionTool,
  foreignSettingWarnings,
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
  type Tool,
  type ToolChoice,
  type Warn,
} from '../../ir/index.ts';
import { wireToolNames } from '../../ir/tool-name-map.ts';
import { encodeUserLocation } from '../../ir/web-search-options.ts';
import type { Level } from '../../ir/wire-level.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import type { FunctionParam, SearchParam, ToolChoice as WireChoice } from './request-types.ts';
import { toolNames } from './tool-names.ts';
import { DIALECT, encodeCacheControl } from './wire.ts';

/** Claude demands a schema. */
const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} };

type ToolName = (name: string) => string;

/** The tools of a request in Claude's words. */
export function encodeTools(request: GenerationRequest, warn: Warn): MutableJsonObject[] {
  const wire: MutableJsonObject[] = [];
  const names = new Set<unknown>();
  const toolName = wireToolNames(toolNames(request));
  for (const tool of allowedTools(request)) {
    const encoded = encodeTool(tool, toolName, warn);
    if (encoded === undefined) continue;
    // Claude refuses the request when a name stands twice.
    if (typeof encoded['name'] === 'string' && names.has(encoded['name'])) {
      warn(tool.path, 'a tool of this name was already given; the first one is used');
      continue;
    }
    names.add(encoded['name']);
    wire.push(encoded);
  }
  return wire;
}

/** `tool_choice`; undefined when the provider's default says the same. */
export function encodeToolChoice(request: GenerationRequest, warn: Warn): JsonValue | undefined {
  const single = request.parallelToolCalls === false;
  const choice = request.toolChoice;
  if (choice === undefined) return single ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  const wire =
    choice.type === 'built-in'
      ? encodeServerChoice(choice.name, request.tools, warn)
      : encodeChoice(choice, wireToolNames(toolNames(request)), warn);
  if (wire === undefined || !single || choice.type === 'none' || choice.type === 'opaque') return wire;
  return { ...wire, disable_parallel_tool_use: true };
}

/** True when the model must call a tool: Claude cannot think then. */
export function isForced(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || choice?.type === 'tool' || choice?.type === 'built-in';
}

/** Claude cannot restrict a choice to some of the tools, so only those are offered. */
function allowedTools(request: GenerationRequest): readonly Tool[] {
  const choice = request.toolChoice;
  if (choice === undefined || !('names' in choice) || choice.names === undefined) return request.tools;
  const names = choice.names;
  return request.tools.filter((tool) => !('name' in tool) || tool.type === 'built-in' || names.includes(tool.name));
}

const SERVER_NAMES: Partial<Record<BuiltInTool['name'], string>> = { 'web-search': 'web_search' };

/** Only a server tool that is offered can be chosen. */
function encodeServerChoice(name: BuiltInTool['name'], tools: readonly Tool[], warn: Warn): JsonObject | undefined {
  const tool = tools.find((other) => other.type === 'built-in' && other.name === name);
  const own = tool?.type === 'built-in' ? (tool.extensions?.[DIALECT]?.['name'] ?? SERVER_NAMES[name]) : undefined;
  if (typeof own === 'string') return { type: 'tool', name: own } satisfies WireChoice;
  warn('toolChoice', `Claude is not offered a ${name} tool that it could be made to use`);
  return undefined;
}

function encodeSearch(tool: BuiltInTool, warn: Warn): MutableJsonObject {
  const { allowedDomains, blockedDomains, maxUses, userLocation } = tool.search ?? {};
  // Claude takes one of the two lists.
  const blocked = allowedDomains === undefined ? blockedDomains : undefined;
  const carried = ['allowedDomains', 'maxUses', 'userLocation'] as const;
  for (const { path, reason } of foreignSettingWarnings(tool, DIALECT, carried)) warn(path, reason);
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    ...(allowedDomains && { allowed_domains: allowedDomains }),
    ...(blocked && { blocked_domains: blocked }),
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(userLocation && { user_location: encodeUserLocation(userLocation) }),
  } satisfies Level<SearchParam>;
}

function encodeChoice(
  choice: Exclude<ToolChoice, { type: 'built-in' }>,
  toolName: ToolName,
  warn: Warn,
): JsonObject | undefined {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type } satisfies WireChoice;
    case 'required':
      return { type: 'any' } satisfies WireChoice;
    case 'tool':
      return { type: 'tool', name: toolName(choice.name) } satisfies WireChoice;
    case 'opaque':
      if (choice.dialect === DIALECT && isJsonObject(choice.value)) return choice.value;
      warn('toolChoice', `Claude does not know this choice of dialect ${choice.dialect}`);
      return undefined;
  }
}

function encodeTool(tool: Tool, toolName: ToolName, warn: Warn): MutableJsonObject | undefined {
  switch (tool.type) {
    case 'function':
      return encodeFunctionTool(tool, toolName, warn);
    case 'custom':
      return encodeCustomTool(tool, toolName);
    case 'built-in':
      return encodeBuiltIn(tool, warn);
    case 'opaque':
      if (tool.dialect === DIALECT) return { ...tool.value };
      warn(tool.path, `a tool that only dialect ${tool.dialect} knows`);
      return undefined;
  }
}

function encodeFunctionTool(tool: FunctionTool, toolName: ToolName, warn: Warn): MutableJsonObject {
  const wire: MutableJsonObject = { name: toolName(tool.name) };
  if (tool.description !== undefined) wire['description'] = tool.description;
  const target = tool.strict === true ? 'anthropic-strict' : 'anthropic';
  const place = { path: `${tool.path}.parameters`, warn, enforced: tool.strict === true };
  wire['input_schema'] = compileWarned(tool.parameters ?? NO_PARAMETERS, target, place);
  if (tool.strict === true) wire['strict'] = true;
  Object.assign(wire, tool.extensions?.[DIALECT]);
  if (tool.cacheControl) wire['cache_control'] = encodeCacheControl(tool.cacheControl);
  return wire;
}

function encodeCustomTool(tool: CustomTool, toolName: ToolName): MutableJsonObject {
  const { description = '', parameters } = functionOfCustomTool(tool);
  return { name: toolName(tool.name), description, input_schema: parameters } satisfies Level<FunctionParam>;
}

function encodeBuiltIn(tool: BuiltInTool, warn: Warn): MutableJsonObject | undefined {
  const own = tool.extensions?.[DIALECT];
  if (own) return { ...own };
  if (tool.name === 'web-search') return encodeSearch(tool, warn);
  warn(tool.path, `Claude has no ${tool.name} tool that works without beta access`);
  return undefined;
}
