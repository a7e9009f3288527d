import { readStringMember, type ScannedObject } from '../json-splice.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Markers stand at the end of the tools, of the instructions and of the last turns, and what they mark before them. */
const MARKED = ['messages', 'system', 'tools', 'cache_control'];
const TAIL_BYTES = 4096;
// Quotes inside of a text are escaped, so that these can only be JSON strings of their own.
const MARK = Buffer.from('"cache_control"');
const HOUR = Buffer.from('"1h"');

/** How long the provider keeps the prefix of a request, as its body asks; undefined when it says nothing about it. */
export function cacheTimeIn(body: ScannedObject): number | undefined {
  let isMarked = false;
  for (const { key, keyStart, valueEnd } of body.members) {
    if (key === 'prompt_cache_retention') return retentionOf(body);
    if (!MARKED.includes(key)) continue;
    // With its key: `cache_control` may be a member of the body itself.
    const tail = body.bytes.subarray(Math.max(keyStart, valueEnd - TAIL_BYTES), valueEnd);
    if (!tail.includes(MARK)) continue;
    if (tail.includes(HOUR)) return HOUR_MS;
    isMarked = true;
  }
  return isMarked ? 5 * MINUTE_MS : undefined;
}

/** OpenAI's: `in_memory` or a number of hours. */
function retentionOf(body: ScannedObject): number | undefined {
  const hours = /^(\d{1,3})h$/.exec(readStringMember(body, 'prompt_cache_retention') ?? '')?.[1];
  return hours === undefined ? undefined : Number(hours) * HOUR_MS;
}
