import { isJsonObject, type MutableJsonObject } from '../../ir/index.ts';
import type { EncodedMessage } from './encode-messages.ts';

/** More than this many breakpoints are refused. */
const MAX_BREAKPOINTS = 4;

/** Removes breakpoints beyond the allowed number: the earliest of the messages first, then of system, then of tools. */
export function limitCacheBreakpoints(
  tools: readonly MutableJsonObject[],
  system: readonly MutableJsonObject[],
  messages: readonly EncodedMessage[],
): void {
  const inMessages = messages.flatMap((message) => message.content.flatMap(withNestedBlocks));
  const marked = [...inMessages, ...system, ...tools].filter((block) => block['cache_control'] !== undefined);
  for (const block of marked.slice(0, Math.max(0, marked.length - MAX_BREAKPOINTS))) delete block['cache_control'];
}

/** A block and the blocks inside a tool result, which may carry breakpoints too. */
function withNestedBlocks(block: MutableJsonObject): MutableJsonObject[] {
  const content = block['type'] === 'tool_result' ? block['content'] : undefined;
  return Array.isArray(content) ? [...content.filter(isJsonObject), block] : [block];
}
