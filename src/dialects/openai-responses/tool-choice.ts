import { invalidRequest } from '../../errors.ts';
import type { BuiltInTool, JsonObject, JsonValue, Tool, ToolChoice } from '../../ir/index.ts';
import { requireObjectValue } from '../../ir/read.ts';
import { createToolNames, readToolName } from './tool-names.ts';
import { DIALECT, objects, text } from './wire.ts';

/** `tool_choice` in all its forms. */
export function decodeToolChoice(value: JsonValue, path: string): ToolChoice {
  if (typeof value === 'string') {
    if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
    throw invalidRequest(path, 'must be auto, none, required or an object');
  }
  const wire = requireObjectValue(value, path);
  if (wire['type'] === 'function' || wire['type'] === 'custom') {
    const name = readToolName(wire);
    if (name === undefined) throw invalidRequest(`${path}.name`, 'is required and must be a string');
    return { type: 'tool', name };
  }
  const builtIn = builtInOf(wire);
  if (builtIn !== undefined) return { type: 'built-in', name: builtIn };
  return (
    (wire['type'] === 'allowed_tools' ? decodeAllowed(wire) : undefined) ?? {
      type: 'opaque',
      dialect: DIALECT,
      value: wire,
    }
  );
}

/** A hosted tool by its type, which may carry a date: `web_search_preview_2025_03_11`. */
function builtInOf(wire: JsonObject): BuiltInTool['name'] | undefined {
  const type = text(wire['type']);
  if (type.startsWith('web_search')) return 'web-search';
  if (type === 'code_interpreter') return 'code-execution';
  return type === 'image_generation' ? 'image-generation' : undefined;
}

/** The type under which the tool is offered, or its present one. */
function encodeBuiltIn(name: BuiltInTool['name'], tools: readonly Tool[]): JsonObject | undefined {
  const tool = tools.find((other) => other.type === 'built-in' && other.name === name);
  const own = tool?.type === 'built-in' ? tool.extensions?.[DIALECT]?.['type'] : undefined;
  switch (name) {
    case 'web-search':
      return { type: own ?? 'web_search' };
    case 'code-execution':
      return { type: 'code_interpreter' };
    case 'image-generation':
      return { type: 'image_generation' };
    case 'url-context':
      return undefined;
  }
}

function decodeAllowed(wire: JsonObject): ToolChoice | undefined {
  const mode = wire['mode'];
  const tools = objects(wire['tools']);
  if ((mode !== 'auto' && mode !== 'required') || tools.length === 0) return undefined;
  const names = tools.map((tool) =>
    tool['type'] === 'function' || tool['type'] === 'custom' ? readToolName(tool) : undefined,
  );
  const known = names.filter((name) => name !== undefined);
  // Hosted tools among them have no name: only this dialect can say it.
  return known.length === names.length ? { type: mode, names: known } : undefined;
}

/** The wire `tool_choice`; undefined when only another dialect understands it. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): JsonValue | undefined {
  const names = createToolNames(tools);
  const functions = new Set(tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : [])));
  const reference = (name: string): JsonObject => ({
    // Here both kinds may have one name; a choice that does not say which means the function.
    type: names.isCustom(name) && !functions.has(name) ? 'custom' : 'function',
    ...names.wire(name),
  });
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      if (choice.names === undefined || choice.type === 'none') return choice.type;
      return { type: 'allowed_tools', mode: choice.type, tools: choice.names.map(reference) };
    case 'tool':
      return reference(choice.name);
    case 'built-in':
      return encodeBuiltIn(choice.name, tools);
    case 'opaque':
      return choice.dialect === DIALECT ? choice.value : undefined;
  }
}
