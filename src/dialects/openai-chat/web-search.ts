/** `web_search_options`: the one built-in tool of Chat Completions. */
import {
  type BuiltInTool,
  foreignSettingWarnings,
  isJsonObject,
  type JsonObject,
  type Tool,
  type Warn,
} from '../../ir/index.ts';
import { readObject } from '../../ir/read.ts';
import { readContextSize, readUserLocation, searchOptions } from '../../ir/web-search-options.ts';
import type { EncodeTarget } from '../codec.ts';
import { defined, dialectId } from './wire.ts';

const KEY = 'web_search_options';

/** The search tool that the body's options stand for. */
export function decodeWebSearch(body: JsonObject): BuiltInTool | undefined {
  const options = readObject(body, KEY, '');
  if (options === undefined) return undefined;
  const place = options['user_location'];
  const search = searchOptions({
    contextSize: readContextSize(options['search_context_size']),
    userLocation: readUserLocation(isJsonObject(place) ? place['approximate'] : undefined),
  });
  const extensions = { [dialectId]: options };
  return { type: 'built-in', name: 'web-search', ...(search && { search }), extensions, path: KEY };
}

/** Whether the target searches the web; other models answer 400 to the options. */
export function hasWebSearch({ model, quirks }: EncodeTarget): boolean {
  return quirks.webSearchOptions ?? /(^|[-_/:])search([-_:]|$)/.test(model);
}

/** The options for a search tool among the tools, where the target has it. */
export function encodeWebSearch(tools: readonly Tool[], target: EncodeTarget, warn: Warn): JsonObject | undefined {
  const tool = tools.find((other) => other.type === 'built-in' && other.name === 'web-search');
  if (tool?.type !== 'built-in') return undefined;
  const own = tool.extensions?.[dialectId];
  if (own !== undefined || !hasWebSearch(target)) return own;
  for (const { path, reason } of foreignSettingWarnings(tool, dialectId, ['contextSize', 'userLocation'])) {
    warn(path, reason);
  }
  const { contextSize, userLocation } = tool.search ?? {};
  return defined({
    search_context_size: contextSize,
    user_location: userLocation && { type: 'approximate', approximate: { ...userLocation } },
  });
}
