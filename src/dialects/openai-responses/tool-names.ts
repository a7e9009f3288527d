/** Names of tools inside namespaces: `ns` + `tool` on the wire, `ns__tool` in the IR. */
import { type CustomTool, type FunctionTool, isJsonObject, type JsonObject, type Tool } from '../../ir/index.ts';
import { DIALECT, NOTE, optionalText } from './wire.ts';

/** A tool's name as this dialect writes it. */
export interface WireToolName {
  readonly name: string;
  readonly namespace?: string;
}

/** How the tools of a request are known by their IR names. */
export interface ToolNames {
  /** The wire name; a name that no tool has stays as it is. */
  wire(name: string): WireToolName;
  isCustom(name: string): boolean;
}

const SEPARATOR = '__';

/** The IR name of a tool of a namespace. */
export function qualifyName(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}${SEPARATOR}${name}`;
}

/** The IR name of a wire call, tool choice or tool reference. */
export function readToolName(wire: JsonObject): string | undefined {
  const name = optionalText(wire['name']);
  return name === undefined ? undefined : qualifyName(optionalText(wire['namespace']), name);
}

/** The namespace object, without its tools, that a tool came from. */
export function namespaceOf(tool: FunctionTool | CustomTool): JsonObject | undefined {
  const namespace = tool.extensions?.[DIALECT]?.[NOTE.namespace];
  return isJsonObject(namespace) ? namespace : undefined;
}

/** A tool's own name without its namespace. */
export function wireToolName(tool: FunctionTool | CustomTool): WireToolName {
  const namespace = optionalText(namespaceOf(tool)?.['name']);
  const prefix = qualifyName(namespace, '');
  if (namespace === undefined || !tool.name.startsWith(prefix)) return { name: tool.name };
  return { name: tool.name.slice(prefix.length), namespace };
}

/** Looks up the tools of a request; the first of two with the same name wins, as where tools of one name are refused. */
export function createToolNames(tools: readonly Tool[]): ToolNames {
  const names = new Map<string, { readonly wire: WireToolName; readonly custom: boolean }>();
  for (const tool of tools) {
    if (tool.type !== 'function' && tool.type !== 'custom') continue;
    if (!names.has(tool.name)) names.set(tool.name, { wire: wireToolName(tool), custom: tool.type === 'custom' });
  }
  return {
    wire: (name) => names.get(name)?.wire ?? { name },
    isCustom: (name) => names.get(name)?.custom ?? false,
  };
}
