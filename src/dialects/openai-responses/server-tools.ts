/** Items of tools that the provider runs: `web_search_call`, `code_interpreter_call`, `image_generation_call`. */
import { isJsonObject, type JsonObject, type SearchResult, type ServerToolPart } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import type { Level } from '../../ir/wire-level.ts';
import { DIALECT, objects, optionalText, text } from './wire.ts';
import type { CodeItem, ItemStatus, ProgressType, SearchAction, SearchItem } from './wire-types.ts';

/** An item of a server tool that other dialects have too; undefined for any other item. */
export function decodeServerTool(item: JsonObject): ServerToolPart | undefined {
  const own = { type: 'server-tool', phase: 'whole', id: text(item['id']), origin: DIALECT, value: item } as const;
  switch (item['type']) {
    case 'web_search_call':
      return { ...own, tool: readsPage(item) ? 'url-context' : 'web-search', ...decodeSearch(item) };
    case 'code_interpreter_call': {
      const logs = objects(item['outputs']).flatMap((output) => optionalText(output['logs']) ?? []);
      const code = { language: 'python', code: text(item['code']) };
      return { ...own, tool: 'code-execution', ...code, ...(logs.length > 0 && { output: logs.join('\n') }) };
    }
    case 'image_generation_call':
      return { ...own, tool: 'image-generation', ...decodeImage(item) };
    default:
      return undefined;
  }
}

/** A page that the model opened or looked through, rather than a search. */
function readsPage(item: JsonObject): boolean {
  const action = isJsonObject(item['action']) ? item['action'] : {};
  return action['type'] === 'open_page' || action['type'] === 'find_in_page';
}

function decodeSearch(item: JsonObject): Partial<ServerToolPart> {
  const action = isJsonObject(item['action']) ? item['action'] : {};
  const list = isJsonArray(action['queries']) ? action['queries'] : [action['query']];
  const queries = list.filter((query) => typeof query === 'string' && query !== '').map(String);
  const url = optionalText(action['url']);
  const results = objects(action['sources']).flatMap((source): SearchResult[] => {
    const at = optionalText(source['url']);
    return at === undefined ? [] : [{ url: at }];
  });
  return {
    ...(queries.length > 0 && { queries }),
    ...(url !== undefined && { urls: [url] }),
    ...(results.length > 0 && { results }),
  };
}

function decodeImage(item: JsonObject): Partial<ServerToolPart> {
  const data = optionalText(item['result']);
  const prompt = optionalText(item['revised_prompt']);
  return {
    ...(data !== undefined && { image: { type: 'base64', mediaType: imageMediaType(item), data } }),
    ...(prompt !== undefined && { prompt }),
  };
}

/** The media type of an `image_generation_call`'s result. */
export function imageMediaType(item: JsonObject): string {
  return `image/${optionalText(item['output_format']) ?? 'png'}`;
}

/** What an id of a server tool's item begins with. */
export function serverToolPrefix(part: ServerToolPart): string {
  return part.tool === 'code-execution' ? 'ci' : 'ws';
}

/** Another provider's server tool as an item; undefined when there is no form for it here. */
export function serverToolItem(
  part: ServerToolPart,
  id: string,
  status: ItemStatus,
): Level<SearchItem | CodeItem> | undefined {
  switch (part.tool) {
    case 'web-search':
      return { id, type: 'web_search_call', status, action: searchAction(part) };
    case 'url-context':
      return { id, type: 'web_search_call', status, action: { type: 'open_page', url: part.urls?.[0] ?? null } };
    case 'code-execution': {
      const outputs = part.output === undefined ? null : [{ type: 'logs', logs: part.output }];
      return { id, type: 'code_interpreter_call', status, code: part.code ?? '', container_id: '', outputs };
    }
    case 'image-generation':
      return undefined;
  }
}

function searchAction({ queries = [], results }: ServerToolPart): SearchAction {
  const sources = results?.map(({ url }) => ({ type: 'url', url }) as const);
  return {
    type: 'search',
    query: queries[0] ?? '',
    ...(queries.length > 1 && { queries }),
    ...(sources && { sources }),
  };
}

/** The events that tell of an item's progress, by its type: at its beginning, while it works, at its end. */
export function progressEvents(type: (SearchItem | CodeItem)['type']): {
  readonly begin: readonly ProgressType[];
  readonly end: ProgressType;
} {
  const working =
    type === 'code_interpreter_call'
      ? (`response.${type}.interpreting` as const)
      : (`response.${type}.searching` as const);
  return { begin: [`response.${type}.in_progress`, working], end: `response.${type}.completed` };
}
