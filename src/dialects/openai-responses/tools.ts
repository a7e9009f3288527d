import { invalidRequest } from '../../errors.ts';
import { readCacheControl } from '../../ir/cache-control.ts';
import {
  type BuiltInTool,
  type CustomTool,
  type Encoded,
  type Extensions,
  type FunctionTool,
  foreignSettingWarnings,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Tool,
  type TranslationWarning,
  type WebSearchOptions,
} from '../../ir/index.ts';
import {
  field,
  readBoolean,
  readObject,
  readString,
  requireArray,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import {
  encodeUserLocation,
  readContextSize,
  readDomains,
  readUserLocation,
  searchOptions,
} from '../../ir/web-search-options.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import { namespaceOf, qualifyName, wireToolName } from './tool-names.ts';
import { DIALECT, NOTE, withoutAbsent } from './wire.ts';

const functionFields = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const customFields = new Set(['type', 'name', 'description', 'format']);

/** Reads a list of wire tools; those of a namespace become tools of their own with a qualified name. */
export function decodeTools(tools: readonly JsonValue[], path: string): Tool[] {
  return tools.flatMap((value, index) => {
    const at = `${path}[${index}]`;
    const wire = requireObjectValue(value, at);
    return wire['type'] === 'namespace' ? decodeNamespace(wire, at) : [decodeTool(wire, at, undefined)];
  });
}

function decodeNamespace(wire: JsonObject, path: string): Tool[] {
  requireString(wire, 'name', path);
  const { tools: _, ...namespace } = wire;
  const nested = requireArray(wire, 'tools', path).map((value, index) => ({
    wire: requireObjectValue(value, `${path}.tools[${index}]`),
    path: `${path}.tools[${index}]`,
  }));
  const flat = nested.map((tool) => decodeTool(tool.wire, tool.path, namespace));
  // A kind of nested tool that is not known cannot stand alone: keep the namespace whole.
  return flat.some((tool) => tool.type === 'opaque' || tool.type === 'built-in') ? [opaque(wire, path)] : flat;
}

function opaque(value: JsonObject, path: string): Tool {
  return { type: 'opaque', dialect: DIALECT, value, path };
}

function decodeTool(wire: JsonObject, path: string, namespace: JsonObject | undefined): Tool {
  const type = requireString(wire, 'type', path);
  switch (type) {
    case 'function':
      return decodeFunction(wire, path, namespace);
    case 'custom':
      return decodeCustom(wire, path, namespace);
    case 'code_interpreter':
      return { type: 'built-in', name: 'code-execution', extensions: { [DIALECT]: wire }, path };
    case 'image_generation':
      return { type: 'built-in', name: 'image-generation', extensions: { [DIALECT]: wire }, path };
    default:
      if (!type.startsWith('web_search')) return opaque(wire, path);
      return { type: 'built-in', name: 'web-search', ...decodeSearch(wire), extensions: { [DIALECT]: wire }, path };
  }
}

function decodeSearch(wire: JsonObject): { search?: WebSearchOptions } {
  const filters = isJsonObject(wire['filters']) ? wire['filters'] : {};
  const search = searchOptions({
    allowedDomains: readDomains(filters['allowed_domains']),
    contextSize: readContextSize(wire['search_context_size']),
    userLocation: readUserLocation(wire['user_location']),
  });
  return search === undefined ? {} : { search };
}

function ownExtensions(
  wire: JsonObject,
  known: ReadonlySet<string>,
  namespace: JsonObject | undefined,
): { extensions?: Extensions } {
  const own = { ...unknownFields(wire, known), ...(namespace === undefined ? {} : { [NOTE.namespace]: namespace }) };
  return Object.keys(own).length === 0 ? {} : { extensions: { [DIALECT]: own } };
}

function toolName(wire: JsonObject, path: string, namespace: JsonObject | undefined): string {
  const name = requireString(wire, 'name', path);
  if (name === '') throw invalidRequest(`${path}.name`, 'must not be empty');
  return qualifyName(namespace === undefined ? undefined : readString(namespace, 'name', path), name);
}

function decodeFunction(wire: JsonObject, path: string, namespace: JsonObject | undefined): FunctionTool {
  const description = readString(wire, 'description', path);
  const parameters = readObject(wire, 'parameters', path);
  const strict = readBoolean(wire, 'strict', path);
  return {
    type: 'function',
    name: toolName(wire, path, namespace),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...readCacheControl(wire),
    ...ownExtensions(wire, functionFields, namespace),
    path,
  };
}

function decodeCustom(wire: JsonObject, path: string, namespace: JsonObject | undefined): CustomTool {
  const description = readString(wire, 'description', path);
  const format = readObject(wire, 'format', path);
  return {
    type: 'custom',
    name: toolName(wire, path, namespace),
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...ownExtensions(wire, customFields, namespace),
    path,
  };
}

/**
 * True for a tool that came in an `additional_tools` input item. That item goes back to this dialect as it came, so
 * the tool is not repeated in `tools`.
 */
export function isAdditionalTool(tool: Tool): boolean {
  return tool.path.startsWith('input[');
}

/** Writes the tools; neighbours out of one namespace go back into it. `own`: the client speaks this dialect. */
export function encodeTools(tools: readonly Tool[], own: boolean): Encoded<readonly JsonObject[]> {
  const value: JsonObject[] = [];
  const warnings: TranslationWarning[] = [];
  let open: { readonly namespace: JsonObject; readonly tools: JsonObject[] } | undefined;
  for (const tool of tools) {
    if (isAdditionalTool(tool)) continue;
    const wire = encodeTool(tool, own, warnings);
    if (wire === undefined) continue;
    const namespace = tool.type === 'function' || tool.type === 'custom' ? namespaceOf(tool) : undefined;
    if (namespace === undefined) {
      open = undefined;
      value.push(wire);
    } else if (open?.namespace === namespace || (open && sameName(open.namespace, namespace))) {
      open.tools.push(wire);
    } else {
      open = { namespace, tools: [wire] };
      value.push({ ...namespace, tools: open.tools });
    }
  }
  return { value, warnings };
}

const sameName = (a: JsonObject, b: JsonObject): boolean => field(a, 'name') === field(b, 'name');

function encodeTool(tool: Tool, own: boolean, warnings: TranslationWarning[]): JsonObject | undefined {
  switch (tool.type) {
    case 'function':
      return withoutAbsent({
        type: 'function',
        name: wireToolName(tool).name,
        description: tool.description,
        // The API demands a schema, and takes an absent `strict` for true, which other dialects' schemas do not meet.
        parameters: own ? tool.parameters : encodeParameters(tool, warnings),
        strict: tool.strict ?? (own ? undefined : false),
        ...ownFields(tool.extensions),
      });
    case 'custom':
      return withoutAbsent({
        type: 'custom',
        name: wireToolName(tool).name,
        description: tool.description,
        format: tool.format,
        ...ownFields(tool.extensions),
      });
    case 'built-in':
      return encodeBuiltIn(tool, warnings);
    case 'opaque':
      if (tool.dialect === DIALECT) return tool.value;
      warnings.push({ path: tool.path, reason: `only ${tool.dialect} understands this tool` });
      return undefined;
  }
}

function encodeParameters({ parameters, strict, path }: FunctionTool, warnings: TranslationWarning[]): JsonObject {
  return compileWarned(
    parameters ?? { type: 'object', properties: {} },
    strict === true ? 'openai-strict' : 'object-root',
    {
      path: `${path}.parameters`,
      warn: (at, reason) => warnings.push({ path: at, reason }),
      enforced: strict === true,
    },
  );
}

function ownFields(extensions: Extensions | undefined): JsonObject {
  const { [NOTE.namespace]: _, ...fields } = extensions?.[DIALECT] ?? {};
  return fields;
}

function encodeSearch({ allowedDomains, contextSize, userLocation }: WebSearchOptions): JsonObject {
  return withoutAbsent({
    filters: allowedDomains && { allowed_domains: allowedDomains },
    search_context_size: contextSize,
    user_location: encodeUserLocation(userLocation),
  });
}

function encodeBuiltIn(tool: BuiltInTool, warnings: TranslationWarning[]): JsonObject | undefined {
  const own = tool.extensions?.[DIALECT];
  if (own !== undefined) return own;
  if (tool.name !== 'url-context') {
    warnings.push(...foreignSettingWarnings(tool, DIALECT, ['allowedDomains', 'contextSize', 'userLocation']));
  }
  switch (tool.name) {
    case 'web-search':
      return { type: 'web_search', ...encodeSearch(tool.search ?? {}) };
    case 'code-execution':
      return { type: 'code_interpreter', container: { type: 'auto' } };
    case 'image-generation':
      return { type: 'image_generation' };
    case 'url-context':
      warnings.push({ path: tool.path, reason: 'the Responses API has no tool that fetches given URLs' });
      return undefined;
  }
}
