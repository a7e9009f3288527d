import { isJsonObject, type JsonObject, type JsonValue, type Warn } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { findMember, type ScannedObject } from '../../json-splice.ts';
import { optionalText, shortenId } from './wire.ts';

/** How the ids of items begin; a server that checks them refuses others. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
};

const OLD_SEARCH = /^web_search_preview/;

const QUOTE = 0x22;
const SPACE = 0x20;
const LONGEST_ID = 64;

/** Whether a body as a client wrote it may hold something that {@link strictInput} changes. */
export function needsStrictInput(body: ScannedObject): boolean {
  const { bytes } = body;
  const input = findMember(body, 'input');
  if (input !== undefined && bytes[input.valueStart] === QUOTE) return true;
  if (bytes.includes('"system"') || bytes.includes('"web_search_preview')) return true;
  const encrypted = count(bytes, '"encrypted_content":"') + count(bytes, '"encrypted_content": "');
  const reasoning = count(bytes, '"type":"reasoning"') + count(bytes, '"type": "reasoning"');
  return reasoning > encrypted || holdsLongId(bytes);
}

function count(bytes: Buffer, text: string): number {
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) found++;
  return found;
}

function holdsLongId(bytes: Buffer): boolean {
  const key = '"id":';
  for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + 1)) {
    const start = at + key.length + (bytes[at + key.length] === SPACE ? 1 : 0);
    if (bytes[start] !== QUOTE) continue;
    const end = bytes.indexOf(QUOTE, start + 1);
    if (end - start - 1 > LONGEST_ID) return true;
  }
  return false;
}

/**
 * The body for a server that keeps nothing and takes current forms only: role `developer` for `system`, `web_search` for
 * its preview, no reasoning of which it would have to know the content, and ids as it makes them itself.
 */
export function strictInput(body: JsonObject, warn: Warn): JsonObject {
  const { input, tools, tool_choice: choice } = body;
  return {
    ...body,
    ...(isJsonArray(input) ? { input: input.flatMap((item, index) => strictItem(item, index, warn)) } : {}),
    ...(isJsonArray(tools) ? { tools: tools.map(currentTool) } : {}),
    ...(isJsonObject(choice) ? { tool_choice: currentTool(choice) } : {}),
  };
}

function strictItem(item: JsonValue, index: number, warn: Warn): readonly JsonValue[] {
  if (!isJsonObject(item)) return [item];
  const type = optionalText(item['type']) ?? 'message';
  if (type === 'reasoning' && optionalText(item['encrypted_content']) === undefined) {
    warn(`input[${index}]`, 'reasoning without its encrypted content means nothing to a server that stores none');
    return [];
  }
  const named = withFittingId(item, ID_PREFIXES[type]);
  return [named['role'] === 'system' ? { ...named, role: 'developer' } : named];
}

/** Too long an id is cut; one that another server made is left out, which only the server that made it would miss. */
function withFittingId(item: JsonObject, prefix: string | undefined): JsonObject {
  const id = optionalText(item['id']);
  if (id === undefined || prefix === undefined) return item;
  if (id.startsWith(`${prefix}_`)) return id === shortenId(id) ? item : { ...item, id: shortenId(id) };
  const { id: _id, ...rest } = item;
  return rest;
}

function currentTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool)) return tool;
  const type = optionalText(tool['type']) ?? '';
  return OLD_SEARCH.test(type) ? { ...tool, type: 'web_search' } : tool;
}
