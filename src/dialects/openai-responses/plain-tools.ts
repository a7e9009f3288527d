/**
 * Requests for servers of this API that know functions and some hosted tools only: xAI answers 422 to `custom` and
 * `namespace`. Custom tools become functions with one string `input`, tools of a namespace `ns__tool`; the reply encoder
 * restores both for a client of this dialect.
 */
import { functionOfCustomTool, wrapCustomInput } from '../../ir/custom-tool.ts';
import { isJsonObject, type JsonObject, type JsonValue, type Warn } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import { qualifyName, readToolName } from './tool-names.ts';
import { objects, optionalText, text, withoutAbsent } from './wire.ts';

/** Signs of a body that such a server may refuse; a request without any of them can go as it is. */
export const unplainSigns: readonly string[] = [
  '"custom',
  '"namespace"',
  '"tool_search',
  '"additional_tools"',
  '"image_generation',
  '"external_web_access"',
  '"local_shell',
  '"apply_patch',
  '"computer',
  '"content":null',
];

/** The body with tools of these hosted types and functions alone, and with a conversation of calls to functions. */
export function plainTools(body: JsonObject, hosted: readonly string[], warn: Warn): JsonObject {
  const input = isJsonArray(body['input']) ? objects(body['input']) : undefined;
  const given = [...located(body['tools'], 'tools'), ...broughtTools(input ?? [])];
  const tools = firstOfEach(given.flatMap(({ tool, path }) => plainTool(tool, path, hosted, warn)));
  return withoutAbsent({
    ...body,
    input: input === undefined ? body['input'] : input.flatMap(plainItem),
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: tools.length === 0 ? undefined : plainChoice(body['tool_choice'], tools, warn),
    parallel_tool_calls: tools.length === 0 ? undefined : body['parallel_tool_calls'],
  });
}

interface Located {
  readonly tool: JsonObject;
  readonly path: string;
}

function located(tools: JsonValue | undefined, path: string): Located[] {
  return objects(tools).map((tool, index) => ({ tool, path: `${path}[${index}]` }));
}

/** Tools that came with an item of the conversation. */
function broughtTools(input: readonly JsonObject[]): Located[] {
  return input.flatMap((item, index) =>
    bringer.has(text(item['type'])) ? located(item['tools'], `input[${index}].tools`) : [],
  );
}

const bringer: ReadonlySet<string> = new Set(['additional_tools', 'tool_search_output']);

function plainTool(tool: JsonObject, path: string, hosted: readonly string[], warn: Warn): JsonObject[] {
  const type = text(tool['type']);
  if (type === 'namespace') {
    const namespace = optionalText(tool['name']);
    return located(tool['tools'], `${path}.tools`).flatMap((nested) => {
      const name = qualifyName(namespace, text(nested.tool['name']));
      return plainTool({ ...nested.tool, name }, nested.path, hosted, warn);
    });
  }
  if (type === 'function') {
    const { defer_loading: _, parameters, ...kept } = tool;
    if (!isJsonObject(parameters)) return [kept];
    return [
      {
        ...kept,
        parameters: compileWarned(parameters, 'object-root', {
          path: `${path}.parameters`,
          warn,
          enforced: tool['strict'] === true,
        }),
      },
    ];
  }
  if (type === 'custom') return [lowered(tool)];
  if (!hosted.includes(type)) {
    warn(path, `the server has no tool of type ${type}`);
    return [];
  }
  const { external_web_access: access, ...kept } = tool;
  if (access === false) warn(`${path}.external_web_access`, 'the server always searches the live web');
  return [kept];
}

function lowered(tool: JsonObject): JsonObject {
  const name = text(tool['name']);
  const description = optionalText(tool['description']);
  const format = isJsonObject(tool['format']) ? { format: tool['format'] } : {};
  const custom = {
    type: 'custom',
    name,
    ...(description !== undefined && { description }),
    ...format,
    path: '',
  } as const;
  return { type: 'function', name, ...functionOfCustomTool(custom) };
}

/** The server refuses two tools of one name. */
function firstOfEach(tools: readonly JsonObject[]): JsonObject[] {
  const names = new Set<string>();
  return tools.filter((tool) => {
    const name = tool['type'] === 'function' ? text(tool['name']) : undefined;
    if (name === undefined) return true;
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
}

function plainItem(item: JsonObject): JsonObject[] {
  switch (item['type']) {
    case 'function_call':
      return [named(item)];
    case 'custom_tool_call': {
      const { input, ...call } = named(item);
      return [{ ...call, type: 'function_call', arguments: JSON.stringify(wrapCustomInput(text(input))) }];
    }
    case 'custom_tool_call_output':
      return [{ ...item, type: 'function_call_output' }];
    case 'reasoning':
      return [Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null))];
    // How the model came to know its tools; they stand among the request's.
    case 'additional_tools':
    case 'tool_search_call':
    case 'tool_search_output':
      return [];
    default:
      return [item];
  }
}

function named(item: JsonObject): JsonObject {
  const { namespace: _, ...rest } = item;
  return { ...rest, name: readToolName(item) ?? '' };
}

function plainChoice(choice: JsonValue | undefined, tools: readonly JsonObject[], warn: Warn): JsonValue | undefined {
  if (!isJsonObject(choice)) return choice;
  if (choice['type'] === 'allowed_tools') {
    const allowed = objects(choice['tools'])
      .map(reference)
      .filter((tool) => isOffered(tool, tools));
    return allowed.length === 0 ? undefined : { ...choice, tools: allowed };
  }
  const wanted = reference(choice);
  if (!isOffered(wanted, tools)) {
    warn('toolChoice', 'the tool is not among those that the server knows');
    return undefined;
  }
  return wanted['type'] === 'function' ? wanted : { type: 'allowed_tools', mode: 'required', tools: [wanted] };
}

function reference(choice: JsonObject): JsonObject {
  const name = readToolName(choice);
  return choice['type'] === 'function' || choice['type'] === 'custom' ? { type: 'function', name: name ?? '' } : choice;
}

function isOffered(wanted: JsonObject, tools: readonly JsonObject[]): boolean {
  return tools.some(
    (tool) => tool['type'] === wanted['type'] && (wanted['type'] !== 'function' || tool['name'] === wanted['name']),
  );
}
