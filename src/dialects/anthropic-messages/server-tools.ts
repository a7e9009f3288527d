/** Tools that the provider runs: `server_tool_use` and the blocks of their results. */
import {
  type DialectId,
  decodeSignature,
  encodeSignature,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Part,
  type SearchResult,
  type ServerToolPart,
} from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { DIALECT, DIRECT, sanitizeToolId } from './wire.ts';
import type {
  CodeResultBlock,
  DeltaUsage,
  FetchResultBlock,
  SearchResultBlock,
  ServerToolUseBlock,
} from './wire-types.ts';

type ResultBlock = SearchResultBlock | CodeResultBlock | FetchResultBlock;
type Activity = Omit<ServerToolPart, 'type' | 'id' | 'origin' | 'value'>;

/** A block of a server tool that other dialects have too; undefined for any other block. */
export function decodeServerTool(block: JsonObject): ServerToolPart | undefined {
  const type = textOf(block['type']);
  const activity = type === 'server_tool_use' ? decodeUse(block) : decodeResult(type, block['content']);
  if (activity === undefined) return undefined;
  const id = textOf(block[type === 'server_tool_use' ? 'id' : 'tool_use_id']);
  const origin = originOf(activity, block);
  // A foreign one's block is only how Claude's clients were told of it: no dialect is given that back.
  return { type: 'server-tool', ...activity, id, origin, ...(origin === DIALECT && { value: block }) };
}

function decodeUse(block: JsonObject): Activity | undefined {
  const input = isJsonObject(block['input']) ? block['input'] : {};
  switch (block['name']) {
    case 'web_search':
      return { tool: 'web-search', phase: 'call', queries: texts(input['query']) };
    case 'web_fetch':
      return { tool: 'url-context', phase: 'call', urls: texts(input['url']) };
    case 'code_execution':
      return { tool: 'code-execution', phase: 'call', language: 'python', code: textOf(input['code']) };
    case 'bash_code_execution':
      return { tool: 'code-execution', phase: 'call', language: 'bash', code: textOf(input['command']) };
    default:
      return undefined;
  }
}

function decodeResult(type: string, content: JsonValue | undefined): Activity | undefined {
  switch (type) {
    case 'web_search_tool_result': {
      const results = (isJsonArray(content) ? content : []).flatMap(decodeHit);
      return { tool: 'web-search', phase: 'result', ...(results.length > 0 && { results }), ...failure(content) };
    }
    case 'web_fetch_tool_result': {
      const urls = isJsonObject(content) ? texts(content['url']) : [];
      return { tool: 'url-context', phase: 'result', urls, ...failure(content) };
    }
    case 'code_execution_tool_result':
    case 'bash_code_execution_tool_result':
      return { tool: 'code-execution', phase: 'result', ...decodeOutput(content), ...failure(content) };
    default:
      return undefined;
  }
}

function decodeHit(hit: JsonValue): SearchResult[] {
  const url = isJsonObject(hit) ? textOf(hit['url']) : '';
  if (!isJsonObject(hit) || url === '') return [];
  const title = textOf(hit['title']);
  return [{ url, ...(title !== '' && { title }) }];
}

/** Errors come as an object with `error_code` in place of the content. */
function failure(content: JsonValue | undefined): { output?: string; isError?: boolean } {
  const code = isJsonObject(content) ? content['error_code'] : undefined;
  return typeof code === 'string' ? { output: code, isError: true } : {};
}

function decodeOutput(content: JsonValue | undefined): { output?: string; isError?: boolean } {
  if (!isJsonObject(content)) return {};
  const output = [textOf(content['stdout']), textOf(content['stderr'])].filter((text) => text !== '').join('\n');
  const failed = typeof content['return_code'] === 'number' && content['return_code'] !== 0;
  return { ...(output !== '' && { output }), ...(failed && { isError: true }) };
}

/** Blocks that were written for another provider's search carry its name where Claude's own have encrypted content. */
function originOf({ tool, phase }: Activity, block: JsonObject): DialectId {
  if (phase === 'call' || tool !== 'web-search') return foreignId(textOf(block['id'] ?? block['tool_use_id']));
  const content = block['content'];
  const [first] = isJsonArray(content) ? content : [];
  const sealed = isJsonObject(first) ? textOf(first['encrypted_content']) : '';
  if (sealed !== '') return decodeSignature(sealed, DIALECT).origin;
  return foreignId(textOf(block['tool_use_id']));
}

const FOREIGN = 'srvtoolu_llmproxy_';

function foreignId(id: string): DialectId {
  return id.startsWith(FOREIGN) ? 'unknown' : DIALECT;
}

/** Ids of the server tools in one answer: a result without an id belongs to the call before it. */
export class ServerToolIds {
  #count = 0;

  idFor(part: ServerToolPart, responseId: string): string {
    if (part.phase !== 'result') this.#count++;
    const own = part.id === '' ? `${responseId}_${this.#count}` : part.id;
    return `${FOREIGN}${sanitizeToolId(own)}`;
  }
}

/** A page of which not even the address is told: some models report a handful of them. */
export function isNowhere({ tool, urls = [], output = '' }: ServerToolPart): boolean {
  return tool === 'url-context' && urls.length === 0 && output === '';
}

/** Another provider's server tool as Claude's blocks; none when Claude has no such tool. */
export function encodeForeignTool(part: ServerToolPart, id: string): readonly JsonObject[] {
  if (isNowhere(part)) return [];
  const call = part.phase === 'result' ? undefined : encodeUse(part, id);
  const result = part.phase === 'call' ? undefined : encodeResult(part, id);
  return [call, result].filter((block) => block !== undefined);
}

function encodeUse(part: ServerToolPart, id: string): ServerToolUseBlock | undefined {
  const head = { type: 'server_tool_use', id, caller: DIRECT } as const;
  switch (part.tool) {
    case 'web-search':
      return { ...head, name: 'web_search', input: { query: (part.queries ?? []).join('; ') } };
    case 'code-execution':
      return { ...head, name: 'code_execution', input: { code: part.code ?? '' } };
    case 'url-context':
      return { ...head, name: 'web_fetch', input: { url: part.urls?.[0] ?? '' } };
    case 'image-generation':
      return undefined;
  }
}

function encodeResult(part: ServerToolPart, id: string): ResultBlock | undefined {
  const { origin, output = '', isError = false } = part;
  const head = { tool_use_id: id };
  switch (part.tool) {
    case 'web-search': {
      const encrypted_content = encodeSignature({ origin, value: 'result' }, DIALECT);
      const found = { type: 'web_search_result', encrypted_content, page_age: null } as const;
      const content = (part.results ?? []).map(({ url, title = '' }) => ({ ...found, url, title }));
      return { type: 'web_search_tool_result', ...head, content, caller: DIRECT };
    }
    case 'code-execution': {
      const [stdout, stderr] = isError ? ['', output] : [output, ''];
      const code = isError ? 1 : 0;
      const content = { type: 'code_execution_result', stdout, stderr, return_code: code, content: [] } as const;
      return { type: 'code_execution_tool_result', ...head, content };
    }
    case 'url-context': {
      const source = { type: 'text', media_type: 'text/plain', data: output } as const;
      const document = { type: 'document', source, title: null, citations: null } as const;
      const url = part.urls?.[0] ?? '';
      const content = { type: 'web_fetch_result', url, content: document, retrieved_at: null } as const;
      return { type: 'web_fetch_tool_result', ...head, content, caller: DIRECT };
    }
    case 'image-generation':
      return undefined;
  }
}

function texts(value: JsonValue | undefined): string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A server tool's blocks for a client; none when there is no form for it here. */
export function encodeServerTool(part: ServerToolPart, newId: () => string): readonly JsonObject[] {
  if (part.origin !== DIALECT) return encodeForeignTool(part, newId());
  return part.value === undefined ? [] : [part.value];
}

/** `server_tool_use` of a usage object: the searches and fetches among the parts of an answer. */
export function encodeServerUsage(parts: readonly Part[]): Partial<Pick<DeltaUsage, 'server_tool_use'>> {
  const used = parts
    .filter((part) => part.type === 'server-tool')
    .filter((part) => part.phase !== 'result' && !isNowhere(part));
  const count = (tool: ServerToolPart['tool']): number => used.filter((part) => part.tool === tool).length;
  const [searches, fetches] = [count('web-search'), count('url-context')];
  if (searches + fetches === 0) return {};
  return { server_tool_use: { web_search_requests: searches, web_fetch_requests: fetches } };
}
