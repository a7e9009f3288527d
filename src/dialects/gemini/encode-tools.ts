import { functionOfCustomTool } from '../../ir/custom-tool.ts';
import {
  type CustomTool,
  type FunctionTool,
  foreignSettingWarnings,
  type GenerationRequest,
  type JsonObject,
  type JsonValue,
  type Tool,
  type ToolChoice,
  type Warn,
} from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import { DIALECT, objectOf } from './wire.ts';
import type { CallingConfig, FunctionDeclaration, Tool as WireTool } from './wire-types.ts';

/** What tools depend on beyond themselves. */
export interface ToolsContext {
  readonly wireName: (name: string) => string;
  readonly warn: Warn;
}

/** Tools -> `tools`: one object with all functions, one for each built-in tool. */
export function encodeTools(request: GenerationRequest, context: ToolsContext): JsonObject[] {
  const declarations = encodeDeclarations(request.tools, context);
  const own = objectOf(request.extensions[DIALECT] ?? {}, 'toolConfig');
  const mixed = declarations.length === 0 || own?.['includeServerSideToolInvocations'] === true;
  const others = request.tools.flatMap((tool): JsonObject[] => {
    const wire = encodeServerTool(tool, context.warn);
    if (wire === undefined) return [];
    if (mixed) {
      const lost = tool.type === 'built-in' ? foreignSettingWarnings(tool, DIALECT) : [];
      for (const { path, reason } of lost) context.warn(path, reason);
      return [wire];
    }
    // 400 otherwise, and the flag that allows both gives parts that only a Gemini client can send back.
    context.warn(tool.path, "Gemini's own tools cannot be combined with functions; the functions are kept");
    return [];
  });
  return [...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]), ...others];
}

function encodeDeclarations(tools: readonly Tool[], context: ToolsContext): Level<FunctionDeclaration>[] {
  const declarations = new Map<string, Level<FunctionDeclaration>>();
  for (const tool of tools) {
    if (tool.type !== 'function' && tool.type !== 'custom') continue;
    const declaration = tool.type === 'function' ? encodeFunction(tool, context) : encodeCustom(tool, context);
    if (declarations.has(tool.name)) context.warn(tool.path, 'a tool of this name is there already; the first is kept');
    else declarations.set(tool.name, declaration);
  }
  return [...declarations.values()];
}

function encodeFunction(tool: FunctionTool, context: ToolsContext): Level<FunctionDeclaration> {
  const declaration: { -readonly [K in keyof FunctionDeclaration]: FunctionDeclaration[K] } = {
    name: context.wireName(tool.name),
  };
  if (tool.description !== undefined) declaration.description = tool.description;
  if (tool.parameters !== undefined) {
    const place = { path: `${tool.path}.parameters`, warn: context.warn, enforced: false };
    declaration.parametersJsonSchema = compileWarned(tool.parameters, 'gemini-json-schema', place);
  }
  // Only the mode VALIDATED binds the arguments to the schema, and it does so for all functions.
  if (tool.strict === true) context.warn(`${tool.path}.strict`, 'Gemini does not bind arguments to the schema');
  return Object.assign(declaration, tool.extensions?.[DIALECT]);
}

function encodeCustom(tool: CustomTool, context: ToolsContext): Level<FunctionDeclaration> {
  const { parameters, ...rest } = functionOfCustomTool(tool);
  return { name: context.wireName(tool.name), ...rest, parametersJsonSchema: parameters };
}

/** A tool that Google runs; undefined for the client's own and for what Gemini does not have. */
function encodeServerTool(tool: Tool, warn: Warn): JsonObject | undefined {
  switch (tool.type) {
    case 'function':
    case 'custom':
      return undefined;
    case 'opaque':
      if (tool.dialect === DIALECT) return tool.value;
      warn(tool.path, `only ${tool.dialect} knows this tool`);
      return undefined;
    case 'built-in': {
      const own = tool.extensions?.[DIALECT];
      if (own !== undefined) return own;
      switch (tool.name) {
        case 'web-search':
          return { googleSearch: {} } satisfies WireTool;
        case 'code-execution':
          return { codeExecution: {} } satisfies WireTool;
        case 'url-context':
          return { urlContext: {} } satisfies WireTool;
        case 'image-generation':
          warn(tool.path, 'Gemini has no tool that makes images; its image models do so by themselves');
          return undefined;
      }
    }
  }
}

/** Tool choice -> `functionCallingConfig`; undefined when there is nothing to say. */
export function encodeToolChoice(
  choice: ToolChoice | undefined,
  hasFunctions: boolean,
  context: ToolsContext,
): JsonValue | undefined {
  if (choice === undefined) return undefined;
  if (choice.type === 'opaque') {
    if (choice.dialect === DIALECT) return choice.value;
    context.warn('toolChoice', `only ${choice.dialect} knows this choice`);
    return undefined;
  }
  if (choice.type === 'built-in') {
    context.warn('toolChoice', "Gemini decides by itself when to use Google's tools");
    return undefined;
  }
  // The API refuses the setting when there is no function to call.
  if (!hasFunctions) {
    if (choice.type === 'tool' || choice.type === 'required')
      context.warn('toolChoice', 'there is no function to call');
    return undefined;
  }
  if (choice.type === 'tool')
    return { mode: 'ANY', allowedFunctionNames: [context.wireName(choice.name)] } satisfies CallingConfig;
  const names = choice.names?.map(context.wireName) ?? [];
  const allowed = names.length === 0 ? {} : { allowedFunctionNames: names };
  switch (choice.type) {
    case 'none':
      return { mode: 'NONE' } satisfies CallingConfig;
    case 'required':
      return { mode: 'ANY', ...allowed } satisfies CallingConfig;
    case 'auto':
      // AUTO takes no list of names; VALIDATED is the same choice with one.
      return (names.length === 0 ? { mode: 'AUTO' } : { mode: 'VALIDATED', ...allowed }) satisfies CallingConfig;
  }
}
