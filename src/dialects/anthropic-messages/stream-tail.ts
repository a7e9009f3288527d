import { emptyUsage, type JsonObject, type Usage } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage, mergeUsage } from './wire.ts';

// Inside content these words stand between escaped quotes, so neither form can be the model's text.
const STOP = /^event: ?message_stop\s*$|"type"\s*:\s*"message_stop"/m;

/** Whether a passed-through stream came to its end, and its usage: message_start overlaid by the last message_delta. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const first = findUsage(head, head.indexOf(USAGE_KEY));
  const last = findUsage(tail, tail.lastIndexOf(USAGE_KEY));
  const complete = STOP.test(tail);
  if (first === undefined && last === undefined) return { complete };
  const usage = first === undefined ? emptyUsage : decodeUsage(first);
  return { complete, usage: last === undefined ? usage : mergeUsage(usage, last) };
}

/** The usage of a whole answer, or of its last part. */
export function readResponseUsage(text: string): Usage | undefined {
  // The last one that looks like it: arguments of a tool call may have a key of this name.
  for (let at = text.lastIndexOf(USAGE_KEY); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(USAGE_KEY, at - 1)) {
    const usage = findUsage(text, at);
    if (usage && typeof usage['output_tokens'] === 'number') return decodeUsage(usage);
  }
  return undefined;
}

const USAGE_KEY = '"usage"';

/** The object that follows the key at this place; undefined when it is cut off or something else. */
function findUsage(text: string, keyAt: number): JsonObject | undefined {
  if (keyAt < 0) return undefined;
  const start = text.indexOf('{', keyAt);
  if (start < 0 || text.slice(keyAt + USAGE_KEY.length, start).trim() !== ':') return undefined;
  // No string in a usage object holds a brace, so counting is enough.
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x7b) depth++;
    else if (character === 0x7d && --depth === 0) return parseJsonObject(text.slice(start, at + 1));
  }
  return undefined;
}
