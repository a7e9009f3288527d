import type { Usage } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage } from './usage.ts';

/** See {@link UpstreamCodec.readStreamTail}. Quotes inside strings are escaped, so these patterns match structure only. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const complete = /(?:^|[\r\n])data: ?\[DONE\]/.test(tail) || /"finish_reason"\s*:\s*"/.test(tail);
  const usage = readResponseUsage(tail) ?? readResponseUsage(head);
  return { complete, ...(usage !== undefined && { usage }) };
}

const key = '"usage"';

/** The last `"usage": {...}` in a text. */
export function readResponseUsage(text: string): Usage | undefined {
  for (let at = text.lastIndexOf(key); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(key, at - 1)) {
    const start = objectAfter(text, at + key.length);
    const end = start < 0 ? -1 : objectEnd(text, start);
    const usage = end < 0 ? undefined : parseJsonObject(text.slice(start, end));
    if (usage !== undefined) return decodeUsage(usage);
  }
  return undefined;
}

/** Index of the brace after a key's colon; -1 when the value is no object. */
function objectAfter(text: string, from: number): number {
  const match = /^\s*:\s*\{/.exec(text.slice(from, from + 32));
  return match === null ? -1 : from + match[0].length - 1;
}

/** Index after the brace that closes the one at `start`; usage objects hold no strings with braces. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x7b) depth++;
    else if (char === 0x7d && --depth === 0) return at + 1;
  }
  return -1;
}
