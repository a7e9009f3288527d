import { functionOfCustomTool } from '../../ir/custom-tool.ts';
import type { CustomTool, FunctionTool, JsonObject, JsonValue, Tool, ToolChoice, Warn } from '../../ir/index.ts';
import { isJsonObject } from '../../ir/index.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import type { EncodeQuirks } from '../codec.ts';
import { defined, dialectId } from './wire.ts';

/** Tools -> `tools`; what Chat Completions does not know is left out with a warning. */
export function encodeTools(tools: readonly Tool[], quirks: EncodeQuirks, searches: boolean, warn: Warn): JsonObject[] {
  const names = new Set<string>();
  return tools.flatMap((tool) => {
    const name = tool.type === 'function' || tool.type === 'custom' ? tool.name : undefined;
    if (name !== undefined && names.has(name)) {
      warn(tool.path, 'a tool of this name was already given; the first one is used');
      return [];
    }
    if (name !== undefined) names.add(name);
    const wire = encodeTool(tool, quirks, searches, warn);
    return wire === undefined ? [] : [wire];
  });
}

function encodeTool(tool: Tool, quirks: EncodeQuirks, searches: boolean, warn: Warn): JsonObject | undefined {
  switch (tool.type) {
    case 'function':
      return encodeFunction(tool, warn);
    case 'custom':
      return quirks.noCustomTools === true ? lowerCustom(tool) : encodeCustom(tool);
    case 'built-in':
      // Written as `web_search_options` where the server has that.
      if (tool.name === 'web-search' && (searches || tool.extensions?.[dialectId] !== undefined)) return undefined;
      warn(tool.path, `the built-in tool ${tool.name} does not exist in Chat Completions`);
      return undefined;
    case 'opaque':
      if (tool.dialect === dialectId) return tool.value;
      warn(tool.path, `a tool of ${tool.dialect} that Chat Completions does not know`);
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, warn: Warn): JsonObject {
  const { function: inner, ...outer } = tool.extensions?.[dialectId] ?? {};
  const { name, description, strict } = tool;
  const place = { path: `${tool.path}.parameters`, warn, enforced: strict === true };
  const parameters =
    tool.parameters && compileWarned(tool.parameters, strict === true ? 'openai-strict' : 'object-root', place);
  return {
    ...outer,
    type: 'function',
    function: defined({ ...(isJsonObject(inner) && inner), name, description, parameters, strict }),
  };
}

function encodeCustom(tool: CustomTool): JsonObject {
  const { name, description, format } = tool;
  const { type, ...grammar } = format ?? {};
  const nested = type === 'grammar' ? { type, grammar } : format;
  return { type: 'custom', custom: defined({ name, description, format: nested }) };
}

function lowerCustom(tool: CustomTool): JsonObject {
  return { type: 'function', function: { name: tool.name, ...functionOfCustomTool(tool) } };
}

/** `tool_choice`; undefined when the default says the same. */
export function encodeToolChoice(
  choice: ToolChoice,
  tools: readonly Tool[],
  quirks: EncodeQuirks,
  warn: Warn,
): JsonValue | undefined {
  switch (choice.type) {
    case 'none':
      return 'none';
    case 'auto':
    case 'required':
      return choice.names === undefined ? choice.type : encodeAllowed(choice.type, choice.names, tools, quirks);
    case 'tool':
      return toolReference(choice.name, tools, quirks);
    case 'built-in':
      warn('toolChoice', `Chat Completions cannot demand the ${choice.name} tool`);
      return undefined;
    case 'opaque':
      if (choice.dialect === dialectId) return choice.value;
      warn('toolChoice', `a choice of ${choice.dialect} that Chat Completions does not know`);
      return undefined;
  }
}

function encodeAllowed(
  mode: string,
  names: readonly string[],
  tools: readonly Tool[],
  quirks: EncodeQuirks,
): JsonValue {
  const [only] = names;
  // The older form says the same and more servers know it.
  if (mode === 'required' && names.length === 1 && only !== undefined) return toolReference(only, tools, quirks);
  const references = names.map((name) => toolReference(name, tools, quirks));
  return { type: 'allowed_tools', allowed_tools: { mode, tools: references } };
}

function toolReference(name: string, tools: readonly Tool[], quirks: EncodeQuirks): JsonObject {
  const custom = tools.some((tool) => tool.type === 'custom' && tool.name === name) && quirks.noCustomTools !== true;
  return custom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}
