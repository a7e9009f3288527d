import { invalidRequest } from '../../errors.ts';
import type { BuiltInTool, FunctionTool, JsonObject, JsonValue, Tool, ToolChoice } from '../../ir/index.ts';
import {
  isJsonArray,
  readArray,
  readObject,
  readString,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { decodeSchema } from './schema.ts';
import { camelKeys, DIALECT, definedFields, objectOf } from './wire.ts';

/** Gemini's names of the built-in tools that other dialects have as well. */
export const BUILT_IN: ReadonlyMap<string, BuiltInTool['name']> = new Map<string, BuiltInTool['name']>([
  ['googleSearch', 'web-search'],
  ['googleSearchRetrieval', 'web-search'],
  ['codeExecution', 'code-execution'],
  ['urlContext', 'url-context'],
]);

/** `tools` -> tools: each element may hold function declarations and several built-in tools. */
export function decodeTools(tools: readonly JsonValue[]): Tool[] {
  return tools.flatMap((value, index) => {
    const path = `tools[${index}]`;
    const wire = camelKeys(requireObjectValue(value, path));
    return Object.keys(wire).flatMap((key) => decodeTool(wire, key, path));
  });
}

function decodeTool(wire: JsonObject, key: string, path: string): Tool[] {
  const value = wire[key] ?? undefined;
  if (value === undefined) return [];
  const at = `${path}.${key}`;
  if (key === 'functionDeclarations') {
    return (readArray(wire, key, path) ?? []).map((item, index) => decodeFunction(item, `${at}[${index}]`));
  }
  const name = BUILT_IN.get(key);
  if (name === undefined) return [{ type: 'opaque', dialect: DIALECT, value: { [key]: value }, path: at }];
  const options = readObject(wire, key, path) ?? {};
  const plain = key !== 'googleSearchRetrieval' && Object.keys(options).length === 0;
  return [
    {
      type: 'built-in',
      name,
      ...(plain ? {} : { extensions: { [DIALECT]: { [key]: options } } }),
      path: plain ? at : path,
    },
  ];
}

const FUNCTION_KEYS: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'parametersJsonSchema']);

function decodeFunction(value: JsonValue, path: string): FunctionTool {
  const wire = camelKeys(requireObjectValue(value, path));
  const description = readString(wire, 'description', path);
  const key = wire['parametersJsonSchema'] === undefined ? 'parameters' : 'parametersJsonSchema';
  const schema = readObject(wire, key, path);
  const rest = unknownFields(wire, FUNCTION_KEYS);
  return {
    type: 'function',
    name: requireString(wire, 'name', path),
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { parameters: decodeSchema(schema, `${path}.${key}`) }),
    ...(rest === undefined ? {} : { extensions: { [DIALECT]: rest } }),
    path,
  };
}

/** What `toolConfig` says; `rest` is what only Gemini knows of it. */
export interface DecodedToolConfig {
  readonly choice?: ToolChoice;
  readonly rest?: JsonObject;
}

/** `toolConfig` -> tool choice. */
export function decodeToolConfig(wire: JsonObject | undefined): DecodedToolConfig {
  if (wire === undefined) return {};
  const config = camelKeys(wire);
  const calling = objectOf(config, 'functionCallingConfig');
  const decoded = calling === undefined ? {} : decodeCalling(calling);
  const rest = definedFields({
    ...unknownFields(config, new Set(['functionCallingConfig'])),
    functionCallingConfig: decoded.rest,
  });
  return {
    ...(decoded.choice === undefined ? {} : { choice: decoded.choice }),
    ...(rest === undefined ? {} : { rest }),
  };
}

function decodeCalling(calling: JsonObject): DecodedToolConfig {
  const path = 'toolConfig.functionCallingConfig';
  const mode = readString(calling, 'mode', path)?.toUpperCase();
  const names = readNames(calling, path);
  const restricted = names.length === 0 ? {} : { names };
  const rest = definedFields({
    ...unknownFields(calling, new Set(['mode', 'allowedFunctionNames'])),
    mode: mode === 'VALIDATED' ? mode : undefined,
  });
  const extra = rest === undefined ? {} : { rest };
  switch (mode) {
    case 'ANY':
      if (names.length === 1 && names[0] !== undefined) return { choice: { type: 'tool', name: names[0] }, ...extra };
      return { choice: { type: 'required', ...restricted }, ...extra };
    case 'NONE':
      return { choice: { type: 'none' }, ...extra };
    case 'AUTO':
    case 'VALIDATED':
      return { choice: { type: 'auto', ...restricted }, ...extra };
    case undefined:
    case 'MODE_UNSPECIFIED':
      return extra;
    default:
      throw invalidRequest(`${path}.mode`, 'must be AUTO, ANY, NONE or VALIDATED');
  }
}

function readNames(calling: JsonObject, path: string): string[] {
  const names = calling['allowedFunctionNames'];
  return isJsonArray(names)
    ? names.filter((name) => typeof name === 'string')
    : (readArray(calling, 'allowedFunctionNames', path) ?? []).map(String);
}
