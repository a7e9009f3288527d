import { isJsonObject, type JsonObject, type Usage } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage } from './usage.ts';

const USAGE_KEY = '"usageMetadata"';
/** Inside a JSON string the quotes would be escaped, so text of an answer that talks about this is not taken for it. */
const TERMINAL = /"(?:finishReason|blockReason)"\s*:\s*"[A-Z_]+"/;

/** What the first and last few KB of a passed-through stream say. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const usage = readResponseUsage(tail) ?? readResponseUsage(head);
  const complete = TERMINAL.test(tail) || TERMINAL.test(head);
  return usage === undefined ? { complete } : { complete, usage };
}

/** The last readable `usageMetadata` of a text that may start or end anywhere. */
export function readResponseUsage(text: string): Usage | undefined {
  for (let at = text.lastIndexOf(USAGE_KEY); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(USAGE_KEY, at - 1)) {
    const metadata = objectAfter(text, at + USAGE_KEY.length);
    if (metadata !== undefined) return decodeUsage(metadata);
  }
  return undefined;
}

/** The object that follows a key and its colon. */
function objectAfter(text: string, from: number): JsonObject | undefined {
  const opening = /\s*:\s*\{/y;
  opening.lastIndex = from;
  if (!opening.test(text)) return undefined;
  const end = closingBrace(text, opening.lastIndex);
  const value = end < 0 ? undefined : parseJsonObject(text.slice(opening.lastIndex - 1, end + 1));
  return isJsonObject(value) ? value : undefined;
}

/** Index of the brace that closes the one before `from`; its strings hold names only, never braces. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') depth++;
    else if (text[index] === '}' && --depth === 0) return index;
  }
  return -1;
}
